"""The conclusion beside its codes: what failed on the data, and which packs say nothing of the tenant."""

import pytest
from judged_by_hand import DEFAULTS, MFA, material, pack, rule

from mfaaudit.reports.conclusion import CLEAN, FINDINGS, GAPS, rules_on_data
from mfaaudit.words import Severity

YES, NO = {MFA: True}, {MFA: False}
MINE = pack("mine", rule())
DATA = pack("data", rule("DQ-1", {DEFAULTS: False}, scope="tenant", severity="low"), judges="data")


def test_rules_on_the_data_are_those_of_packs_that_judge_the_data():
    assert rules_on_data(material(packs=(MINE, DATA)).findings.packs) == {"DQ-1"}


def test_a_rule_on_the_data_that_fails_leaves_a_doubt_and_is_no_failed_rule():
    said = material(YES, packs=(MINE, DATA), tenant={DEFAULTS: True}).conclusion

    assert (said.exit_code, said.failed_rules, said.doubts) == (GAPS, 0, ("DQ-1",))
    assert "None of 1 rules failed." in said.statement
    assert "The data bears this only in part: DQ-1." in said.statement


def test_a_doubt_below_the_severity_that_counts_is_named_all_the_same():
    said = material(YES, packs=(MINE, DATA), tenant={DEFAULTS: True}, fail_on=Severity.HIGH).conclusion

    assert (said.exit_code, said.doubts) == (CLEAN, ("DQ-1",))


@pytest.mark.parametrize("tenant", [{DEFAULTS: False}, {}])
def test_what_passes_or_is_open_is_no_doubt(tenant):
    assert material(YES, packs=(MINE, DATA), tenant=tenant).conclusion.doubts == ()


def test_a_pack_that_does_not_fit_is_named():
    per_user = pack("per", rule("R-2"), posture="per-user")
    said = material(NO, packs=(MINE, per_user), posture="conditional-access").conclusion

    assert (said.exit_code, said.unfit_packs) == (FINDINGS, ("per",))
    assert material(NO, packs=(MINE, per_user), posture="per-user").conclusion.unfit_packs == ()
