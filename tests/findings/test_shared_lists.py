"""The shared lists of methods: together they say of each method what it is worth."""

from dataclasses import replace

import pytest

from mfaaudit.findings.examples import result_of
from mfaaudit.findings.load import load_pack
from mfaaudit.findings.open_pack import read_lists
from mfaaudit.findings.shelf import LISTS
from mfaaudit.shipped import policies
from mfaaudit.sources.registration_details import METHODS
from mfaaudit.words import Verdict
from mfaaudit.yaml_files import read_text
from mfaaudit.yaml_nodes import PACK

SHARED = read_lists(read_text(policies().joinpath(LISTS), LISTS, PACK), LISTS)

NEITHER = {"email", "securityQuestion", "temporaryAccessPass", "qrCode", "x509CertificateSingleFactor"}
"""What resets a password, ends by itself, or is one factor alone."""


def test_each_method_is_phishing_resistant_or_phishable_or_no_mfa():
    kinds = [*SHARED["phishing_resistant"], *SHARED["phishable"], *NEITHER]

    assert sorted(kinds) == sorted(METHODS)


def test_what_stays_on_its_device_is_all_that_is_phishing_resistant_but_what_is_synced():
    assert set(SHARED["phishing_resistant"]) - set(SHARED["phishing_resistant_device_bound"]) == {"passKeySynced"}
    assert set(SHARED["phishing_resistant_device_bound"]) <= set(SHARED["phishing_resistant"])


def test_what_is_on_a_telephone():
    telephony = {one for one in METHODS if one.endswith("Phone")} | {"sms"}
    applications = {one for one in METHODS if "Authenticator" in one}

    assert set(SHARED["on_a_telephone"]) == telephony | applications


def test_what_counts_as_a_second_factor_and_as_a_method_of_its_own():
    phone, approval = set(SHARED["phone"]), set(SHARED["authenticator_approval"])
    neither = set(SHARED["not_a_second_factor"])

    assert neither == NEITHER | {"appPassword"}
    assert phone == {one for one in METHODS if one.endswith("Phone")} | {"sms"}
    assert set(SHARED["phone_or_no_factor"]) == phone | neither
    assert set(SHARED["not_a_method_of_its_own"]) == phone | approval | neither
    assert approval < set(SHARED["phishable"])


# Words of usageAuthMethod, an enumeration of other reports, and of older pages: nobody has seen them in this one.
@pytest.mark.parametrize(
    "word",
    ["mobileSMS", "mobileCall", "alternateMobileCall", "appNotification", "appCode", "fido", "fido2", "smsSignIn"],
)
def test_a_word_that_nobody_has_classified_decides_nothing(word):
    pack = load_pack("baseline")
    users = {"user.accountEnabled": True, "user.userType": "Member", "registration.isMfaRegistered": True}
    for rule in (one for one in pack.rules if one.id in ("BASE-05", "BASE-06")):
        given = users | {"registration.methodsRegistered": ("mobilePhone", word)}
        example = replace(rule.examples[0], given=(given,))
        assert result_of(pack, rule, example).status is Verdict.NOT_EVALUATED


def test_the_highly_privileged_roles_but_one_are_among_those_that_the_benchmark_names():
    hybrid_identity = "8ac3fc64-6eca-42ea-9e69-59f4c7b60eb2"

    assert len(set(SHARED["privileged_scuba"])) == 8
    assert set(SHARED["privileged_scuba"]) - set(SHARED["privileged_cis"]) == {hybrid_identity}
