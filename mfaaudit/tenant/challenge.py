"""A claims challenge: Graph no longer takes a token before it has run out, says why, and which claims it wants."""

from __future__ import annotations

import asyncio
import base64
import re
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from azure.core.credentials import AccessToken
from azure.core.exceptions import ClientAuthenticationError

from mfaaudit.errors import SignInFailed
from mfaaudit.json_reading import read_json

LONGEST = 16_384
"""Characters of a challenge's claims."""
SPARE = 300.0
"""Seconds before it runs out at which a token is no longer handed out."""
WHY = {
    "TokenIssuedBeforeRevocationTimestamp": "the session was revoked, by an administrator or because the password or "
    "the account changed",
    "TokenCreatedWithOutdatedPolicies": "a Conditional Access policy has changed since the sign-in",
    "LocationConditionEvaluationSatisfied": "a Conditional Access policy does not allow access from this network",
}
"""What the codes of continuous access evaluation mean."""
HINT = "Sign in again and go on with --resume; what has been read is kept."
_CLAIMS = re.compile(r'claims="([^"]*)"')
_CODE = re.compile(r"\bcode: ?(\w{1,80})")


@dataclass(frozen=True, slots=True, kw_only=True)
class Challenge:
    """What Graph wants, and why."""

    claims: str
    """The JSON that the sign-in service is to be given."""
    code: str
    """The code of continuous access evaluation; empty if Graph gave none."""

    @property
    def why(self) -> str:
        """The reason in words, with Graph's own code."""
        wanted = read_json(self.claims)["access_token"]
        words = WHY.get(self.code) or _meaning(wanted)
        since = _moment(wanted.get("nbf"))
        parts = [self.code, f"tokens issued before {since} no longer count" if since else ""]
        inside = "; ".join(part for part in parts if part)
        return f"{words} ({inside})" if inside else words


def challenge_in(status: int, header: str, body: Any) -> Challenge | None:
    """The challenge in an answer; None if it is none, or one that cannot be read."""
    found = _CLAIMS.search(header) if status == 401 else None
    if found is None:
        return None
    encoded = found[1][:LONGEST].replace("-", "+").replace("_", "/").rstrip("=")
    try:
        claims = base64.b64decode(encoded + "=" * (-len(encoded) % 4), validate=True).decode("utf-8")
        wanted = read_json(claims)
    except ValueError:
        return None
    if not isinstance(wanted, dict) or not isinstance(wanted.get("access_token"), dict):
        return None
    error = body.get("error") if isinstance(body, dict) else None
    message = error.get("message") if isinstance(error, dict) else None
    code = _CODE.search(message) if isinstance(message, str) else None
    return Challenge(claims=claims, code="" if code is None else code[1])


def _meaning(wanted: dict[str, Any]) -> str:
    if "nbf" in wanted:
        return "the session was revoked"
    if "xms_rp_ipaddr" in wanted:
        return WHY["LocationConditionEvaluationSatisfied"]
    if "acrs" in wanted:
        return "a Conditional Access policy requires a stronger sign-in"
    return f"it wants these claims: {', '.join(sorted(map(str, wanted)))[:200] or 'none'}"


def _moment(claim: Any) -> str:
    value = claim.get("value") if isinstance(claim, dict) else None
    if not isinstance(value, str) or not re.fullmatch(r"[0-9]{1,11}", value):
        return ""
    return f"{datetime.fromtimestamp(int(value), UTC):%Y-%m-%d %H:%M:%S} UTC"


class Renewable:
    """A credential that answers a challenge once for all requests that meet it, and hands out the new token."""

    def __init__(self, credential: Any, scopes: list[str]) -> None:
        self._credential = credential
        self._scopes = scopes
        self._lock = asyncio.Lock()
        self._token: AccessToken | None = None
        """The answer to the last challenge, for as long as it is good."""
        self._handed_out = ""
        self.generation = 0
        """How many challenges were answered; a request notes it before it is sent."""
        self._accepted = True
        """Whether Graph has taken a token since the last challenge."""

    async def get_token(self, *scopes: str, claims: str | None = None, **options: Any) -> AccessToken:
        """A token as the SDK asks for it before each request; `claims` are None there."""
        token = self._token
        if token is None or token.expires_on - time.time() < SPARE:
            found = self._credential.get_token(*scopes, claims=claims, **options)
            # The credentials that ask a person exist in azure-identity only without async.
            token = await found if hasattr(found, "__await__") else found
        self._handed_out = token.token
        return token

    def accepted(self, generation: int) -> None:
        """Notes that Graph took the token of a request of this generation."""
        self._accepted = self._accepted or generation == self.generation

    async def answer(self, challenge: Challenge, generation: int) -> None:
        """Gets a token with the claims, unless that was done after the request of this generation was sent.

        Raises SignInFailed, with Graph's reason, if the credential cannot, or if Graph refuses the new token as well.
        """
        async with self._lock:
            if generation != self.generation:
                return
            if not self._accepted:
                raise _refused(challenge, "nor the one that was got to replace it")
            try:
                token = await self._ask(challenge.claims)
            except ClientAuthenticationError as error:
                lines = str(error).strip().splitlines() or [type(error).__name__]
                raise _refused(challenge, f"and no other could be had ({lines[0]})") from error
            if token.token == self._handed_out:
                raise _refused(challenge, "and this way of signing in gives the same one again")
            self._token, self._accepted = token, False
            self.generation += 1

    async def _ask(self, claims: str) -> AccessToken:
        get = self._credential.get_token
        options = {"claims": claims, "enable_cae": True}
        # Whoever asks a person waits for an answer, while the requests of the others go on.
        token: Any = (
            get(*self._scopes, **options)
            if asyncio.iscoroutinefunction(get)
            else await asyncio.to_thread(get, *self._scopes, **options)
        )
        got: AccessToken = await token if hasattr(token, "__await__") else token
        return got


def _refused(challenge: Challenge, why_not: str) -> SignInFailed:
    return SignInFailed(
        f"Graph no longer accepts the token, {why_not}. The reason it gives: {challenge.why}", hint=HINT
    )
