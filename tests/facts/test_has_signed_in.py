"""Whether anybody signed in: one time is enough for yes, a record without any is no, and no record is neither."""

from datetime import UTC, datetime

import pytest

from mfaaudit.facts.given import Given
from mfaaudit.facts.has_signed_in import has_signed_in
from mfaaudit.findings import mismatches
from mfaaudit.findings.load import load_pack
from mfaaudit.words import Reason, Unknown

TIME = datetime(2026, 3, 1, tzinfo=UTC)
NONE, NOT_ASKED, STRANGE = (
    Unknown(Reason.OUT_OF_SOURCE_WINDOW),
    Unknown(Reason.NOT_REQUESTED),
    Unknown(Reason.UNKNOWN_VALUE),
)
NAMES = ("lastSignInDateTime", "lastNonInteractiveSignInDateTime", "lastSuccessfulSignInDateTime")


@pytest.mark.parametrize(
    ("times", "answer"),
    [
        ((TIME, TIME, TIME), True),
        # Before December 2023 successes were not kept apart.
        ((TIME, NONE, NONE), True),
        ((NONE, TIME, NONE), True),
        ((STRANGE, NONE, TIME), True),
        ((NONE, NONE, NONE), False),
        ((NONE, STRANGE, NONE), STRANGE),
        ((NOT_ASKED, NOT_ASKED, NOT_ASKED), NOT_ASKED),
    ],
)
def test_one_time_is_enough_for_yes_and_only_a_record_without_any_is_no(times, answer):
    columns = {f"signInActivity.{name}": [time] for name, time in zip(NAMES, times, strict=True)}
    given = Given(objects=lambda _: NOT_ASKED, members=lambda _: NOT_ASKED, user_ids=("a",), column=columns.__getitem__)

    assert list(has_signed_in(given)) == [answer]


IDLE = """\
pack: {id: idle, version: "1.0.0", title: Accounts that lie idle}
population: {user.accountEnabled: true}
rules:
  - id: IDLE-01
    title: Somebody uses the account
    rationale: Nobody misses an account that nobody uses.
    severity: medium
    require:
      not:
        any_of:
          - derived.hasSignedIn: false
          - signInActivity.lastSuccessfulSignInDateTime: {older_than_days: 90}
    remediation: Disable it.
    examples:
      - given:
          user.accountEnabled: true
          derived.hasSignedIn: false
          signInActivity.lastSuccessfulSignInDateTime: {unknown: OUT_OF_SOURCE_WINDOW}
        verdict: FAIL
      - given:
          user.accountEnabled: true
          derived.hasSignedIn: true
          signInActivity.lastSuccessfulSignInDateTime: {unknown: OUT_OF_SOURCE_WINDOW}
        verdict: NOT_EVALUATED
      - given:
          user.accountEnabled: true
          derived.hasSignedIn: {unknown: NOT_REQUESTED}
          signInActivity.lastSuccessfulSignInDateTime: {unknown: NOT_REQUESTED}
        verdict: NOT_EVALUATED
"""


def test_a_rule_about_idle_accounts_finds_those_that_never_signed_in_and_is_open_without_the_option(tmp_path):
    file = tmp_path / "idle.yaml"
    file.write_text(IDLE)

    pack = load_pack(file)
    assert [len(rule.examples) for rule in pack.rules] == [3]
    assert list(mismatches(pack)) == []
