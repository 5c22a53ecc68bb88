"""Which kind of guest or external user an account is, as Conditional Access divides them.

Whether somebody signs in elsewhere is told by four properties: #EXT# in the user principal name, `creationType`,
`externalUserState` and the sign-in types of `identities`; whether the account is a guest's, by `userType`. Sources:
Properties of a Microsoft Entra B2B collaboration user; Authentication and Conditional Access for External ID.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from mfaaudit.sources.field import NONE, Value
from mfaaudit.words import Unknown

INSIDE, OUTSIDE, MEMBER = "internalGuest", "b2bCollaborationGuest", "b2bCollaborationMember"
OTHER = "otherExternalUser"
FOREIGN = "#ext#"
"""In lower case: part of the user principal name of an account whose home is another tenant."""
INVITED = frozenset({"Invitation", "SelfServiceSignUp"})
Entry = Value | Unknown


def signs_in_elsewhere(name: Entry, created: Entry, state: Entry, sign_in_types: Entry) -> bool | None:
    """Whether an account authenticates outside this tenant; None where what is known contradicts or says too little."""
    votes = list(_votes(created, state, sign_in_types))
    if not votes and (isinstance(name, Unknown) or FOREIGN in str(name).lower()):
        # Alone the name proves nothing: an account that was made internal may have kept it.
        return None
    if not isinstance(name, Unknown):
        votes.append(FOREIGN in str(name).lower())
    return votes[0] if len(set(votes)) == 1 else None


def _votes(created: Entry, state: Entry, sign_in_types: Entry) -> Iterator[bool]:
    if not isinstance(created, Unknown):
        yield created in INVITED
    if not isinstance(state, Unknown):
        yield state != NONE
    if isinstance(sign_in_types, tuple) and sign_in_types:
        yield "federated" in sign_in_types


def kinds_of(user_type: Value, elsewhere: bool | None) -> Sequence[str]:
    """The kinds that an account may be of; of one that is surely an employee's, none."""
    if user_type == "Guest":
        return (INSIDE, OUTSIDE) if elsewhere is None else (OUTSIDE,) if elsewhere else (INSIDE,)
    return () if elsewhere is False else (MEMBER,)
