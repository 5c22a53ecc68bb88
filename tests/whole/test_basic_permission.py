"""An identity that may read the names of users alone: the rest is NO_PERMISSION, whatever Graph sends in its place."""

import pytest
from one_check import check_of

from mfaaudit.sources import BY_NAME

SHOWN = {"user.displayName", "user.userPrincipalName", "user.odataType"}
USERS = BY_NAME["users"]


def test_check_names_what_is_not_shown():
    made = check_of("basic")
    row = made.rows["users"]

    assert row["ability"] == "NO_PERMISSION"
    assert row["needs"] == "User.Read.All"
    assert "user.accountEnabled" in row["why"]
    assert not SHOWN & set(row["fields"])
    assert {"user.accountEnabled", "user.userType", "user.onPremisesSyncEnabled"} <= set(row["fields"])
    assert made.found["grant"] == ["User.Read.All"]
    # Names are shown: an audit is possible, and says of nobody what it does not know.
    assert made.found["conclusion"]["exitCode"] == 11


@pytest.mark.parametrize(
    ("permissions", "withheld"),
    [
        (["User.ReadBasic.All"], True),
        (["User.ReadBasic.All", "Directory.Read.All"], False),
        (["User.ReadBasic.All", "User.ReadWrite.All"], False),
        (["User.Read.All"], False),
        # Of a token that cannot be read nothing is known.
        ([], False),
    ],
)
def test_what_is_withheld_follows_from_the_permissions(permissions, withheld):
    assert set(USERS.withheld(permissions)) == ({field.name for field in USERS.fields} - SHOWN if withheld else set())
