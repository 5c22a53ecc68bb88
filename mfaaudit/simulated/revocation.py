"""Continuous access evaluation: from a moment on, tokens that were issued before it are refused with a challenge."""

from __future__ import annotations

import base64
import json
import time
from collections.abc import Mapping

from mfaaudit.simulated.answer import Answer, refusal
from mfaaudit.simulated.tokens import claims_in

SERVICE = "00000003-0000-0000-c000-000000000000"
"""Graph's own application."""


class Revocation:
    """Which tokens no longer count, and why."""

    def __init__(self, after: int | None, code: str) -> None:
        """`after` is how many requests are answered before the sessions are revoked; None is never by itself."""
        self._left = after
        self._code = code
        self._since: int | None = None
        self.challenges = 0

    def revoke(self) -> None:
        """Revokes the sessions: a token counts from now on if it was issued later, or asked for with the claims."""
        self._since = int(time.time()) + 1

    @property
    def claims(self) -> str:
        """The claims that a token is to be asked for with, as JSON."""
        return json.dumps({"access_token": {"nbf": {"essential": True, "value": str(self._since)}}})

    def count(self) -> None:
        """Notes one more request."""
        if self._left is not None:
            self._left -= 1
            if self._left < 0:
                self._left = None
                self.revoke()

    def challenge(self, headers: Mapping[str, str]) -> Answer | None:
        """The challenge to a token that no longer counts."""
        if self._since is None:
            return None
        issued = claims_in(headers.get("authorization", "").partition(" ")[2]).get("nbf")
        if isinstance(issued, int) and issued >= self._since:
            return None
        self.challenges += 1
        answer = refusal(
            401,
            "InvalidAuthenticationToken",
            "Continuous access evaluation resulted in challenge with result: InteractionRequired and code: "
            f"{self._code}",
        )
        claims = base64.b64encode(self.claims.encode()).decode()
        answer.headers["WWW-Authenticate"] = (
            'Bearer realm="", authorization_uri="https://login.microsoftonline.com/common/oauth2/authorize", '
            f'client_id="{SERVICE}", error="insufficient_claims", claims="{claims}"'
        )
        return answer


def issued_for(claims: str | None) -> int | None:
    """The moment from which a token is good that is asked for with the claims of a challenge; None without any."""
    wanted = json.loads(claims)["access_token"].get("nbf") if claims else None
    return None if wanted is None else int(wanted["value"])
