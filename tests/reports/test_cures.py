"""Why a source was refused, in the words for the person or the application whose token was refused."""

from types import SimpleNamespace

import pytest

from mfaaudit.reports.cures import meaning_of, what_to_do
from mfaaudit.sources import BY_NAME
from mfaaudit.tenant.claims import identity_of
from mfaaudit.words import Reason

PREFERENCES = BY_NAME["signInPreferences"]


def run(first, *later):
    identities = [identity_of(claims, auth="token") for claims in (first, *later)]
    return SimpleNamespace(identity=identities[0], sessions=[SimpleNamespace(identity=one) for one in identities])


@pytest.mark.parametrize("kind", ["scp", "roles"])
def test_a_narrower_permission_is_named_beside_the_one_that_is_needed(kind):
    held = "UserAuthenticationMethod.Read"
    refused = run({kind: held if kind == "scp" else [held]})

    assert meaning_of(Reason.NO_PERMISSION, PREFERENCES, refused) == (
        f"{Reason.NO_PERMISSION.meaning} The token carries {held} (the signed-in person's own account only), which "
        "does not cover this: it needs UserAuthenticationMethod.Read.All."
    )
    assert what_to_do(Reason.NO_PERMISSION, PREFERENCES, refused).startswith("Grant UserAuthenticationMethod.Read.All")


def test_a_person_who_has_the_permission_lacks_a_role():
    refused = run({"scp": "UserAuthenticationMethod.Read.All"})

    assert "may lack a directory role" in meaning_of(Reason.NO_PERMISSION, PREFERENCES, refused)
    assert what_to_do(Reason.NO_PERMISSION, PREFERENCES, refused) == (
        "Assign the person the role Global Reader or Authentication Administrator or Privileged Authentication "
        "Administrator, then audit again."
    )


def test_a_person_who_could_read_others_lacks_no_role():
    refused = run({"scp": "UserAuthenticationMethod.Read.All"})

    meaning = meaning_of(Reason.NO_PERMISSION, PREFERENCES, refused, read=140)
    assert meaning.endswith("The token carries UserAuthenticationMethod.Read.All, and others could be read.")
    assert "administrative unit" in what_to_do(Reason.NO_PERMISSION, PREFERENCES, refused, read=140)


def test_who_read_last_decides():
    refused = run({"scp": "UserAuthenticationMethod.Read"}, {"scp": "openid"})

    assert meaning_of(Reason.NO_PERMISSION, PREFERENCES, refused) == Reason.NO_PERMISSION.meaning


@pytest.mark.parametrize("reason", [reason for reason in Reason if reason is not Reason.NO_PERMISSION])
def test_no_other_reason_speaks_of_permissions(reason):
    refused = run({"scp": "UserAuthenticationMethod.Read"})

    assert meaning_of(reason, PREFERENCES, refused) == meaning_of(reason, PREFERENCES)
    assert what_to_do(reason, PREFERENCES, refused) == what_to_do(reason, PREFERENCES)
