"""Since when somebody fails: back to the last audit that shows a cure, and no further."""

import pytest
from audits_by_hand import audit, but, compared, one_rule


def since(audits):
    *earlier, now = audits
    return compared(now, *earlier).first_failed("R-1").get("ada")


@pytest.mark.parametrize(
    ("letters", "day"),
    [
        ("PF", 1),
        ("FF", 0),
        ("FFF", 0),
        ("FPF", 2),
        ("FNF", 2),
        ("FUF", 0),
        ("FEF", 0),
        ("FWF", 0),
        ("WF", 1),
        ("UF", 1),
        ("F F", 2),
        ("FPFUF", 2),
    ],
)
def test_a_failure_goes_back_to_the_last_cure(letters, day):
    found = since(one_rule(*letters))

    assert (found.run_id, found.age_days) == (f"run-{day}", len(letters) - 1 - day)


@pytest.mark.parametrize("letters", ["FP", "FW", "FU", "F ", "PP"])
def test_who_does_not_fail_now_has_failed_since_never(letters):
    assert since(one_rule(*letters)) is None


def test_who_may_only_not_have_been_listed_was_not_cured():
    first, gap, now = one_rule("F", " ", "F")

    assert since([first, but(gap, complete=False), now]).run_id == "run-0"


def test_beyond_a_change_of_the_rule_nothing_is_known():
    first, second, third = one_rule("F", "F", "F")
    changed = but(first, rules=tuple(but(one, fingerprint="another") for one in first.rules))

    assert since([changed, second, third]).run_id == "run-1"


def test_an_audit_that_was_not_judged_with_the_rule_does_not_interrupt():
    first, _, third = one_rule("F", "F", "F")
    without = audit({"ada": {"R-2": "P"}, "bob": {"R-2": "P"}}, day=1)

    assert since([first, without, third]).run_id == "run-0"


def test_days_are_whole():
    first, now = one_rule("F", "F")

    assert since([but(first, started_at=first.started_at.replace(hour=9)), now]).age_days == 0


def test_a_rule_that_nobody_was_judged_with_has_nobody():
    first, now = one_rule("F", "F")

    assert compared(now, first).first_failed("R-9") == {}
