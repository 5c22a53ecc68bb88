"""One thing that Graph is asked for: where it is, what it needs, and which values it gives."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType

from mfaaudit.sources.field import Field


class Shape(StrEnum):
    """How the answer comes."""

    PAGES = "pages"
    """A collection: `value`, and `@odata.nextLink` while there is more."""
    OBJECT = "object"
    """One answer, whole."""
    COUNT = "count"
    """A bare number as text."""
    PER_USER = "per-user"
    """One call for each user, twenty in a `$batch`."""


class Bucket(StrEnum):
    """Which of Graph's quotas the calls are counted against (throttling-limits page)."""

    IDENTITY = "identity"
    REPORTS = "reports"
    CONDITIONAL_ACCESS = "conditional access"
    SIGN_IN_ACTIVITY = "sign-in activity"


EVOLVABLE = MappingProxyType({"Prefer": "include-unknown-enum-members"})
"""Asks for the members of enums that were added later; without it Graph sends `unknownFutureValue` in their place."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One endpoint, and what a reader of the report must know about it."""

    name: str
    title: str
    version: str
    """`v1.0`, or `beta`, which Microsoft does not support for production use."""
    path: str
    """Below the version, with the query; `{id}` is an object id, `{start}` and `{end}` are the days asked for."""
    of_one: str = ""
    """Of a collection with a row for each user: the same below the version, where one user's row is asked for alone."""
    shape: Shape
    permissions: tuple[str, ...]
    """Any one of these suffices; the least of them first."""
    also_whole: tuple[str, ...] = ()
    """Permissions that suffice too, and allow more than an audit should ask for."""
    limited: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Permissions that do not suffice and are not refused: each with the names of the fields that it gives alone."""
    directory_roles: tuple[str, ...] = ("Global Reader",)
    """A person needs one of these beside the permission; some pages name none, and there Global Reader is enough."""
    bucket: Bucket = Bucket.IDENTITY
    headers: Mapping[str, str] = field(default_factory=dict)
    hidden: str = ""
    """The permission without which Graph answers and leaves something out; empty if it leaves out nothing."""
    may_not_exist: bool = False
    """Whether 400 or 404 says that the tenant has nothing of the kind, since its cloud does not know it yet."""
    delegated_only: bool = False
    """No application permission exists for it."""
    premium: bool = False
    """Graph refuses it without Microsoft Entra ID P1 or P2."""
    global_cloud_only: bool = False
    needed: bool = False
    """Without it there is no audit."""
    option: str = ""
    """The option of `audit` that asks for it, by its name in sources/options.py; empty if it is always asked for."""
    collect: str = ""
    """The way of collecting that asks for it, as `--collect` names it; empty if every way does."""
    stand_in: str = ""
    """The name of the source whose rows hold the same properties, and may stand in for it under `verified-bulk`."""
    fields: tuple[Field, ...] = ()
    page: str
    """The documentation page that the rest was read from."""

    def withheld(self, permissions: Collection[str]) -> tuple[str, ...]:
        """The names of the fields that an identity with these permissions is not shown, though it is answered."""
        if any(permission in permissions for permission in (*self.permissions, *self.also_whole)):
            return ()
        given = [names for permission, names in self.limited.items() if permission in permissions]
        return tuple(one.name for one in self.fields if given and not any(one.name in names for names in given))
