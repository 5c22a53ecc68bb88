"""Ask whether the signed-in person may read their own per-user MFA state: a question of `check`, and of no audit."""

from __future__ import annotations

from mfaaudit.evidence.run import Identity
from mfaaudit.sources.source import Shape, Source
from mfaaudit.tenant.ability import Ability, Case, Finding, finding_of
from mfaaudit.tenant.probe import OneCall

SOURCE = Source(
    name="ownRequirements",
    title="Your own per-user MFA state",
    version="beta",
    path="/me/authentication/requirements",
    shape=Shape.OBJECT,
    # "Permissions acting on self": a person's alone, and the same as for others.
    permissions=("Policy.Read.All",),
    directory_roles=("Global Reader", "Authentication Policy Administrator"),
    delegated_only=True,
    page="authentication-get",
)
NOBODY = Finding(
    ability=Ability.DELEGATED_ONLY,
    needs="a person",
    why="An application has no account of its own that /me could mean.",
    cure="Nothing to grant: an audit does not need it.",
)


async def own_case(reader: OneCall, identity: Identity, cloud: str) -> Case:
    """The case of the signed-in person's own state; an application is not asked about one."""
    if identity.kind != "application":
        await reader.ask(SOURCE, reader.url(SOURCE))
    return Case(source=SOURCE, identity=identity, cloud=cloud, response=reader.answers.get(SOURCE.name))


def own_finding(case: Case, others: Finding) -> Finding:
    """Whether the person may read their own state; `others` is the finding on everybody's state."""
    response = case.response
    # Graph answers 400 where the token speaks for nobody; one that cannot be looked into may be an application's.
    if response is None or (response.status == 400 and case.identity.kind == "unknown"):
        return NOBODY
    found = finding_of(case)
    if found.ability is Ability.READABLE and others.ability is Ability.NO_PERMISSION:
        return Finding(
            ability=Ability.READABLE,
            why="You may read your own state and not that of others: the permission is there, and a directory role is "
            "missing.",
            cure=f"Assign the person the role {' or '.join(SOURCE.directory_roles)}.",
        )
    return found
