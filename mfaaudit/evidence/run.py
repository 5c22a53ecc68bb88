"""The facts of one audit: which tenant, who ran it, with which right, when, with what, in how many sessions."""

from __future__ import annotations

import dataclasses
import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, ClassVar, Self, TypeVar

from mfaaudit.errors import BundleProblem
from mfaaudit.json_reading import mended, read_json
from mfaaudit.kinds import checked
from mfaaudit.plain_files import read_plain
from mfaaudit.sources.listed_states import VERIFIED_BULK
from mfaaudit.sources.options import INTERVAL
from mfaaudit.sources.source import Source

BEGUN_FILE = "begun.json"
"""What is known when an audit begins; rewritten by each session that goes on with it."""
RUN_FILE = "run.json"
"""Stands beside the journals of an audit that read all it wanted; without it the audit was broken off."""
PER_USER = "per-user"
WAYS = (PER_USER, VERIFIED_BULK)
"""The ways of collecting."""
Part = TypeVar("Part", "Machine", "Asked")


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """Who read the tenant, from the claims of the token; the token itself is never kept."""

    kind: str
    """`application`, `delegated`, or `unknown` where the token is not one that can be read."""
    auth: str
    """The way of signing in that was asked for."""
    app_id: str
    app_name: str
    object_id: str
    user_principal_name: str
    tenant_id: str
    permissions: tuple[str, ...]
    """The scopes or roles that the token carries."""

    @property
    def called(self) -> str:
        """Who it is, by the best of the names that the token gives; empty if it gives none."""
        return self.user_principal_name or self.app_name or self.app_id or self.object_id

    def facts(self) -> dict[str, Any]:
        """The same for programs, in the words of results.json."""
        return {
            "kind": self.kind,
            "auth": self.auth,
            "appId": self.app_id,
            "appDisplayName": self.app_name,
            "objectId": self.object_id,
            "userPrincipalName": self.user_principal_name,
            "permissions": list(self.permissions),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Machine:
    """Where a part of the tenant was read from, and by which files of the program."""

    host: str
    account: str
    """Of the operating system, by the rights that the process had."""
    system: str
    python: str
    program_sha256: str
    """Of the program's own files; `mfaaudit.program` says how it is made."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a session was told of the connection; nothing in it is secret."""

    auth: str
    tenant: str
    """The tenant that was named, by id or by domain; empty if none was."""
    resume: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """One process that read a part of the tenant; an audit that was never broken off has one."""

    started_at: datetime
    ended_at: datetime | None
    """When it read for the last time; None while that is not known."""
    identity: Identity
    tool_version: str
    machine: Machine | None = None
    """None in audits that an earlier version began: it did not write it down."""
    asked: Asked | None = None
    """The same."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What is to be read; every session of an audit has the same."""

    collect: str = PER_USER
    """One of WAYS."""
    options: tuple[str, ...] = ()
    """The optional sources that were asked for, by the names of their options."""
    groups: tuple[str, ...] = ()
    """Object ids, in lower case and in order, of groups to be read because rules or exceptions name them."""
    metrics_interval: int = INTERVAL
    """Minutes that each count of MFA sign-ins covers, one of INTERVALS."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "groups", tuple(sorted({group.lower() for group in self.groups})))

    def asks_for(self, source: Source) -> bool:
        """Whether a source is to be read at all."""
        return source.collect in ("", self.collect) and (not source.option or source.option in self.options)

    def __str__(self) -> str:
        options = " ".join([f"--collect {self.collect}", *(f"--with-{option}" for option in self.options)])
        if self.metrics_interval != INTERVAL:
            options += f" --aggregation-interval {self.metrics_interval}"
        if not self.groups:
            return options
        groups = "the group" if len(self.groups) == 1 else "the groups"
        return f"{options} and rules or exceptions that name {groups} {', '.join(self.groups)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Begun:
    """An audit that has begun."""

    NONE: ClassVar[str] = "no audit that was begun"
    CURE: ClassVar[str] = "Give the folder of an audit that was broken off, or audit without --resume."

    id: str
    tool: str
    tool_version: str
    platform: str
    packages: dict[str, str]
    """Versions of the packages that carried the traffic."""
    started_at: datetime
    tenant_id: str
    tenant_name: str
    default_domain: str
    cloud: str
    graph: str
    """The root of the Graph service that answered."""
    identity: Identity
    """Of the first session."""
    collect: str
    options: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    metrics_interval: int = INTERVAL
    """Minutes that each count of MFA sign-ins covers; audits of earlier versions asked for the default."""
    simulated: bool
    """Whether the tenant was the simulated one; a report on it says so."""
    sessions: tuple[Session, ...] = ()

    @property
    def tenant_called(self) -> str:
        """What a person calls the tenant."""
        return self.tenant_name or self.default_domain or self.tenant_id

    @property
    def permissions(self) -> frozenset[str]:
        """The permissions that the tokens of all sessions carried."""
        held = [session.identity.permissions for session in self.sessions] or [self.identity.permissions]
        return frozenset(held[0]).intersection(*held[1:])

    @property
    def order(self) -> Order:
        """What is to be read."""
        return Order(
            collect=self.collect, options=self.options, groups=self.groups, metrics_interval=self.metrics_interval
        )

    def to_json(self) -> str:
        """The facts as JSON text."""
        facts = mended(dataclasses.asdict(self))
        return json.dumps(facts, default=_time, indent=2, sort_keys=True, ensure_ascii=False) + "\n"

    @classmethod
    def load(cls, path: Path) -> Self:
        """The facts that were written beside the evidence. Raises BundleProblem if they are not there whole."""
        try:
            facts: dict[str, Any] = read_json(read_plain(path))
            facts["identity"] = _identity(facts["identity"])
            facts["options"] = tuple(facts["options"])
            # Bundles of earlier versions were begun without any.
            facts["groups"] = tuple(facts.get("groups", ()))
            facts["sessions"] = tuple(_session(one) for one in facts["sessions"])
            times = [field.name for field in dataclasses.fields(cls) if field.type == "datetime"]
            facts |= {name: datetime.fromisoformat(facts[name]) for name in times}
            return checked(cls(**facts))
        except (FileNotFoundError, NotADirectoryError) as error:
            raise BundleProblem(
                f"{path.parent.parent} holds {cls.NONE}: there is no {path.parent.name}/{path.name}", hint=cls.CURE
            ) from error
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
            raise BundleProblem(
                f"{path} cannot be read: {error}",
                hint="The bundle is damaged or was made by another version: audit again.",
            ) from error


@dataclass(frozen=True, slots=True, kw_only=True)
class Run(Begun):
    """An audit that has read all it wanted."""

    NONE: ClassVar[str] = "no finished audit"
    CURE: ClassVar[str] = "Finish an audit that was broken off with `mfaaudit audit --resume --out` and this folder."

    finished_at: datetime
    metrics_from: datetime
    metrics_to: datetime
    requests: int
    throttled: int
    """Answers 429, of whole requests and of items in a batch."""


def _identity(facts: dict[str, Any]) -> Identity:
    return Identity(**(facts | {"permissions": tuple(facts["permissions"])}))


def _session(facts: dict[str, Any]) -> Session:
    ended = facts["ended_at"]
    return Session(
        started_at=datetime.fromisoformat(facts["started_at"]),
        ended_at=None if ended is None else datetime.fromisoformat(ended),
        identity=_identity(facts["identity"]),
        tool_version=facts["tool_version"],
        machine=_or_none(Machine, facts.get("machine")),
        asked=_or_none(Asked, facts.get("asked")),
    )


def _or_none(kind: type[Part], facts: dict[str, Any] | None) -> Part | None:
    return None if facts is None else kind(**facts)


def _time(value: object) -> str:
    if isinstance(value, datetime):
        return value.isoformat(timespec="milliseconds")
    raise TypeError(type(value).__name__)
