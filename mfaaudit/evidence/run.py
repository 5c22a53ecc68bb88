"""The facts of one audit: which tenant, who ran it, with which right, when, with what."""

from __future__ import annotations

import dataclasses
import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from mfaaudit.errors import BundleProblem

RUN_FILE = "run.json"
"""Stands beside the journals of an audit that read all it wanted; without it the audit was broken off."""


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
class Run:
    """One audit."""

    id: str
    tool: str
    tool_version: str
    platform: str
    packages: dict[str, str]
    """Versions of the packages that carried the traffic."""
    started_at: datetime
    finished_at: datetime
    tenant_id: str
    tenant_name: str
    default_domain: str
    cloud: str
    graph: str
    """The root of the Graph service that answered."""
    identity: Identity
    collect: str
    metrics_from: datetime
    metrics_to: datetime
    requests: int
    throttled: int
    """Answers 429, of whole requests and of items in a batch."""
    simulated: bool
    """Whether the tenant was the simulated one; a report on it says so."""

    def to_json(self) -> str:
        """The facts as JSON text."""
        return json.dumps(dataclasses.asdict(self), default=_time, indent=2, sort_keys=True) + "\n"

    @classmethod
    def load(cls, path: Path) -> Run:
        """The facts that were written beside the evidence. Raises BundleProblem if they are not there whole."""
        try:
            facts: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
            identity = facts.pop("identity")
            identity["permissions"] = tuple(identity["permissions"])
            times = ("started_at", "finished_at", "metrics_from", "metrics_to")
            facts |= {name: datetime.fromisoformat(facts[name]) for name in times}
            return cls(identity=Identity(**identity), **facts)
        except FileNotFoundError as error:
            raise BundleProblem(
                f"{path.parent.parent} holds no finished audit: there is no {path.parent.name}/{path.name}",
                hint="Give the folder of an audit that ran to its end; one that was broken off must be run again.",
            ) from error
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise BundleProblem(
                f"{path} cannot be read: {error}",
                hint="The bundle is damaged or was made by another version: audit again.",
            ) from error


def _time(value: object) -> str:
    if isinstance(value, datetime):
        return value.isoformat(timespec="milliseconds")
    raise TypeError(type(value).__name__)
