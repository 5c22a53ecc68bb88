"""What exclusions, registers, joined policies and custom controls come to in the verdicts of shipped packs."""

import pytest
from policies_by_hand import APP, CUSTOM_ONLY, GLOBAL_ADMINISTRATOR, holds, kinds, only, policy, strength
from verdicts_by_hand import IDS, READER, ROLES, entry, judged

RESISTANT = strength("windowsHelloForBusiness", "fido2", "x509CertificateMultiFactor")
GUESTS = (
    "internalGuest,b2bCollaborationGuest,b2bCollaborationMember,b2bDirectConnectUser,otherExternalUser,serviceProvider"
)
BOTH = [IDS["gav"], IDS["gil"]]
ADMINISTRATORS = [holds(one) for one in BOTH]
STAFF = "00000000-0000-4000-8000-0000000000aa"
EVERYBODY = policy("Everybody")


def for_administrators(name="Administrators", grant=RESISTANT, **users):
    return policy(name, users=only(includeRoles=ROLES, **users), grant=grant)


def of(found, *rules):
    return {rule: found.status[rule] for rule in rules}


def user(name):
    return f"userId: {IDS[name]}"


ABOUT_ADMINISTRATORS = ("SCUBA-3.6", "CIS-5.2.2.1", "CIS-5.2.2.5", "CAM-T2")


def test_administrators_who_are_excluded_from_their_policy_fail_it_by_name():
    policies = [EVERYBODY, for_administrators(excludeUsers=BOTH)]

    found = judged(policies, roles=ADMINISTRATORS)

    assert set(of(found, *ABOUT_ADMINISTRATORS).values()) == {"FAIL"}
    names = ["gav@contoso.example", "gil@contoso.example"]
    assert found.observed["declared_unregisteredAdministratorsPhishingResistantExclusions"] == names
    assert found.observed["declared_unregisteredPrivilegedPhishingResistantExclusions"] == names
    # The policy for everybody still requires MFA of them.
    assert found.status["ENF-02"] == "PASS"


def test_administrators_whom_no_policy_covers_fail_as_users_too():
    policies = [policy("Everybody", users={"excludeUsers": BOTH}), for_administrators(excludeUsers=BOTH)]

    found = judged(policies, roles=ADMINISTRATORS)

    assert set(of(found, *ABOUT_ADMINISTRATORS).values()) == {"FAIL"}
    assert found.failing["ENF-02"] == {"gav", "gil"}


def test_the_register_covers_excluded_administrators_one_by_one():
    policies = [EVERYBODY, for_administrators(excludeUsers=BOTH)]
    one, both = [entry(user("gav"))], [entry(user("gav")), entry(user("gil"))]

    half = judged(policies, roles=ADMINISTRATORS, entries=one)
    whole = judged(policies, roles=ADMINISTRATORS, entries=both)

    assert set(of(half, *ABOUT_ADMINISTRATORS).values()) == {"FAIL"}
    assert half.observed["declared_unregisteredPrivilegedPhishingResistantExclusions"] == ["gil@contoso.example"]
    assert set(of(whole, *ABOUT_ADMINISTRATORS).values()) == {"PASS"}


def test_an_entry_that_has_run_out_covers_nobody():
    policies = [EVERYBODY, for_administrators(excludeUsers=BOTH[:1])]
    late = entry(user("gav"), approved_on="2026-05-01", expires_on="2026-06-01")

    assert judged(policies, roles=ADMINISTRATORS, entries=[late]).status["SCUBA-3.6"] == "FAIL"


@pytest.mark.parametrize("holders", [[], [holds(IDS["gav"], READER)]], ids=["nobody holds it", "one of them holds it"])
def test_an_excluded_role_outside_the_list_is_an_exclusion(holders):
    policies = [EVERYBODY, for_administrators(excludeRoles=[READER])]

    found = judged(policies, roles=[*ADMINISTRATORS, *holders])

    assert set(of(found, *ABOUT_ADMINISTRATORS).values()) == {"FAIL"}


def test_a_user_without_a_role_who_is_excluded_concerns_the_letter_of_one_framework_only():
    found = judged([EVERYBODY, for_administrators(excludeUsers=[IDS["ann"]])], roles=ADMINISTRATORS)

    assert of(found, "SCUBA-3.6", "CIS-5.2.2.1", "CIS-5.2.2.5", "CAM-T2") == {
        "SCUBA-3.6": "FAIL",
        "CIS-5.2.2.1": "PASS",
        "CIS-5.2.2.5": "PASS",
        "CAM-T2": "PASS",
    }


def test_one_policy_that_meets_all_criteria_is_enough_whatever_another_excludes():
    group = {STAFF: (IDS["ann"],)}
    stricter = policy("Keys", users={"excludeGroups": [STAFF]}, grant=RESISTANT)

    found = judged([EVERYBODY, stricter], roles=ADMINISTRATORS, groups=group)

    assert of(found, "CAM-T1", "CAM-T2", "SCUBA-3.2", "CIS-5.2.2.1", "CIS-5.2.2.5") == {
        "CAM-T1": "PASS",
        "CAM-T2": "PASS",
        "SCUBA-3.2": "PASS",
        "CIS-5.2.2.1": "PASS",
        "CIS-5.2.2.5": "PASS",
    }
    assert found.status["SCUBA-3.1"] == "FAIL"


def test_the_mirror_of_it_for_the_phishing_resistant_policy():
    group = {STAFF: (IDS["ann"],)}
    weaker = policy("Everybody", users={"excludeGroups": [STAFF]})

    found = judged([weaker, policy("Keys", grant=RESISTANT)], roles=ADMINISTRATORS, groups=group)

    assert set(of(found, "SCUBA-3.1", "SCUBA-3.2", "CAM-T1", "CAM-T2").values()) == {"PASS"}


def test_personas_with_policies_of_their_own_leave_nobody_but_break_the_letter_of_one_framework():
    policies = [
        policy("Staff", users={"excludeGuestsOrExternalUsers": kinds(GUESTS), "excludeRoles": [GLOBAL_ADMINISTRATOR]}),
        policy("Guests", users=only(includeGuestsOrExternalUsers=kinds(GUESTS))),
        for_administrators(),
    ]

    found = judged(policies, roles=ADMINISTRATORS)

    met = ("CAM-T1", "CAM-T2", "CIS-5.2.2.1", "CIS-5.2.2.5", "SCUBA-3.6")
    assert set(of(found, *met, "ENF-01", "ENF-02", "ENF-03").values()) == {"PASS"}
    assert found.status["SCUBA-3.2"] == "FAIL"


def test_a_persona_without_a_policy_of_its_own_is_left_out():
    policies = [policy("Staff", users={"excludeGuestsOrExternalUsers": kinds(GUESTS)})]

    found = judged(policies)

    assert (found.status["CAM-T2"], found.failing["ENF-03"]) == ("FAIL", {"gus"})


LEFT_OUT = {"excludeApplications": [APP]}
OF_APPLICATIONS = ("CAM-T1", "SCUBA-3.1", "SCUBA-3.2", "SCUBA-3.6", "CIS-5.2.2.1", "CIS-5.2.2.5")


@pytest.mark.parametrize(
    "applications",
    [LEFT_OUT, {"excludeApplications": ["Office365"]}, {"applicationFilter": {"mode": "exclude", "rule": "x"}}],
    ids=["an application", "a suite", "a filter"],
)
def test_a_policy_that_excludes_applications_is_not_for_all_resources(applications):
    found = judged([policy("Keys", grant=RESISTANT, applications=applications)], roles=ADMINISTRATORS)

    assert set(of(found, *OF_APPLICATIONS).values()) == {"FAIL"}


@pytest.mark.parametrize(
    ("left_out", "named", "verdict"),
    [
        ([APP], [APP.upper()], "PASS"),
        (["Office365"], ["Office365"], "PASS"),
        ([APP, "Office365"], ["Office365"], "FAIL"),
        ([APP, "Office365"], ["Office365", APP], "PASS"),
    ],
)
def test_the_register_exempts_applications_each_by_itself(left_out, named, verdict):
    policies = [policy("Keys", grant=RESISTANT, applications={"excludeApplications": left_out})]
    entries = [entry(f"applicationId: {one}") for one in named]

    found = judged(policies, roles=ADMINISTRATORS, entries=entries)

    assert set(of(found, *OF_APPLICATIONS).values()) == {verdict}


@pytest.mark.parametrize(
    "more",
    [
        {"approved_on": "2026-05-01", "expires_on": "2026-09-30"},
        {"approved_on": "2025-09-01"},
        {"requested_by": "ciso@contoso.example"},
        {"kind": "false_positive"},
        {"approved_on": "2026-11-01", "expires_on": "2026-12-01"},
    ],
    ids=["run out", "approved more than a year ago", "approved by who asked", "about a verdict only", "not yet"],
)
def test_an_entry_without_effect_exempts_no_application(more):
    policies = [policy("Everybody", applications=LEFT_OUT)]

    assert judged(policies, entries=[entry(f"applicationId: {APP}", **more)]).status["CAM-T1"] == "FAIL"


def test_an_exempt_application_exempts_no_user():
    policies = [policy("Everybody", users={"excludeUsers": [IDS["ann"]]}, applications=LEFT_OUT)]

    found = judged(policies, entries=[entry(f"applicationId: {APP}")])

    assert of(found, "CAM-T1", "CAM-T2", "SCUBA-3.2") == {"CAM-T1": "PASS", "CAM-T2": "FAIL", "SCUBA-3.2": "FAIL"}


def test_complementary_policies_cover_every_sign_in():
    policies = [
        policy("Modern", clientAppTypes=["browser", "mobileAppsAndDesktopClients"]),
        policy("Legacy", clientAppTypes=["exchangeActiveSync", "other"], grant={"builtInControls": ["block"]}),
    ]

    found = judged(policies, roles=ADMINISTRATORS)

    assert set(of(found, "ENF-01", "ENF-02", "ENF-03", "BASE-T3").values()) == {"PASS"}


@pytest.mark.parametrize("leaves_out", [LEFT_OUT, {"excludeApplications": [APP.upper()]}])
def test_an_application_with_a_policy_of_its_own_is_not_left_out(leaves_out):
    policies = [policy("Most", applications=leaves_out), policy("One", applications={"includeApplications": [APP]})]

    found = judged(policies, roles=ADMINISTRATORS)

    assert set(of(found, "ENF-01", "ENF-02", "ENF-03", "BASE-T3").values()) == {"PASS"}


def test_a_custom_control_is_not_mfa():
    found = judged([policy("Another product", grant=CUSTOM_ONLY)], roles=ADMINISTRATORS)

    assert set(of(found, "ENF-01", "ENF-02", "ENF-03", "BASE-T3", "CAM-T1").values()) == {"FAIL"}


def test_a_custom_control_beside_mfa_takes_nothing_away():
    both = CUSTOM_ONLY | {"builtInControls": ["mfa"], "operator": "AND"}

    assert judged([policy("Both", grant=both)]).status["ENF-01"] == "PASS"
