"""The part on administrators: whom it names, what it says of their methods, and how many it may lack."""

import pytest
from audit_by_hand import audit, facts, rows

from mfaaudit.reports.document import Tone
from mfaaudit.reports.methods import phishing_resistant_methods
from mfaaudit.reports.sections.admins import section
from mfaaudit.words import Reason, Unknown

ADMIN = {"derived.roles": ("r-1", "r-2")}
BY_REPORT = {"registration.isAdmin": True}
ELIGIBLE = {"derived.eligibleRoles": ("r-1",)}
NOT_ASKED = {"derived.eligibleRoles": Unknown(Reason.NOT_REQUESTED)}
LOST = Unknown(Reason.NO_PERMISSION)
METHODS = "registration.methodsRegistered"
PUSH = "microsoftAuthenticatorPush"


def named(*others):
    return [row["userId"] for row in rows(section(audit(*others)), "Admins")]


def test_whoever_holds_a_role_or_is_one_by_the_report_or_may_become_one_is_named():
    found = rows(section(audit({}, ADMIN, BY_REPORT, ELIGIBLE, {"derived.eligibleRoles": ()})), "Admins")

    assert [row["userId"] for row in found] == ["user-1", "user-2", "user-3"]
    assert [row["roles"] for row in found] == ["Global Administrator, r-2", "none", "none"]
    assert [row["isAdmin"] for row in found] == [False, True, False]
    assert found[2]["eligibleRoles"] == "Global Administrator"


def test_what_was_not_asked_for_has_no_column_and_the_lead_says_so():
    part = section(audit(ADMIN | NOT_ASKED))

    assert {"eligibleRoles", "lastSignIn"}.isdisjoint(column.key for column in part.tables[0].columns)
    assert "--with-eligible-roles" in " ".join(part.lead)
    assert "Hold none, and may activate one" not in facts(part)


@pytest.mark.parametrize(
    ("held", "answer"),
    [
        ((PUSH,), False),
        ((), False),
        ((PUSH, "fido2SecurityKey"), True),
        ((PUSH, "quantumHandshake"), Unknown(Reason.UNKNOWN_VALUE)),
        (("fido2SecurityKey", "quantumHandshake"), True),
        (Unknown(Reason.NO_ROW), Unknown(Reason.NO_ROW)),
    ],
)
def test_phishing_resistant_is_yes_no_or_not_known(held, answer):
    (row,) = rows(section(audit(ADMIN | {METHODS: held})), "Admins")

    assert row["phishingResistant"] == answer


def test_what_resists_phishing_is_what_the_shipped_pack_says():
    assert "fido2SecurityKey" in phishing_resistant_methods()
    assert PUSH not in phishing_resistant_methods()


@pytest.mark.parametrize("gap", [{"derived.roles": LOST}, {"registration.isAdmin": LOST}])
def test_who_may_be_missing_is_counted_and_an_empty_list_is_no_proof(gap):
    part = section(audit({}, gap))

    assert part.tables[0].row_count == 0
    assert part.tables[0].empty == "Nobody is known to be an administrator; of 1 users it is not known."
    assert (
        facts(part)["Not known whether administrators"].value,
        facts(part)["Not known whether administrators"].tone,
    ) == (
        1,
        Tone.OPEN,
    )
    assert "Up to 1 administrators may be missing" in " ".join(part.lead)
    assert facts(part)["Not surely asked for MFA on every resource"].tone is Tone.OPEN
    assert section(audit({})).tables[0].empty.startswith("Nobody holds a role")


def test_the_worst_verdict_stands_first_and_the_facts_count():
    part = section(
        audit(
            ADMIN | {METHODS: ("fido2SecurityKey",)},
            ADMIN | {"derived.enforcedBy": "none", METHODS: (PUSH,)},
            BY_REPORT | {"user.accountEnabled": False, METHODS: ()},
        )
    )
    found = rows(part, "Admins")

    assert (found[0]["userId"], found[0]["worst"]) == ("user-1", "FAIL")
    said = {label: one.value for label, one in facts(part).items()}
    assert (said["Hold a directory role"], said["Administrators by the report alone"]) == (2, 1)
    # The disabled one signs in with nothing.
    assert said["Without a phishing-resistant method"] == 1
    assert said["Not surely asked for MFA on every resource"] == 1


def test_each_leads_to_the_page_of_the_user():
    (column,) = [one for one in section(audit(ADMIN)).tables[0].columns if one.key == "userId"]

    assert column.link.startswith("https://entra.microsoft.com/#view/")
    assert column.link.endswith("/userId/{}")
