"""One cure: who does what, for whom it fits, and which value it changes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from mfaaudit.declared.words import AccountClass
from mfaaudit.findings.condition import Condition
from mfaaudit.sources.field import Field, Kind, Scope
from mfaaudit.vocabulary import FIELDS
from mfaaudit.words import Reason


class Who(StrEnum):
    """Who does it."""

    USER = "user"
    ADMINISTRATOR = "administrator"
    AUDITOR = "auditor"


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where Graph keeps a value that an action can change."""

    field: str
    """The name in the vocabulary."""
    version: str
    path: str
    """With `{id}` where the object id goes."""
    select: str
    """What a read asks for; empty where the path gives nothing else."""
    permissions: tuple[str, ...]
    """What a script needs; this program has none of them."""

    @property
    def key(self) -> str:
        """The property in Graph's JSON."""
        return FIELDS[self.field].key

    @property
    def values(self) -> tuple[str, ...]:
        """What it can be set to, as text."""
        field = FIELDS[self.field]
        return ("true", "false") if field.kind is Kind.BOOLEAN else field.values


_PLACES = (
    Place(
        field="requirements.perUserMfaState",
        version="beta",
        path="/users/{id}/authentication/requirements",
        select="",
        permissions=("Policy.ReadWrite.AuthenticationMethod",),
    ),
    Place(
        field="user.accountEnabled",
        version="v1.0",
        path="/users/{id}",
        select="id,accountEnabled",
        permissions=("User.EnableDisableAccount.All", "User.Read.All"),
    ),
)
PLACES: Mapping[str, Place] = MappingProxyType({place.field: place for place in _PLACES})
"""The values that an action can change, by the name of their field."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One value to set."""

    place: Place
    value: str
    """As text: `disabled`, `false`."""

    @property
    def field(self) -> Field:
        """The field that it changes."""
        return FIELDS[self.place.field]

    def json_value(self, value: str) -> str | bool:
        """A value of the property as JSON has it."""
        return value == "true" if self.field.kind is Kind.BOOLEAN else value


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """One cure."""

    id: str
    title: str
    who: Who
    steps: str
    tell: str = ""
    """What a person who does it is told, in words for a person; empty if nobody is written to."""
    scope: Scope = Scope.USER
    """Whether it is done once for each user, or once for the tenant."""
    preconditions: Condition | None = None
    """About the tenant."""
    when: Condition | None = None
    """About whom it is for; it is chosen only where this surely holds."""
    reasons: tuple[Reason, ...] = ()
    """Why something could not be judged, if it cures that."""
    safe_if: Condition | None = None
    """Without which a person has to decide; like `when`, it must surely hold."""
    not_for: tuple[AccountClass, ...] = ()
    """Classes of accounts for which a person has to decide."""
    change: Change | None = None
    of_rule: str = ""
    """The id of the rule whose own remediation it is; empty for one of the catalogue."""

    @property
    def left_to_people(self) -> tuple[AccountClass, ...]:
        """The classes for which nothing is ready: a script never touches an account for emergencies, or an agent's."""
        always = (AccountClass.BREAK_GLASS, AccountClass.AGENT) if self.change is not None else ()
        return tuple(dict.fromkeys((*always, *self.not_for)))
