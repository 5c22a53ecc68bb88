"""How the tenant is set: every value with its name and source, and whom policies for all users leave out."""

from audit_by_hand import audit, facts, rows

from mfaaudit.reports.document import Tone
from mfaaudit.reports.sections import tenant
from mfaaudit.sources.field import Scope
from mfaaudit.vocabulary import FIELDS
from mfaaudit.words import Reason, Unknown

LOST = Unknown(Reason.NO_PERMISSION)


def test_every_setting_is_there_under_the_name_that_graph_gives_it():
    found = {row["name"]: row for row in rows(tenant.section(audit({})), "TenantSettings")}

    left_out = {one.name for one in FIELDS.values() if one.scope is Scope.TENANT} - set(found)
    assert {one.split(".")[0] for one in left_out} == {"run", "declared"}
    assert "declared.posture" in found
    assert found["tenant.securityDefaults.isEnabled"]["value"] == "false"
    assert found["derived.allUsersMfaPolicies"]["value"] == "All users"
    assert found["derived.guestsMfaPolicies"]["value"] == "none"
    assert "identitySecurityDefaultsEnforcementPolicy" in found["tenant.securityDefaults.isEnabled"]["source"]


def test_what_was_not_read_says_why_and_what_to_do():
    part = tenant.section(audit({}, tenant={"tenant.securityDefaults.isEnabled": LOST}))
    found = {row["name"]: row for row in rows(part, "TenantSettings")}
    row = found["tenant.securityDefaults.isEnabled"]

    assert row["value"] == LOST
    assert "Grant Policy.Read.All" in row["unread"]
    assert found["derived.allUsersMfaPolicies"]["unread"] is None
    assert facts(part)["Security defaults enabled"].value == LOST
    assert facts(part)["Settings that were not read"].tone is Tone.OPEN


def test_whom_a_policy_for_all_leaves_out_is_counted():
    out = {"derived.excludedFromMfaPolicies": ("All users",)}
    part = tenant.section(
        audit(
            {},
            out,
            out | {"user.accountEnabled": False},
            out | {"registration.isAdmin": True},
            {"derived.excludedFromMfaPolicies": LOST},
        )
    )

    assert rows(part, "PolicyExclusions") == [{"policy": "All users", "users": 3, "enabled": 2, "administrators": 1}]
    (table,) = [one for one in part.tables if one.name == "PolicyExclusions"]
    assert "Of 1 users it is not known: NO_PERMISSION 1." in table.note


def test_nobody_is_left_out_only_where_that_is_known_of_everybody():
    def empty(*users):
        return next(one for one in tenant.section(audit(*users)).tables if one.name == "PolicyExclusions").empty

    assert empty({}) == "Nobody is left out."
    assert empty({"derived.excludedFromMfaPolicies": LOST}) == "Nobody is known to be left out."


def test_trust_in_the_mfa_of_other_tenants_is_counted_over_guests():
    guest = {"user.userType": "Guest"}
    fact = facts(
        tenant.section(
            audit(
                {"derived.isMfaTrustedFromHome": False},
                guest | {"derived.isMfaTrustedFromHome": True},
                guest | {"derived.isMfaTrustedFromHome": LOST},
            )
        )
    )["Guests whose MFA at home is trusted"]

    assert (fact.value, fact.tone) == (1, Tone.OPEN)
    assert "Of 2 guests" in fact.note
    assert "NO_PERMISSION 1" in fact.note
