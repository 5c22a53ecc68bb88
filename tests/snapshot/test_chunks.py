"""Answers are turned into columns a part at a time, which no user and no order of answers may show."""

import polars as pl
import pytest
from evidence_by_hand import NOT_PREMIUM, batch, count, page, refusal, registered, user, write

from mfaaudit.snapshot import readings, take

PEOPLE = [f"user-{number}" for number in range(11)]
ENABLED = {"perUserMfaState": "enabled"}
PUSH = {"isSystemPreferredAuthenticationMethodEnabled": True, "userPreferredMethodForSecondaryAuthentication": "push"}


@pytest.fixture
def in_parts(tmp_path, monkeypatch):
    """The snapshot of the same evidence with another number of answers in a part."""

    def taking(size, *answers):
        write(tmp_path / "evidence", *answers)
        found = {}
        for chunk in (10_000, size):
            monkeypatch.setattr(readings, "CHUNK", chunk)
            found[chunk] = take(tmp_path / "evidence")
        return found[10_000], found[size]

    return taking


def answers():
    """Two pages, reads that come last first and again, a user who is gone, one never asked, and a report's rows."""
    backwards = [batch({("requirements", one): ENABLED, ("signInPreferences", one): PUSH}) for one in PEOPLE[:0:-1]]
    return (
        count(11),
        page("users", [user(one, department=None) for one in PEOPLE[:6]], more=True),
        page("users", [user(one, userType="Guest") for one in (PEOPLE[0].upper(), *PEOPLE[6:])]),
        count(11),
        batch({("requirements", PEOPLE[4]): (404, "Request_ResourceNotFound")}),
        *backwards,
        batch({("requirements", PEOPLE[7]): {"perUserMfaState": "enforced"}}),
        batch({("signInPreferences", PEOPLE[7]): (429, "TooManyRequests")}),
        page("userRegistrationDetails", [registered(one, "sms", "fido2SecurityKey") for one in PEOPLE[8:2:-1]]),
    )


@pytest.mark.parametrize("size", [1, 2, 3, 6, 11])
def test_the_size_of_a_part_changes_nothing(in_parts, size):
    whole, parted = in_parts(size, *answers())
    assert parted.users.equals(whole.users)
    assert parted.users.schema == whole.users.schema
    assert (parted.coverage, parted.failures, parted.registration) == (
        whole.coverage,
        whole.failures,
        whole.registration,
    )
    assert (parted.population, parted.duplicates) == (whole.population, whole.duplicates)


def test_each_value_stands_with_its_own_user(in_parts):
    _, parted = in_parts(3, *answers())
    users = parted.users
    assert users["user_id"].to_list() == PEOPLE
    assert users["user_userPrincipalName"].to_list() == [f"{one}@x.example" for one in PEOPLE]
    assert users["requirements_perUserMfaState"].to_list() == [None, *["enabled"] * 10]
    assert users["requirements_perUserMfaState_reason"].to_list() == ["NOT_REQUESTED", *[None] * 10]
    expected = [["sms", "fido2SecurityKey"] if 3 <= number <= 8 else None for number in range(11)]
    assert users["registration_methodsRegistered"].to_list() == expected
    assert users["registration_isAdmin_reason"].to_list() == [None if methods else "NO_ROW" for methods in expected]
    assert users["registration_requestId"].null_count() == users["registration_readAt"].null_count() == 5


def test_a_source_that_gave_nothing_leaves_its_columns_with_the_reason(in_parts):
    given = (page("users", [user(one) for one in PEOPLE]), refusal("userRegistrationDetails", 403, NOT_PREMIUM))
    whole, parted = in_parts(4, *given)
    assert parted.users.equals(whole.users)
    assert set(parted.users["registration_isMfaCapable_reason"]) == {"NO_LICENSE"}
    assert set(parted.users["requirements_perUserMfaState_reason"]) == {"NOT_REQUESTED"}


def test_a_file_for_other_programs_has_its_reasons_as_text(in_parts):
    whole, _ = in_parts(4, *answers())
    reasons = [name for name in whole.users.columns if name.endswith("_reason")]
    assert set(whole.words().select(reasons).dtypes) == {pl.String()}
    assert whole.words().rows() == whole.users.rows()
