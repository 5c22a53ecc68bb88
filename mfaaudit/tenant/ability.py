"""Whether an identity can read a source: what one answer, and the token's claims, say about it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from mfaaudit.evidence.held import narrower_in_words, sufficient
from mfaaudit.evidence.response import NO_P2, NOT_PREMIUM, Response, error_code, is_garbled
from mfaaudit.evidence.run import Identity
from mfaaudit.sources import SOURCES
from mfaaudit.sources.source import Shape, Source
from mfaaudit.words import Reason

WRONG_ROLE = "Authentication_RequestFromUnsupportedUserRole"
"""How the reports refuse a person without a directory role."""
GLOBAL: Final = "global"


def _fewest() -> dict[str, str]:
    # Those without a choice first, so that a source with one takes what is needed anyway.
    chosen: list[str] = []
    found = {}
    for source in sorted(SOURCES, key=lambda one: len(one.permissions)):
        found[source.name] = next((one for one in chosen if one in source.permissions), source.permissions[0])
        chosen.append(found[source.name])
    return found


FEWEST: Mapping[str, str] = MappingProxyType(_fewest())
"""The permission to ask for, by source, so that there are few in all."""


class Ability(StrEnum):
    """Whether a source can be read."""

    READABLE = "READABLE"
    NO_PERMISSION = "NO_PERMISSION"
    """A permission is lacking, or a person's directory role."""
    NO_LICENSE = "NO_LICENSE"
    DELEGATED_ONLY = "DELEGATED_ONLY"
    """An application signed in, and only a person may read it."""
    CLOUD_UNSUPPORTED = "CLOUD_UNSUPPORTED"
    COULD_NOT_TELL = "COULD_NOT_TELL"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """Whether a source can be read, why not, and what to do about it."""

    ability: Ability
    needs: str = ""
    """What is lacking, in a few words; empty if it is not known."""
    why: str = ""
    cure: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """What is known of one source."""

    source: Source
    identity: Identity
    cloud: str
    response: Response | None
    """The one answer; None where there was nothing to ask."""
    named: bool = True
    """Whether the user or the group that was asked about exists; where none was known, one was made up."""
    premium_elsewhere: bool = False
    """Whether Graph gave another report that needs the same licence."""

    @property
    def withheld(self) -> tuple[str, ...]:
        """The names of the source's fields that the identity is not shown, though it is answered."""
        return self.source.withheld(self.identity.permissions)

    @property
    def answered(self) -> bool:
        """Whether something of the source can be read."""
        return self.response is not None and holds_answer(self.source, self.response)

    @property
    def granted(self) -> tuple[str, ...]:
        """The permissions of the token that suffice for the source."""
        return sufficient(self.source, self.identity)

    @property
    def permission(self) -> str:
        """The permission to ask for."""
        name = self.source.name
        return FEWEST[name] if name in FEWEST else self.source.permissions[0]

    @property
    def lacking(self) -> str:
        """Which permission the token lacks, and whether it carries a narrower one, in a sentence."""
        said = narrower_in_words(self.source, self.identity, self.permission)
        return said or f"The token carries no {self.permission}."


def finding_of(case: Case) -> Finding:
    """The finding, from the status and the error code, never from the message."""
    found, hidden = _of_answer(case), case.source.hidden
    if found.ability is not Ability.READABLE or not hidden or hidden in case.identity.permissions:
        return found
    return Finding(
        ability=Ability.READABLE,
        why=f"{found.why} Without {hidden} Graph says nothing of the members of groups with hidden membership.".strip(),
        cure=f"Grant {hidden} as well if a policy, a role, a rule or an exception names such a group; "
        "without it, what depends on its members stays open.",
    )


def _of_answer(case: Case) -> Finding:
    source, response = case.source, case.response
    if response is None:
        return Finding(
            ability=Ability.DELEGATED_ONLY,
            needs="a person",
            why="Graph gives it to no application; what the registration details show is counted from them.",
            cure=f"Nothing to grant: only a person with {case.permission} may read it.",
        )
    if source.may_not_exist and response.status in (400, 404):
        return Finding(ability=Ability.READABLE, why="This cloud has nothing of the kind, or the tenant has none.")
    if not case.named:
        return _of_nobody(case, response)
    if holds_answer(source, response):
        return _of_fields(case) if case.withheld else Finding(ability=Ability.READABLE)
    if response.status in (400, 403) and error_code(response.json()) == NO_P2:
        return _no_license("Microsoft Entra ID P2", "Graph refused the read: it needs a Microsoft Entra ID P2 licence.")
    if response.status in (401, 403):
        return _refused(case, response)
    if response.status in (400, 404) and source.global_cloud_only and case.cloud != GLOBAL:
        return Finding(
            ability=Ability.CLOUD_UNSUPPORTED,
            needs="another cloud",
            why=Reason.CLOUD_UNSUPPORTED.meaning,
            cure=Reason.CLOUD_UNSUPPORTED.cure,
        )
    if response.status in (404, 410):
        return _untold(
            f"{_trouble(response)} There is nothing at this address.", "Check --cloud, --tenant and --graph-url."
        )
    return _untold(_trouble(response))


def _of_fields(case: Case) -> Finding:
    """Of a source that is answered in part: what the permission of the token does not show."""
    held = next(permission for permission in case.source.limited if permission in case.identity.permissions)
    return Finding(
        ability=Ability.NO_PERMISSION,
        needs=FEWEST[case.source.name],
        why=f"{held} shows the names of users only. Not shown: {', '.join(case.withheld)}.",
        cure=f"Grant {FEWEST[case.source.name]}.",
    )


def holds_answer(source: Source, response: Response) -> bool:
    """Whether the answer is one that an audit could read."""
    well = response.ok and not is_garbled(source, response)
    return well and (source.shape is Shape.COUNT or isinstance(response.json(), dict))


def _refused(case: Case, response: Response) -> Finding:
    source, kind = case.source, case.identity.kind
    permission = case.permission
    role = " or ".join(source.directory_roles)
    if response.status == 403 and error_code(response.json()) == NOT_PREMIUM:
        return _unlicensed(case)
    if response.status == 401:
        return _untold("Graph takes the token for invalid here.", "Sign in again, then check again.")
    if kind == "delegated":
        if case.granted or error_code(response.json()) == WRONG_ROLE:
            held = f"The token carries {case.granted[0]}" if case.granted else "Graph names the role"
            return _forbidden(
                f"the role {source.directory_roles[0]}",
                f"{held}: the person lacks a directory role.",
                f"Assign the person the role {role}.",
            )
        return _forbidden(
            permission,
            case.lacking,
            f"Consent to {permission} for the person, who also needs the role {role}.",
        )
    if kind == "application" and not case.granted:
        cure = f"Grant the application {permission}, with consent."
        return _forbidden(permission, case.lacking, cure)
    if kind == "application" and source.shape is Shape.PER_USER:
        return _untold(
            f"The token carries {case.granted[0]}, yet Graph refused the one user who was asked about.",
            "That user may be out of reach alone, in a restricted administrative unit: the audit will tell.",
        )
    if kind == "application":
        return _forbidden(
            "",
            f"The token carries {case.granted[0]}, yet Graph refused.",
            "Look for a policy that restricts the application; sign in again if the consent is new.",
        )
    also = " An application cannot be granted it." if source.delegated_only else ""
    return _forbidden(
        permission,
        "The token cannot be looked into, so the permission or a person's role may be lacking.",
        f"Grant {permission}; a person also needs the role {role}.{also}",
    )


def _unlicensed(case: Case) -> Finding:
    if case.premium_elsewhere:
        return _untold(
            "Graph refused for want of a licence, yet gave another report that needs the same one.",
            "At times this refusal is sent in error: check again.",
        )
    permission = case.permission
    more = "" if case.granted or case.identity.kind == "unknown" else f" {permission} is lacking as well."
    return _no_license("Microsoft Entra ID P1 or P2", Reason.NO_LICENSE.meaning + more)


def _no_license(needs: str, why: str) -> Finding:
    return Finding(ability=Ability.NO_LICENSE, needs=needs, why=why, cure=Reason.NO_LICENSE.cure)


def _of_nobody(case: Case, response: Response) -> Finding:
    # Nobody was known to ask about. Graph refuses before it looks, so that a refusal counts; "not found" shows little.
    if response.status == 403:
        return _refused(case, response)
    if case.source.shape is Shape.PER_USER:
        return _untold("No user could be listed to ask about.", "Make the users readable first.")
    if response.status == 404 and case.granted:
        return Finding(ability=Ability.READABLE, why=f"Nothing to read was seen; the token carries {case.granted[0]}.")
    return _untold("There was nothing to ask about, and the token does not say.")


def _forbidden(needs: str, why: str, cure: str) -> Finding:
    return Finding(ability=Ability.NO_PERMISSION, needs=needs, why=why, cure=cure)


def _untold(why: str, cure: str = "Check again; the audit asks more than once.") -> Finding:
    return Finding(ability=Ability.COULD_NOT_TELL, why=why, cure=cure)


def _trouble(response: Response) -> str:
    if response.status == 0:
        return f"No answer came: {response.problem}"
    if response.ok:
        return "The answer could not be read."
    code = error_code(response.json())
    return f"Graph answered {response.status}{f' ({code})' if code else ''}."
