"""Whether MFA done at home counts here: only where the default and every partner agree is it known of guests."""

import pytest

from mfaaudit.facts.given import Given
from mfaaudit.facts.mfa_trusted_from_home import mfa_trusted_from_home
from mfaaudit.words import Reason, Unknown

STRANGE, FORBIDDEN, THROTTLED = (Unknown(Reason(one)) for one in ("UNKNOWN_VALUE", "NO_PERMISSION", "THROTTLED"))
YES, NO = {"inboundTrust": {"isMfaAccepted": True}}, {"inboundTrust": {"isMfaAccepted": False}}
FOLLOWS = {"inboundTrust": None}
GUEST = ("Guest", "g_x.example#EXT#@y.example")


def trusted(default, partners, *people):
    """What is said of each (type, name); a guest, if nobody is given."""
    found = {
        "crossTenantAccessPolicyDefault": default if isinstance(default, Unknown) else [default],
        "crossTenantAccessPolicyPartners": partners,
    }
    people = people or (GUEST,)
    columns = {"user.userType": [one[0] for one in people], "user.userPrincipalName": [one[1] for one in people]}
    answer = mfa_trusted_from_home(
        Given(
            objects=found.__getitem__,
            members=lambda _: FORBIDDEN,
            user_ids=[str(number) for number in range(len(people))],
            column=columns.__getitem__,
        )
    )
    return list(answer)


@pytest.mark.parametrize(
    ("default", "partners", "answer"),
    [
        (YES, [], True),
        (NO, [], False),
        (YES, [FOLLOWS, YES], True),
        (NO, [FOLLOWS, NO], False),
        # Nobody knows from which tenant the guest comes.
        (YES, [NO], STRANGE),
        (NO, [YES], STRANGE),
        (NO, [NO, YES], STRANGE),
        (FORBIDDEN, [], FORBIDDEN),
        (FORBIDDEN, [YES], FORBIDDEN),
        (YES, THROTTLED, THROTTLED),
        (NO, THROTTLED, THROTTLED),
        ({}, [], STRANGE),
        (FOLLOWS, [], STRANGE),
        ({"inboundTrust": {}}, [], STRANGE),
        ({"inboundTrust": {"isMfaAccepted": None}}, [], STRANGE),
        ({"inboundTrust": {"isMfaAccepted": "true"}}, [], STRANGE),
        # Absent is not null: a partner that does not say what it trusts may trust anything.
        (YES, [{}], STRANGE),
        (YES, [{"inboundTrust": {"isMfaAccepted": None}}], STRANGE),
        (NO, [{"inboundTrust": "all"}], STRANGE),
    ],
)
def test_a_guest_may_come_from_any_tenant(default, partners, answer):
    assert trusted(default, partners) == [answer]


@pytest.mark.parametrize(
    ("user_type", "name", "accepting", "refusing", "unread"),
    [
        ("Guest", "g@x.example", True, False, FORBIDDEN),
        ("Member", "m_x.example#ext#@y.example", True, False, FORBIDDEN),
        (THROTTLED, "m_x.example#EXT#@y.example", True, False, FORBIDDEN),
        ("Guest", THROTTLED, True, False, FORBIDDEN),
        # An account from here has no other home.
        ("Member", "m@y.example", False, False, False),
        ("none", "old@y.example", False, False, False),
        # Who may be a guest is open, unless it makes no difference.
        (THROTTLED, "m@y.example", THROTTLED, False, THROTTLED),
        ("Member", THROTTLED, THROTTLED, False, THROTTLED),
    ],
)
def test_whom_it_is_about(user_type, name, accepting, refusing, unread):
    person = (user_type, name)

    assert trusted(YES, [], person) == [accepting]
    assert trusted(NO, [], person) == [refusing]
    assert trusted(FORBIDDEN, [], person) == [unread]


def test_each_user_has_an_answer_of_his_own():
    assert trusted(YES, [], GUEST, ("Member", "m@y.example"), GUEST) == [True, False, True]
