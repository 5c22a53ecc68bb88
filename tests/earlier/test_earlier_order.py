"""Which earlier audits are refused, and in which order the others stand."""

import pytest
from audits_by_hand import START, TENANT, audit, but

from mfaaudit.earlier import arranged, check_tenant
from mfaaudit.errors import UsageProblem

FIRST, SECOND, THIRD = (audit({"ada": {"R-1": "F"}}, day=day) for day in range(3))
OTHER = "00000000-0000-4000-8000-000000000001"


def arrange(*audits, run_id="now", tenant_id=TENANT, started_at=THIRD.started_at):
    return arranged(audits, run_id=run_id, tenant_id=tenant_id, started_at=started_at)


def test_the_oldest_comes_first_however_they_were_given():
    assert arrange(THIRD, FIRST, SECOND) == (FIRST, SECOND, THIRD)


def test_two_that_began_together_stand_in_a_fixed_order():
    one, other = but(FIRST, run_id="a"), but(FIRST, run_id="b")

    assert arrange(other, one) == arrange(one, other) == (one, other)


@pytest.mark.parametrize(
    ("audits", "how", "said"),
    [
        ((but(FIRST, tenant_id=OTHER),), {}, f"of tenant {OTHER}, and this one is of {TENANT}"),
        ((FIRST,), {"run_id": "run-0"}, "names the audit run-0 itself"),
        ((FIRST, SECOND, but(FIRST, users=SECOND.users)), {}, "names the audit run-0 twice"),
        ((SECOND,), {"started_at": START}, "began at 2026-01-02 08:00:00 UTC, after this one (2026-01-01 08:00:00"),
    ],
)
def test_what_does_not_go_together_is_refused(audits, how, said):
    with pytest.raises(UsageProblem) as found:
        arrange(*audits, **how)

    assert said in found.value.message
    assert found.value.hint
    assert found.value.exit_code == 2


def test_the_case_of_a_tenant_id_does_not_matter():
    assert arrange(FIRST, tenant_id=TENANT.upper()) == (FIRST,)


def test_another_tenant_is_refused_before_anything_is_read_if_its_id_was_given():
    with pytest.raises(UsageProblem):
        check_tenant([FIRST], OTHER)
    for asked in (TENANT.upper(), "contoso.com", None):
        check_tenant([FIRST], asked)
