"""What the methods policy of a small tenant allows, from Graph's answers to the verdicts."""

from dataclasses import replace

import polars as pl
import pytest
from test_soak import NOW, audit

from mfaaudit.brief import brief
from mfaaudit.bundle import EVIDENCE
from mfaaudit.judging import judge_snapshot
from mfaaudit.simulated import open_tenant
from mfaaudit.simulated.mood import MOOD
from mfaaudit.snapshot import take

USERS = 100
PACKS = ("baseline", "phishing-resistant", "essential-eight-ml2", "cis-m365", "cisa-scuba", "authentication-methods")
GROUP = "5d0f8a86-1c2b-4e57-9a38-b6f1c7d20e94"
NEW = {"passkey_profiles": True, "newer_methods": True, "loose_methods": True, "authenticator_for": GROUP}
"""All that came to the policy at once, and settings that nobody tightened."""


@pytest.fixture(scope="module")
def judged(tmp_path_factory):
    """Audits a tidy tenant once for each change of its mood; what was judged, and the results by rule id."""
    audits, how = {}, brief(PACKS, "low", "json", posture="conditional-access")

    def of(**mood):
        key = tuple(sorted(mood.items()))
        if key not in audits:
            bundle = tmp_path_factory.mktemp("methods") / "bundle"
            with pytest.MonkeyPatch.context() as patch:
                patch.setitem(MOOD, "changed", replace(MOOD["tidy"], **mood))
                tenant = open_tenant(users=USERS, mood="changed", now=NOW, quota=False)
                audit(tenant.app, tenant, bundle)
            material = judge_snapshot(take(bundle / EVIDENCE), how)
            audits[key] = material, {result.rule.id: result for result in material.findings.results}
        return audits[key]

    return of


def status(judged, rule, **mood):
    return str(judged(**mood)[1][rule].status)


def test_a_profile_without_attestation_fails_beside_an_older_setting_that_enforces_it(judged):
    assert status(judged, "PHR-T3") == "PASS"

    material, _ = judged(**NEW)
    row = material.snapshot.tenant.row(0, named=True)
    assert row["tenant_authenticationMethods_isAttestationEnforced"] is True
    assert status(judged, "PHR-T3", **NEW) == "FAIL"


def test_members_of_enumerations_that_nobody_knows_leave_their_rules_open(judged):
    mood = {"passkey_profiles": True, "sentinels": True}

    rules = ("PHR-T3", "CIS-5.2.3.6", "CIS-5.2.3.6-S", "CAM-T4", "AMP-T2")
    assert {status(judged, rule, **mood) for rule in rules} == {"NOT_EVALUATED"}


def test_methods_that_no_rule_knows_are_named_and_open(judged):
    material, _ = judged(**NEW)
    row = material.snapshot.tenant.row(0, named=True)

    assert row["derived_otherMethodsAllowed"] == ["QRCodePin", "VerifiableCredentials", "external"]
    assert row["derived_areOtherMethodsDisabled"] is None
    assert judged()[0].snapshot.tenant.row(0, named=True)["derived_areOtherMethodsDisabled"] is True


def test_authenticator_for_a_group_alone(judged):
    assert status(judged, "CIS-5.2.3.1") == "PASS"
    assert status(judged, "CIS-5.2.3.1", **NEW) == "FAIL"


def test_passcodes_of_authenticator(judged):
    assert status(judged, "SCUBA-3.3") == "PASS"
    # The messy tenant allows them, and excludes a group from a feature besides.
    assert status(judged, "SCUBA-3.3", messy=True) == "FAIL"


def test_system_preferred_authentication_that_microsoft_manages(judged):
    low = judged(messy=True)[1]["CIS-5.2.3.6"]

    assert (str(low.status), low.rule.severity) == ("FAIL", "low")
    assert status(judged, "CIS-5.2.3.6-S", messy=True) == "PASS"


def test_a_qr_code_a_single_factor_certificate_and_a_second_phone_count_for_nothing(judged):
    material, results = judged(**NEW)
    users = material.snapshot.users.select("user_id", methods="registration_methodsRegistered")

    def verdicts(rule, *methods):
        rows = results[rule].frame.join(users, on="user_id").filter(pl.col("methods") == list(methods))
        return set(rows["verdict"].cast(pl.String)) - {"NOT_APPLICABLE"}

    for other in ("qrCode", "x509CertificateSingleFactor", "officePhone"):
        assert verdicts("BASE-05", "mobilePhone", other) == verdicts("BASE-06", "mobilePhone", other) == {"FAIL"}
    assert verdicts("BASE-05", "externalAuthMethod", "mobilePhone") == {"PASS"}
    assert verdicts("BASE-06", "microsoftAuthenticatorPush", "microsoftAuthenticatorPasswordless") == {"FAIL"}


def test_a_policy_whose_migration_is_not_complete_passes_by_the_letter_and_only_partly(judged):
    result = judged(messy=True)[1]["CIS-5.2.3.5"]
    (pack,) = [one for one in judged(messy=True)[0].findings.packs if one.id == "cis-m365"]
    (control,) = [one for one in pack.controls if one.id == "5.2.3.5"]

    assert status(judged, "CAM-T4", messy=True) == "FAIL"
    assert (str(result.status), control.assessment, result.rule.assessment) == ("PASS", "partly", "partly")
    assert "older MFA and password-reset policies may still allow both" in " ".join(control.note.split())


def test_settings_of_allowed_methods(judged):
    rules = ("AMP-T1", "AMP-T2", "AMP-T3", "AMP-T4")

    assert {status(judged, rule) for rule in rules} == {"PASS"}
    assert {status(judged, rule, **NEW) for rule in ("AMP-T3", "AMP-T4")} == {"FAIL"}
    # There text messages are disabled.
    assert [status(judged, rule, messy=True) for rule in rules] == ["FAIL", "FAIL", "PASS", "NOT_APPLICABLE"]
