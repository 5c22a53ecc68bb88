"""A tenant that answers as Microsoft Graph does; it knows Graph's words and nothing of the program that asks."""

from __future__ import annotations

import time
from collections import ChainMap
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from mfaaudit.simulated.asgi import Application
from mfaaudit.simulated.directory import Directory
from mfaaudit.simulated.graph import Graph, moving
from mfaaudit.simulated.mood import MOOD, ODDITIES
from mfaaudit.simulated.names import DOMAIN
from mfaaudit.simulated.paging import Tokens
from mfaaudit.simulated.quota import Quotas
from mfaaudit.simulated.revocation import Revocation, issued_for
from mfaaudit.simulated.storm.expiry import runs_out
from mfaaudit.simulated.storm.wire import Weather
from mfaaudit.simulated.tokens import issue

MOODS: dict[str, str] = {name: mood.title for name, mood in MOOD.items()}
"""What each mood is like, in a sentence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Simulation:
    """One tenant, ready to be asked."""

    app: Application
    """An ASGI application."""
    directory: Directory
    mood: str
    revocation: Revocation
    default_domain: str = DOMAIN

    @property
    def tenant_id(self) -> str:
        """The tenant's GUID."""
        return self.directory.tenant

    @property
    def user_count(self) -> int:
        """How many users the directory counts now."""
        return self.directory.count

    def access_token(
        self,
        *,
        kind: str | None = None,
        permissions: Sequence[str] | None = None,
        lifetime_seconds: float = 3600,
        claims: str | None = None,
    ) -> str:
        """The token that an auditor of this tenant holds; `kind` is `delegated` or `application`.

        `claims` are those of a challenge, as JSON: the token is then as good as they demand.
        """
        mood = self.directory.mood
        return issue(
            self.tenant_id,
            self.default_domain,
            delegated=(kind or mood.token) == "delegated",
            permissions=mood.permissions if permissions is None else permissions,
            now=time.time(),
            lifetime=lifetime_seconds,
            not_before=issued_for(claims),
        )


def open_tenant(
    *,
    users: int = 1200,
    seed: int = 7,
    mood: str = "messy",
    oddities: Sequence[str] = (),
    now: datetime,
    quota: bool = True,
    quota_scale: float = 1.0,
    clock: Callable[[], float] = time.monotonic,
    breaks_off: Callable[[], Exception] | None = None,
    page_token_seconds: float | None = None,
    quarter: int = 0,
    revokes_after: int | None = None,
    revokes_with: str = "TokenIssuedBeforeRevocationTimestamp",
) -> Simulation:
    """A tenant with its people; the same arguments give the same tenant.

    `oddities` are added to the mood, by their names in ODDITIES. `clock` counts seconds for the quotas, which `quota`
    switches and `quota_scale` multiplies, and for the links to further pages, which are good for `page_token_seconds`;
    without that, for ever. `breaks_off` makes what a client in
    this process raises where a connection is reset; without it, a proxy's empty 502 comes instead. `quarter` says how
    many quarters before `now` the organisation was made: a quarter later it is the same one, and older. Raises KeyError
    for an unknown mood or oddity.
    """
    odd = replace(MOOD[mood], **dict(ChainMap(*(ODDITIES[name] for name in oddities))))
    tokens = Tokens(clock, seconds=page_token_seconds, runs_out=runs_out if odd.expiring else None)
    directory = Directory(users, seed, odd, now, tokens, quarter=quarter)
    quotas = Quotas(users, quota_scale * odd.quota, clock, directory.tenant) if quota else None
    weather = Weather(breaks_off) if odd.stormy else None
    revocation = Revocation(revokes_after, revokes_with)
    app = Application(Graph(directory, quotas, moving(now), revocation), seed, weather)
    return Simulation(app=app, directory=directory, mood=mood, revocation=revocation)
