"""What an account is: certain where something says so, a marked guess where only its name does."""

from datetime import UTC, datetime

import pytest
from declared_by_hand import GROUP, days, declared, entry, uid, users
from hypothesis import given
from hypothesis import strategies as st

from mfaaudit.declared.classes import classify
from mfaaudit.declared.overrides import read_overrides
from mfaaudit.known_ids import SYNCHRONIZATION_ROLES
from mfaaudit.words import Reason, Unknown

NAME, SHOWN, ON, TYPE, ROLES = (
    "user.userPrincipalName",
    "user.displayName",
    "user.accountEnabled",
    "user.userType",
    "derived.roles",
)
SYNC_ROLE, NEWER_SYNC_ROLE = SYNCHRONIZATION_ROLES
SYNC_NAME = "Sync_AADC01_0123456789ab@contoso.onmicrosoft.com"
OTHER_ROLE = "62e90394-69f5-4237-9190-012177145e10"
GAP, OTHER_GAP = Unknown(Reason.NO_PERMISSION), Unknown(Reason.UNKNOWN_VALUE)


def classes(*cases, emergency=frozenset(), overrides=None):
    """Class (or reason), whether it is a guess, and why, of each user."""
    made = classify(users(*cases), emergency, overrides)
    reasons = made["derived_accountClass_reason"].cast(str)
    assert (reasons == made["derived_accountClassReason_reason"].cast(str)).fill_null(value=True).all()
    assert (reasons == made["derived_isAccountClassGuessed_reason"].cast(str)).fill_null(value=True).all()
    columns = ("derived_accountClass", "derived_isAccountClassGuessed", "derived_accountClassReason")
    for column in columns:
        assert (made[column].is_null() == reasons.is_not_null()).all()
    return [
        (found or Reason(reason), guess, why)
        for found, guess, why, reason in zip(*(made[name] for name in columns), reasons, strict=True)
    ]


def overriding(**accounts):
    lines = [f"  - {{userId: {uid(int(n[1:]))}, class: {name}, reason: Told}}\n" for n, name in accounts.items()]
    return read_overrides("schema: 1\naccounts:\n" + "".join(lines), "classes.yaml")


@pytest.mark.parametrize(
    ("case", "expected", "guess"),
    [
        ({}, "person", False),
        ({TYPE: "none"}, "person", False),
        ({TYPE: "Guest"}, "guest", False),
        ({TYPE: "Guest", NAME: "svc-x_fabrikam.example#EXT#@contoso.example"}, "guest", False),
        ({TYPE: "Guest", ROLES: GAP, NAME: GAP, SHOWN: GAP, ON: GAP}, "guest", False),
        ({ROLES: (OTHER_ROLE, SYNC_ROLE)}, "synchronization", False),
        ({ROLES: (NEWER_SYNC_ROLE,)}, "synchronization", False),
        ({"user.odataType": "#microsoft.graph.agentUser", NAME: SYNC_NAME}, "agent", False),
        ({ROLES: (SYNC_ROLE,), TYPE: GAP, NAME: GAP}, "synchronization", False),
        ({ROLES: (OTHER_ROLE,)}, "person", False),
        ({NAME: SYNC_NAME}, "synchronization", True),
        ({NAME: SYNC_NAME, ROLES: GAP}, "synchronization", True),
        ({NAME: "sync_me@contoso.example"}, "person", False),
        ({NAME: "Sync_AADC01_0123456789a@contoso.example"}, "person", False),
        ({NAME: "svc-backup@contoso.example"}, "service", True),
        ({NAME: "SVC_Backup@contoso.example"}, "service", True),
        ({NAME: "backup-svc@contoso.example"}, "service", True),
        ({NAME: "backup.service-account@contoso.example"}, "service", True),
        ({SHOWN: "Backup service account"}, "service", True),
        ({NAME: "service.desk@contoso.example"}, "person", False),
        ({NAME: "adm.ada@contoso.example"}, "person", False),
        ({NAME: "svcetlana@contoso.example"}, "person", False),
        ({NAME: "ada@svc-one.example"}, "person", False),
        ({NAME: "mtr-berlin-1@contoso.example"}, "device", True),
        ({SHOWN: "Berlin 4.12 (Teams Rooms)"}, "device", True),
        ({SHOWN: "Lobby common area phone"}, "device", True),
        ({NAME: "room-berlin@contoso.example", ON: False}, "roomMailbox", True),
        ({SHOWN: "Conference Room 4", ON: False}, "roomMailbox", True),
        ({NAME: "shared-orders@contoso.example", ON: False}, "sharedMailbox", True),
        ({SHOWN: "Orders (shared mailbox)", ON: False}, "sharedMailbox", True),
        ({NAME: "room-berlin@contoso.example"}, "person", True),
        ({NAME: "shared-orders@contoso.example"}, "person", True),
        ({NAME: "roomer@contoso.example", ON: False}, "person", False),
        ({ON: False}, "person", False),
        ({ON: GAP}, "person", False),
        ({ROLES: GAP}, "person", True),
        ({SHOWN: GAP}, "person", True),
        ({SHOWN: ""}, "person", False),
        ({SHOWN: "会議室 4", ON: False}, "person", False),
        ({NAME: "room-berlin@contoso.example", ON: GAP}, Reason.NO_PERMISSION, None),
        ({SHOWN: "Orders (shared mailbox)", ON: GAP}, Reason.NO_PERMISSION, None),
        ({NAME: GAP}, Reason.NO_PERMISSION, None),
        ({TYPE: OTHER_GAP}, Reason.UNKNOWN_VALUE, None),
        ({TYPE: OTHER_GAP, NAME: GAP}, Reason.UNKNOWN_VALUE, None),
        (dict.fromkeys((TYPE, NAME, SHOWN, ON, ROLES), GAP), Reason.NO_PERMISSION, None),
    ],
)
def test_an_account_is_what_it_shows(case, expected, guess):
    # Between others, so that nothing slips by a row.
    (_, (found, guessed, why), _) = classes({TYPE: "Guest"}, case, {})

    assert (found, guessed) == (expected, guess)
    assert (why is None) == isinstance(expected, Reason)
    if guess and not {ROLES, SHOWN} & set(case):
        assert why.startswith("Guess: ")


def test_a_declared_class_goes_before_everything():
    cases = [{ROLES: (SYNC_ROLE,)}, {TYPE: "Guest"}, dict.fromkeys((TYPE, NAME, SHOWN, ON, ROLES), GAP), {}]
    found = classes(*cases, emergency=frozenset({uid(1)}), overrides=overriding(n0="device", n1="service", n2="person"))

    assert found == [
        ("device", False, "Declared: Told"),
        ("service", False, "Declared: Told"),
        ("person", False, "Declared: Told"),
        ("person", False, "Nothing marks it as anything else."),
    ]


def test_an_emergency_account_goes_before_what_was_read():
    cases = [{TYPE: "Guest", ROLES: (SYNC_ROLE,)}, dict.fromkeys((TYPE, NAME, SHOWN, ON, ROLES), GAP)]

    assert [found[:2] for found in classes(*cases, emergency=frozenset({uid(0), uid(1)}))] == [
        ("breakGlass", False)
    ] * 2


@pytest.mark.parametrize(
    "other",
    [
        {},
        {"expires_on": days(-1)},
        {"last_drill_on": None},
        {"approved_by": "it@contoso.example"},
        {"approved_on": days(5)},
        {"rules": "[LATER]"},
    ],
)
def test_an_emergency_account_stays_one_whatever_its_entry_is_worth(other):
    made = declared(entry(kind="break_glass", **other), entry("E-2", subject=f"{{userId: {uid(1)}}}"))

    assert made.users["derived_accountClass"].to_list() == ["breakGlass", "person", "person"]


def test_the_members_of_an_emergency_group_are_emergency_accounts():
    one = entry(kind="break_glass", subject=f"{{groupId: {GROUP}}}")
    made = declared(one, groups={GROUP: frozenset({uid(2)})})

    assert made.users["derived_accountClass"].to_list() == ["person", "person", "breakGlass"]


def test_overrides_of_nobody_are_named():
    made = declared(overrides=overriding(n1="service", n7="person"), now=datetime(2026, 1, 1, tzinfo=UTC))

    assert made.orphaned_overrides == (uid(7),)
    assert made.users["derived_accountClass"].to_list() == ["person", "service", "person"]


@given(st.lists(st.tuples(st.text(max_size=60), st.text(max_size=60), st.booleans()), max_size=5))
def test_any_name_gets_a_class(names):
    cases = [{NAME: f"{name}@contoso.example", SHOWN: shown, ON: on} for name, shown, on in names]

    assert all(isinstance(found, str) and not isinstance(found, Reason) for found, _, _ in classes(*cases))


@pytest.mark.parametrize("unit", ["a", "-", "svc-", "a-", "Sync_", "room ", "\U0001f600", "é\u0301"])
def test_endless_names_are_looked_at_from_the_front(unit):
    endless = unit * (40_000 // len(unit))

    ((found, _, _),) = classes({NAME: f"{endless}-svc@contoso.example", SHOWN: f"{endless} shared mailbox", ON: False})

    assert found == ("service" if unit == "svc-" else "person")
