"""What asks each user for MFA: security defaults, policies, per-user MFA, and what only looks like it.

Each of them may give a user one of several answers, of which the strongest counts. An answer is certain where
something surely gives it and nothing may give a stronger one; else the user is open. Policies that are for some
sign-ins only are joined where together they surely leave none: a user who must use MFA at some and is blocked at the
others counts as one of whom MFA is required on all resources.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from mfaaudit.facts.conditional_access.conditions import Applies
from mfaaudit.facts.conditional_access.covering import policies_in
from mfaaudit.facts.conditional_access.crowd import NOBODY, Crowd, both, either, without
from mfaaudit.facts.conditional_access.grant import Asked
from mfaaudit.facts.conditional_access.joining import Piece, everywhere
from mfaaudit.facts.conditional_access.listed import further
from mfaaudit.facts.conditional_access.people import People
from mfaaudit.facts.conditional_access.policy import Policy, State, Strength
from mfaaudit.facts.conditional_access.users import excluded, included
from mfaaudit.facts.given import Given
from mfaaudit.known_ids import SYNCHRONIZATION_ROLES
from mfaaudit.sources.field import STRANGE
from mfaaudit.words import Unknown


class Enforcer(StrEnum):
    """The answers, strongest first."""

    SECURITY_DEFAULTS = "securityDefaults"
    ALL_RESOURCES = "conditionalAccessAllResources"
    PER_USER = "perUserMfa"
    THIRD_PARTY = "thirdParty"
    SOME_RESOURCES = "conditionalAccessSomeResources"
    UNDER_CONDITIONS = "conditionalAccessUnderConditions"
    EXCLUDED = "excluded"
    REPORT_ONLY = "reportOnly"
    NONE = "none"


EVERYWHERE = (Enforcer.SECURITY_DEFAULTS, Enforcer.ALL_RESOURCES, Enforcer.PER_USER)
"""The answers that require MFA on every resource, and leave no way round; a custom control is not MFA."""
GIVERS = {Enforcer(one.value): one for one in Strength if one not in (Strength.NOTHING, Strength.ALL_RESOURCES)}
"""The answers that a policy gives by itself; of those on all resources `everywhere` tells."""
NO_POLICIES: Mapping[str, Crowd] = {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """The users who have one answer."""

    answer: Enforcer | Unknown
    users: int
    policies: Mapping[str, Crowd]
    """The policies that give it, by their label, and to whom."""


def parts(given: Given) -> list[Part]:
    """All users, by what asks them."""
    people = People(given)
    return _divided(_sources(given, people), people)


def asked_everywhere(given: Given, people: People | None = None) -> Crowd:
    """Whoever is asked on every resource, by whatever it is; `people` are the users, if they hold other roles than now.

    More is certain here than which of them it is: whoever has per-user MFA is asked, whatever a policy that was not
    read would say.
    """
    sources = _sources(given, People(given) if people is None else people)
    return either(crowd for answer in EVERYWHERE for crowd in sources.get(answer, NO_POLICIES).values())


def _sources(given: Given, people: People) -> dict[Enforcer, dict[str, Crowd]]:
    sources = {Enforcer.SECURITY_DEFAULTS: {"": _by_security_defaults(given, people)}}
    sources |= _by_policies(given, people)
    sources[Enforcer.PER_USER] = {"": people.by_state()}
    return sources


def _divided(sources: Mapping[Enforcer, Mapping[str, Crowd]], people: People) -> list[Part]:
    left = people.everybody.yes
    found = []
    for answer in Enforcer:
        givers = sources.get(answer, NO_POLICIES)
        # Those who are left have no stronger answer, nor may they have one.
        crowd = either(givers.values()).within(left) if answer is not Enforcer.NONE else Crowd(left)
        if crowd.yes:
            own = {label: one for label, one in givers.items() if label}
            found.append(Part(answer=answer, users=crowd.yes, policies=own))
        found += [Part(answer=why, users=users, policies=NO_POLICIES) for why, users in crowd.gaps]
        left &= ~crowd.maybe
    return found


def _by_security_defaults(given: Given, people: People) -> Crowd:
    objects = given.objects("identitySecurityDefaultsEnforcementPolicy")
    if isinstance(objects, Unknown):
        return people.open(objects)
    is_on = objects[-1].get("isEnabled") if objects else None
    if is_on is False:
        return NOBODY
    if is_on is not True:
        return people.open(STRANGE)
    # Security defaults pass over the account that synchronizes the directory.
    return without(people.everybody, either(people.with_role(role) for role in SYNCHRONIZATION_ROLES))


def _by_policies(given: Given, people: People) -> dict[Enforcer, dict[str, Crowd]]:
    policies = policies_in(given)
    if isinstance(policies, Unknown):
        # A policy stays in force when the licence for it has run out, so that none may be ruled out.
        return {Enforcer.ALL_RESOURCES: {"": people.open(policies)}}
    found: defaultdict[Enforcer, dict[str, Crowd]] = defaultdict(dict)
    pieces = []
    for policy in policies:
        if policy.state is State.DISABLED:
            continue
        inside, outside = included(policy.users, people), excluded(policy.users, people)
        pieces += _pieces(policy, without(inside, outside))
        for answer, crowd in _by_policy(policy, inside, outside).items():
            label = policy.label
            found[answer][label] = either([crowd, found[answer].get(label, NOBODY)])
    found[Enforcer.ALL_RESOURCES] = everywhere(pieces)
    beyond = further(given)
    if beyond is not None:
        # What was not read may be for anybody, and ask on every resource.
        found[Enforcer.ALL_RESOURCES][""] = people.open(beyond)
    return found


def _pieces(policy: Policy, meant: Crowd) -> list[Piece]:
    if policy.state is State.REPORT_ONLY or policy.reach is None or not (policy.blocks or Asked.MFA in policy.asked):
        return []
    sure = policy.state is State.ENABLED and policy.reach.is_sure and (policy.blocks or policy.asked == {Asked.MFA})
    crowd = meant if sure else meant.doubted(STRANGE)
    # A policy for legacy clients alone keeps them out: they cannot answer a request for MFA.
    asks = not policy.blocks and policy.times != {Applies.NEVER}
    return [Piece(label=policy.label, crowd=crowd, reach=policy.reach, asks=asks)]


def _by_policy(policy: Policy, inside: Crowd, outside: Crowd) -> dict[Enforcer, Crowd]:
    if policy.strengths == {Strength.NOTHING}:
        return {}
    meant, left_out = without(inside, outside), both(inside, outside)
    asks_surely = Strength.NOTHING not in policy.strengths
    found: dict[Enforcer, Crowd] = {}
    if policy.state is not State.REPORT_ONLY:
        on = policy.state is State.ENABLED
        for answer, strength in GIVERS.items():
            if strength in policy.strengths:
                found[answer] = meant if on and len(policy.strengths) == 1 else meant.doubted(STRANGE)
        found[Enforcer.EXCLUDED] = left_out if on and asks_surely else left_out.doubted(STRANGE)
    if policy.state is not State.ENABLED:
        sure = asks_surely and policy.state is State.REPORT_ONLY
        found[Enforcer.REPORT_ONLY] = meant if sure else meant.doubted(STRANGE)
    return found
