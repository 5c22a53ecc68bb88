"""An audit that reads role management policies and the device registration policy, because a rule needs them."""

import pytest
from test_forecasting import forecast_of, options_of

from mfaaudit.brief import brief
from mfaaudit.evidence.run import Order
from mfaaudit.facts import WISHED
from mfaaudit.sources import BY_NAME

ROLES, DEVICES = "role-policies", "device-registration"


@pytest.mark.parametrize(
    ("pack", "options"),
    [
        ("cis-m365", {ROLES}),
        ("cisa-scuba", {ROLES}),
        ("ca-managed", {DEVICES}),
        ("eligible-administrators", {ROLES}),
        ("nydfs-500-12", set()),
        ("phishing-resistant", set()),
    ],
)
def test_a_pack_whose_rules_need_them_has_them_read(pack, options):
    assert {ROLES, DEVICES} & set(brief([pack], "low", "json").options) == options


def test_whom_a_policy_leaves_out_needs_the_groups_that_it_names():
    assert WISHED["declared.legacyAuthenticationExclusions"] == "policy-groups"
    assert "policy-groups" in brief(["nydfs-500-12"], "low", "json").options


def test_without_the_option_they_are_not_asked_for():
    sources = [BY_NAME[name] for name in ("roleManagementPolicyAssignments", "deviceRegistrationPolicy")]

    assert not any(Order().asks_for(source) for source in sources)
    assert all(Order(options=(ROLES, DEVICES)).asks_for(source) for source in sources)


def test_a_forecast_tells_what_they_add():
    options = options_of(forecast_of())

    assert (options[f"--with-{ROLES}"]["requests"], options[f"--with-{ROLES}"]["atLeast"]) == (1, True)
    assert (options[f"--with-{DEVICES}"]["requests"], options[f"--with-{DEVICES}"]["atLeast"]) == (1, False)
    assert options[f"--with-{DEVICES}"]["price"].endswith("adds one request.")
