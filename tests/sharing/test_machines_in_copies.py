"""From which machine and account a tenant was read, and what it was called by, stays with those who run it."""

import json
from dataclasses import replace

import pytest

from mfaaudit.evidence.run import Asked, Machine
from mfaaudit.judging import judge_evidence, with_inputs
from mfaaudit.kept import brief_of
from mfaaudit.reports.content import document_of
from mfaaudit.reports.results import results_of
from mfaaudit.sharing.copying import full_copy, internal_copy, pseudonymous_copy
from mfaaudit.sharing.key import Key
from mfaaudit.sharing.saying import say

MACHINE = Machine(host="harbour-node-7", account="zebulon", system="Plan 9", python="3.99.1", program_sha256="ab" * 32)
ASKED = Asked(auth="certificate", tenant="quayside.example", resume=False)
CALLED = "77777777-aaaa-bbbb-cccc-1234567890ab"
COPIES = {
    "full": full_copy,
    "internal": internal_copy,
    "pseudonymous": lambda made: pseudonymous_copy(made, Key(b"k" * 32))[0],
}


@pytest.fixture(scope="module")
def judged(messy_copies):
    bundle = messy_copies.audit.bundle
    made = with_inputs(judge_evidence(bundle, brief_of(bundle, None), lambda *_: None), bundle)
    snapshot = made.snapshot
    sessions = tuple(replace(one, machine=MACHINE, asked=ASKED) for one in snapshot.run.sessions)
    failures = tuple(replace(one, client_request_id=CALLED) for one in snapshot.failures)
    assert failures
    run = replace(snapshot.run, sessions=sessions)
    return replace(made, snapshot=replace(snapshot, run=run, failures=failures))


def text_of(made):
    said = say(document_of(made), made.share)
    cells = [row for section in said.sections for table in section.tables for row in table.rows()]
    facts = [(one.label, one.value, one.note) for section in said.sections for one in section.facts]
    return json.dumps(results_of(made)) + str(cells) + str(facts) + str(said.cover)


@pytest.mark.parametrize(
    ("mode", "named", "called"), [("full", True, True), ("internal", True, False), ("pseudonymous", False, False)]
)
def test_who_reads_a_copy_learns_of_the_machine_what_the_copy_is_for(judged, mode, named, called):
    text = text_of(COPIES[mode](judged))

    for word in (MACHINE.host, MACHINE.account, MACHINE.system, MACHINE.python, ASKED.tenant):
        assert (word in text) is named, word
    assert (CALLED in text) is called
    # Which program it was, and by what right it signed in, names nobody.
    assert MACHINE.program_sha256 in text
    assert ASKED.auth in text


@pytest.mark.parametrize("mode", COPIES)
def test_every_copy_can_be_proved_to_be_of_its_bundle(judged, mode):
    made = COPIES[mode](judged)
    (fact,) = [one for one in document_of(made).cover if one.label == "SHA-256 of the inputs"]

    assert fact.value == judged.inputs_sha256
    assert "the bundle it was copied from" in fact.note
    assert results_of(made)["run"]["judgedBy"] == results_of(judged)["run"]["judgedBy"]
    assert results_of(made)["throttling"] == results_of(judged)["throttling"]
