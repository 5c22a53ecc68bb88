"""Cases about Conditional Access from the test suites of other tools, in our words, with the verdicts of our rules.

The tools are ScubaGear (MS.AAD.3.1v1, 3.2v2, 3.6v1), Prowler (CIS 5.2.2.1, 5.2.2.2 and 5.2.2.5, guests, exclusion
gaps) and Maester (MT.1006, MT.1007, MT.1016). Where one of them decides otherwise than here, the case says why.
"""

import pytest
from policies_by_hand import (
    APP,
    FORBIDDEN,
    GLOBAL_ADMINISTRATOR,
    GONE,
    OTHER_APP,
    OUTSIDE,
    holds,
    kinds,
    only,
    policy,
    strength,
)
from verdicts_by_hand import IDS, ROLES, entry, judged

from mfaaudit.known_ids import CIS_ADMINISTRATORS, SCUBA_PRIVILEGED

ALL_RESISTANT = ("windowsHelloForBusiness", "fido2", "x509CertificateMultiFactor")
RESISTANT = strength(*ALL_RESISTANT)
OFF, REPORT = {"state": "disabled"}, {"state": "enabledForReportingButNotEnforced"}
GROUP, OTHER = "00000000-0000-4000-8000-0000000000aa", "00000000-0000-4000-8000-0000000000bb"
EMPTY, DELETED, UNREAD = (f"00000000-0000-4000-8000-0000000000{end}" for end in ("cc", "dd", "ee"))
GROUPS = {GROUP: (IDS["ann"],), OTHER: (IDS["gus"],), EMPTY: (), DELETED: GONE, UNREAD: FORBIDDEN}
ROLE_HOLDERS = [holds(IDS["gav"]), holds(IDS["gil"])]
PASS, FAIL = "PASS", "FAIL"


def keys(**more):
    return policy("Keys", grant=RESISTANT, **more)


def for_roles(roles, grant=RESISTANT, **more):
    return policy("Roles", users=only(includeRoles=list(roles)), grant=grant, **more)


def exempt(*subjects):
    return [entry(one) for one in subjects]


OF_ALL = {  # (policies, entries of the register, verdicts)
    "all three phishing-resistant methods": ([keys()], (), {"SCUBA-3.1": PASS, "SCUBA-3.2": PASS}),
    "one phishing-resistant method": (
        [policy(grant=strength("x509CertificateMultiFactor"))],
        (),
        {"SCUBA-3.1": PASS},
    ),
    "a weaker method beside it": (
        [policy(grant=strength("x509CertificateMultiFactor", "password,sms"))],
        (),
        {"SCUBA-3.1": FAIL, "SCUBA-3.2": PASS},
    ),
    "MFA without a strength": ([policy()], (), {"SCUBA-3.1": FAIL, "SCUBA-3.2": PASS, "CAM-T1": PASS}),
    "Microsoft's strength for MFA": (
        [policy(grant=strength(*ALL_RESISTANT, "password,sms", "deviceBasedPush"))],
        (),
        {"SCUBA-3.2": PASS, "CAM-T1": PASS},
    ),
    "a strength of our own": ([policy(grant=strength("deviceBasedPush"))], (), {"SCUBA-3.2": PASS}),
    "a user excluded": ([keys(users={"excludeUsers": [IDS["ann"]]})], (), {"SCUBA-3.1": FAIL, "CAM-T2": FAIL}),
    "a group excluded": ([keys(users={"excludeGroups": [GROUP]})], (), {"SCUBA-3.1": FAIL, "CAM-T2": FAIL}),
    "a role excluded": (
        [keys(users={"excludeRoles": [GLOBAL_ADMINISTRATOR]})],
        (),
        {"SCUBA-3.1": FAIL, "SCUBA-3.2": FAIL},
    ),
    "an application excluded": (
        [keys(applications={"excludeApplications": [APP]})],
        (),
        {"SCUBA-3.1": FAIL, "SCUBA-3.2": FAIL, "CAM-T1": FAIL},
    ),
    "a user exempt": ([keys(users={"excludeUsers": [IDS["ann"]]})], [f"userId: {IDS['ann']}"], {"SCUBA-3.1": PASS}),
    "two users, one exempt": (
        [policy(users={"excludeUsers": [IDS["ann"], IDS["gil"]]})],
        [f"userId: {IDS['ann']}"],
        {"SCUBA-3.2": FAIL},
    ),
    "two users, both exempt": (
        [policy(users={"excludeUsers": [IDS["ann"], IDS["gil"]]})],
        [f"userId: {IDS['ann']}", f"userId: {IDS['gil']}"],
        {"SCUBA-3.2": PASS, "CAM-T2": PASS},
    ),
    "a group exempt": ([policy(users={"excludeGroups": [GROUP]})], [f"groupId: {GROUP}"], {"SCUBA-3.2": PASS}),
    "two groups, one exempt": (
        [policy(users={"excludeGroups": [GROUP, OTHER]})],
        [f"groupId: {GROUP}"],
        {"SCUBA-3.2": FAIL},
    ),
    "a user and a group, the user exempt": (
        [policy(users={"excludeUsers": [IDS["gil"]], "excludeGroups": [GROUP]})],
        [f"userId: {IDS['gil']}"],
        {"SCUBA-3.2": FAIL},
    ),
    "a user and a group, both exempt": (
        [policy(users={"excludeUsers": [IDS["gil"]], "excludeGroups": [GROUP]})],
        [f"userId: {IDS['gil']}", f"groupId: {GROUP}"],
        {"SCUBA-3.2": PASS},
    ),
    "somebody exempt whom nothing excludes": ([policy()], [f"userId: {IDS['ann']}"], {"SCUBA-3.2": PASS}),
    "a suite exempt": (
        [keys(applications={"excludeApplications": ["Office365"]})],
        ["applicationId: Office365"],
        {"SCUBA-3.1": PASS, "SCUBA-3.2": PASS},
    ),
    "two applications, one exempt": (
        [policy(applications={"excludeApplications": [APP, OTHER_APP]})],
        [f"applicationId: {APP}"],
        {"SCUBA-3.2": FAIL, "CAM-T1": FAIL},
    ),
    "a kind of guests excluded": (
        [keys(users={"excludeGuestsOrExternalUsers": kinds("internalGuest,b2bCollaborationGuest")})],
        (),
        {"SCUBA-3.1": FAIL},
    ),
    "guests excluded who are exempt": (
        [keys(users={"excludeGuestsOrExternalUsers": kinds("internalGuest,b2bCollaborationGuest")})],
        [f"userId: {IDS['gus']}"],
        {"SCUBA-3.1": PASS},
    ),
    "a group excluded that holds nobody": (
        [policy(users={"excludeGroups": [EMPTY]})],
        (),
        {"SCUBA-3.2": FAIL, "CAM-T2": PASS},
    ),
    "an empty group exempt": ([policy(users={"excludeGroups": [EMPTY]})], [f"groupId: {EMPTY}"], {"SCUBA-3.2": PASS}),
    "a group that was deleted": ([policy(users={"excludeGroups": [DELETED]})], (), {"SCUBA-3.2": PASS}),
    "a group that was not read": (
        [policy(users={"excludeGroups": [UNREAD]})],
        (),
        {"SCUBA-3.2": "NOT_EVALUATED", "CAM-T1": PASS, "CAM-T2": "NOT_EVALUATED"},
    ),
    "a group that was not read, and a policy without exclusions": (
        [policy("A", users={"excludeGroups": [UNREAD]}), policy("B")],
        (),
        {"SCUBA-3.2": PASS, "CAM-T2": PASS},
    ),
    "one application only": ([policy(applications={"includeApplications": ["Office365"]})], (), {"SCUBA-3.2": FAIL}),
    "one user only": ([policy(users=only(includeUsers=[IDS["ann"]]))], (), {"SCUBA-3.2": FAIL, "CAM-T1": FAIL}),
    "no control": ([policy(grant={"builtInControls": []})], (), {"SCUBA-3.2": FAIL}),
    "report-only": ([policy(**REPORT)], (), {"SCUBA-3.2": FAIL, "CAM-T1": FAIL, "GST-T1": FAIL}),
    "disabled": ([policy(**OFF)], (), {"SCUBA-3.2": FAIL, "CAM-T1": FAIL}),
    "no policy": ([], (), {"SCUBA-3.1": FAIL, "SCUBA-3.2": FAIL, "SCUBA-3.6": FAIL, "CAM-T1": FAIL, "CAM-T2": PASS}),
    "for sign-ins at risk only": ([policy(signInRiskLevels=["high"])], (), {"SCUBA-3.2": FAIL, "CAM-T1": FAIL}),
    "whoever is excluded has another policy": (
        [policy("A", users={"excludeUsers": [IDS["ann"]]}), policy("B", users=only(includeUsers=[IDS["ann"]]))],
        (),
        {"CAM-T2": PASS, "SCUBA-3.2": FAIL},
    ),
    "of two excluded one has another policy": (
        [
            policy("A", users={"excludeUsers": [IDS["ann"], IDS["gil"]]}),
            policy("B", users=only(includeUsers=[IDS["ann"]])),
        ],
        (),
        {"CAM-T2": FAIL},
    ),
    "the other policy only reports": (
        [
            policy("A", users={"excludeUsers": [IDS["ann"]]}),
            policy("B", users=only(includeUsers=[IDS["ann"]]), **REPORT),
        ],
        (),
        {"CAM-T2": FAIL},
    ),
    # The other tool looks whether any policy includes the user, this rule whether one requires MFA everywhere.
    "the other policy is for trusted places only": (
        [
            policy("A", users={"excludeUsers": [IDS["ann"]]}),
            policy("B", users=only(includeUsers=[IDS["ann"]]), locations=OUTSIDE),
        ],
        (),
        {"CAM-T2": FAIL},
    ),
    "a policy that leaves out the application has a twin for it": (
        [
            policy("A", applications={"excludeApplications": [APP]}),
            policy("B", applications={"includeApplications": [APP]}),
        ],
        (),
        {"ENF-01": PASS, "SCUBA-3.2": FAIL},
    ),
    "guests are among all users": ([policy()], (), {"GST-T1": PASS}),
    "all users but a kind of guests": (
        [policy(users={"excludeGuestsOrExternalUsers": kinds("b2bCollaborationGuest")})],
        (),
        {"GST-T1": FAIL},
    ),
    "all kinds of guests": (
        [policy(users=only(includeGuestsOrExternalUsers=kinds("internalGuest,b2bCollaborationGuest")))],
        (),
        {"GST-T1": PASS},
    ),
    "guests by the older word": ([policy(users=only(includeUsers=["GuestsOrExternalUsers"]))], (), {"GST-T1": PASS}),
    "guests, but for one kind of them": (
        [
            policy(
                users=only(
                    includeUsers=["GuestsOrExternalUsers"],
                    excludeGuestsOrExternalUsers=kinds("internalGuest"),
                )
            )
        ],
        (),
        {"GST-T1": FAIL},
    ),
}
OF_ADMINISTRATORS = {
    "the roles of the baseline": ([for_roles(SCUBA_PRIVILEGED)], (), {"SCUBA-3.6": PASS}),
    "all roles of both lists": ([for_roles(ROLES)], (), {"SCUBA-3.6": PASS, "CIS-5.2.2.5": PASS, "CIS-5.2.2.1": PASS}),
    "one role of the baseline missing": ([for_roles(SCUBA_PRIVILEGED[1:])], (), {"SCUBA-3.6": FAIL}),
    "one role of the benchmark missing": ([for_roles(CIS_ADMINISTRATORS[1:])], (), {"CIS-5.2.2.5": FAIL}),
    "no role": ([for_roles([])], (), {"SCUBA-3.6": FAIL, "CIS-5.2.2.1": FAIL}),
    "the key of a platform alone": (
        [for_roles(ROLES, strength("windowsHelloForBusiness"))],
        (),
        {"SCUBA-3.6": PASS, "CIS-5.2.2.5": PASS},
    ),
    "any MFA": ([for_roles(ROLES, {})], (), {"SCUBA-3.6": FAIL, "CIS-5.2.2.1": PASS, "CIS-5.2.2.5": FAIL}),
    "any strength for MFA": (
        [for_roles(ROLES, strength(*ALL_RESISTANT, "password,sms"))],
        (),
        {"CIS-5.2.2.1": PASS, "CIS-5.2.2.5": FAIL},
    ),
    "only reported": ([for_roles(ROLES, **REPORT)], (), {"SCUBA-3.6": FAIL, "CIS-5.2.2.5": FAIL, "CIS-5.2.2.1": FAIL}),
    "switched off": ([for_roles(ROLES, **OFF)], (), {"SCUBA-3.6": FAIL, "CIS-5.2.2.5": FAIL}),
    "some applications": (
        [for_roles(ROLES, applications={"includeApplications": [APP]})],
        (),
        {"SCUBA-3.6": FAIL, "CIS-5.2.2.1": FAIL, "CIS-5.2.2.5": FAIL},
    ),
    "an application excluded": (
        [for_roles(ROLES, applications={"excludeApplications": [APP]})],
        (),
        {"SCUBA-3.6": FAIL, "CIS-5.2.2.5": FAIL},
    ),
    "an application exempt": (
        [for_roles(ROLES, applications={"excludeApplications": [APP]})],
        [f"applicationId: {APP}"],
        {"SCUBA-3.6": PASS, "CIS-5.2.2.5": PASS, "CIS-5.2.2.1": PASS},
    ),
    "reported by one policy, required by another": (
        [for_roles(ROLES, **REPORT), policy("Roles too", users=only(includeRoles=ROLES), grant=RESISTANT)],
        (),
        {"SCUBA-3.6": PASS, "CIS-5.2.2.5": PASS},
    ),
    # The other tool takes no policy for all users; one reaches the roles.
    "all users": ([keys()], (), {"SCUBA-3.6": PASS, "CIS-5.2.2.1": PASS, "CIS-5.2.2.5": PASS}),
}


@pytest.mark.parametrize(
    ("policies", "subjects", "expected"),
    [*OF_ALL.values(), *OF_ADMINISTRATORS.values()],
    ids=[*OF_ALL, *(f"administrators: {name}" for name in OF_ADMINISTRATORS)],
)
def test_the_verdict(policies, subjects, expected):
    found = judged(policies, roles=ROLE_HOLDERS, groups=GROUPS, entries=exempt(*subjects))

    assert {rule: found.status[rule] for rule in expected} == expected
