"""Users of every mood are explained as they were judged, and every value leads to the line that it came from."""

import gzip
import json
import re
import subprocess
import sys

import polars as pl
import pytest
from explained_users import explained, judged, row_where, text_of

from mfaaudit.explaining.as_json import to_json
from mfaaudit.explaining.why import what_next, why
from mfaaudit.findings.results import WORST
from mfaaudit.sources.field import Scope
from mfaaudit.words import Unknown, Verdict

EVERY = 29
"""Of so many users one is looked at: 120 in each of five moods would take long."""


def rows_of(bundle):
    _, made = judged(bundle)
    return range(0, made.users.height, EVERY)


def lines(bundle, file):
    return gzip.decompress((bundle / file).read_bytes()).decode().splitlines()


def test_each_rule_is_explained_once_and_as_it_was_judged(job):
    _, made = judged(job.bundle)
    for row in rows_of(job.bundle):
        found = explained(job.bundle, row)
        said = {one.judged.result.rule.id: one for one in found.rules}
        results = [one for one in made.findings.results if one.rule.scope is Scope.USER]
        assert len(found.rules) == len(said) == len(results)
        for result in results:
            verdict = Verdict(result.frame["verdict"][row])
            assert said[result.rule.id].judged.verdict is verdict
            assert said[result.rule.id].outlook.verdict is verdict
        order = [WORST.index(one.judged.verdict) for one in found.rules]
        assert order == sorted(order)
        tenant = [one.rule.id for one in made.findings.results if one.rule.scope is Scope.TENANT]
        assert [one.result.rule.id for one in found.of_tenant] == tenant


def test_whatever_is_not_a_plain_verdict_says_why_or_what_would_change_it(job):
    for row in rows_of(job.bundle):
        for one in explained(job.bundle, row).rules:
            reasons, changes = list(why(one)), list(what_next(one))
            if one.judged.verdict is Verdict.NOT_EVALUATED:
                assert one.outlook.gaps or one.outlook.tenant_gaps or one.outlook.applies is None
                assert reasons
            if one.judged.verdict is Verdict.NOT_APPLICABLE:
                assert reasons
            if one.judged.verdict in (Verdict.PASS, Verdict.FAIL):
                assert changes
            assert all(re.search(r"[.:)]$", sentence) for sentence in (*reasons, *changes)), (reasons, changes)


def test_every_read_value_stands_in_the_line_that_is_named(job):
    """Looked up in the raw file, as an auditor would with zcat and sed."""
    found = 0
    for row in rows_of(job.bundle):
        made = explained(job.bundle, row)
        for one in made.shown:
            if one.value.origin.how != "read" or one.value.read_at is None:
                continue
            assert one.answer is not None, one.value.field.name
            line = json.loads(lines(job.bundle, one.answer.file)[one.answer.line - 1])
            assert line["headers"].get("request-id", "") == one.answer.request_id
            assert line["readAt"][:19] == f"{one.value.read_at:%Y-%m-%dT%H:%M:%S}"
            raw = raw_value(line, made.profile.user_id, one)
            shown = one.value.value
            if isinstance(raw, bool):
                assert shown is raw
            elif isinstance(raw, str) and one.value.field.kind == "enum" and not isinstance(shown, Unknown):
                assert shown == (raw or "none")
            found += 1
    assert found


def raw_value(line, user_id, one):
    body = json.loads(line["body"])
    if line["source"] == "$batch":
        (answer,) = [
            each["body"] for each in body["responses"] if each["id"] == f"{one.value.origin.source.name}.{user_id}"
        ]
    else:
        (answer,) = [each for each in body["value"] if each.get("id") == user_id]
    return answer.get(one.value.field.key)


def test_a_value_that_was_refused_leads_to_the_refusal(messy):
    row = row_where(messy.bundle, pl.col("requirements_perUserMfaState_reason").cast(pl.String) == "NOT_FOUND")
    made = explained(messy.bundle, row)
    (one,) = [each for each in made.shown if each.value.field.name == "requirements.perUserMfaState"]
    assert one.value.read_at is None
    assert one.answer.status == 404
    line = lines(messy.bundle, one.answer.file)[one.answer.line - 1]
    assert made.profile.user_id in line
    assert "status 404" in text_of(made)
    assert "requirements.perUserMfaState  NOT READ (NOT_FOUND)" in text_of(made)


def test_the_text_fits_a_hundred_columns_and_marks_beta(job):
    for row in rows_of(job.bundle):
        text = text_of(explained(job.bundle, row))
        # A name is never broken, however long it is: 62 letters and what stands before it.
        assert max(len(line) for line in text.splitlines()) <= 116
        assert "beta: Microsoft does not support this endpoint for production use" in text


@pytest.mark.parametrize("rules", [(), ("BASE-01",)])
def test_the_json_is_json_and_says_the_same(messy, rules):
    for row in rows_of(messy.bundle):
        made = explained(messy.bundle, row, *rules)
        found = json.loads(json.dumps(to_json(made)))
        assert [one["verdict"] for one in found["rules"]] == [one.judged.verdict.value for one in made.rules]
        assert [one["id"] for one in found["rules"]] == (
            list(rules) or [one.judged.result.rule.id for one in made.rules]
        )
        assert found["user"]["id"] == made.profile.user_id
        for one in found["values"]:
            assert (one["value"] is None) >= (one["reason"] is not None)


def test_a_named_rule_narrows_rules_and_values(messy):
    made = explained(messy.bundle, 0, "BASE-01")
    assert [one.judged.result.rule.id for one in made.rules] == ["BASE-01"]
    assert made.of_tenant == ()
    assert {one.value.field.name for one in made.shown} == {
        "user.accountEnabled",
        "user.userType",
        "registration.isMfaRegistered",
    }


def test_nothing_of_a_bundle_changes_and_explaining_is_quick_to_import(messy):
    before = {path: path.read_bytes() for path in sorted(messy.bundle.rglob("*")) if path.is_file()}
    explained.__wrapped__(messy.bundle, 1)
    assert {path: path.read_bytes() for path in sorted(messy.bundle.rglob("*")) if path.is_file()} == before
    code = "import sys, mfaaudit.cli; print(any(name.startswith('mfaaudit.explaining') for name in sys.modules))"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "False\n"
