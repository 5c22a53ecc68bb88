"""Whom a policy is for: cases that are easily misread."""

from policies_by_hand import (
    A_GROUP,
    AGENTS,
    ALL,
    ASSIGNED,
    BUILDING,
    CONDITIONS,
    DELETED,
    EVERY_HOME,
    EVOLVABLE,
    EXCLUDED,
    EXTERNAL,
    FORBIDDEN,
    GLOBAL_ADMINISTRATOR,
    GONE,
    GUESTS,
    NONE,
    NOT_READ,
    ONE_HOME,
    STRANGE,
    SYNCHRONIZATION,
    TENANTS,
    USERS,
    Case,
    everybody,
    holds,
    kinds,
    only,
    policy,
)

WHO = [
    Case(name="all users, guests too", policies=[policy()], expected=everybody(ALL), source=ASSIGNED),
    Case(name="no users", policies=[policy(users={"includeUsers": ["None"]})], expected=everybody(NONE), source=USERS),
    Case(
        name="users by id, whatever the case",
        policies=[policy(users={"includeUsers": ["ANN"]})],
        expected=everybody(NONE) | {"ann": ALL},
        source=USERS,
    ),
    Case(
        name="a group",
        policies=[policy(users=only(includeGroups=["g"]))],
        groups={"g": ["BOB"]},
        expected=everybody(NONE) | {"bob": ALL},
        source=ASSIGNED,
    ),
    Case(
        name="a group of which not even the members were read",
        policies=[policy(users=only(includeGroups=["g"], includeUsers=["ann"]))],
        groups={"g": FORBIDDEN},
        expected=everybody(FORBIDDEN) | {"ann": ALL},
        source=ASSIGNED,
    ),
    Case(
        name="a group that is gone holds nobody",
        policies=[policy(users=only(includeGroups=["g"]))],
        groups={"g": GONE},
        expected=everybody(NONE),
        source=DELETED,
    ),
    Case(
        name="an exclusion by a group that is gone leaves nobody out",
        policies=[policy(users={"excludeGroups": ["g"]})],
        groups={"g": GONE},
        expected=everybody(ALL),
        source=DELETED,
    ),
    Case(
        name="exclusion overrides inclusion",
        policies=[policy(users=only(includeUsers=["ann", "bob"], excludeUsers=["ann"]))],
        expected=everybody(NONE) | {"ann": EXCLUDED, "bob": ALL},
        source=ASSIGNED,
    ),
    Case(
        name="excluded by a group though included by name",
        policies=[policy(users=only(includeUsers=["ann"], excludeGroups=["g"]))],
        groups={"g": ["ann", "bob"]},
        # Bob is left out of what did not include him.
        expected=everybody(NONE) | {"ann": EXCLUDED},
        source=ASSIGNED,
    ),
    Case(
        name="an excluded group that was not read leaves all open",
        policies=[policy(users={"excludeGroups": [A_GROUP]})],
        expected=everybody(NOT_READ),
        source=ASSIGNED,
    ),
    Case(
        name="excluded from one, asked by another",
        policies=[policy("A", users={"excludeUsers": ["ann"]}), policy("B", users={"includeUsers": ["ann"]})],
        expected=everybody(ALL),
        source=BUILDING,
    ),
    Case(
        name="a role, by its template id and whatever the case",
        policies=[policy(users=only(includeRoles=[GLOBAL_ADMINISTRATOR.upper()]))],
        roles=[holds("ann"), holds("g", kind="group")],
        groups={"g": ["eve"]},
        expected=everybody(NONE) | {"ann": ALL, "eve": ALL},
        source=f"{ASSIGNED}; {USERS}",
    ),
    Case(
        name="a role held for an administrative unit only",
        policies=[policy(users=only(includeRoles=[GLOBAL_ADMINISTRATOR]))],
        roles=[holds("ann", scope="/administrativeUnits/7f36eb2f-5de5-4b1c-8d2a-b66cd3a08a3b")],
        expected=everybody(NONE),
        source=ASSIGNED,
    ),
    Case(
        name="an excluded role",
        policies=[policy(users={"excludeRoles": [GLOBAL_ADMINISTRATOR]})],
        roles=[holds("ann"), holds("bob", role=SYNCHRONIZATION)],
        expected=everybody(ALL) | {"ann": EXCLUDED},
        source=ASSIGNED,
    ),
    Case(
        name="roles that were not read",
        policies=[policy(users=only(includeRoles=[GLOBAL_ADMINISTRATOR], includeUsers=["bob"]))],
        roles=FORBIDDEN,
        expected=everybody(FORBIDDEN) | {"bob": ALL},
        source=ASSIGNED,
    ),
    Case(
        name="guests by the older word",
        policies=[policy(users={"includeUsers": ["GuestsOrExternalUsers"]})],
        # Eve may be a B2B collaboration member, or an account that was made internal and kept its name.
        expected={"ann": NONE, "bob": NONE, "gus": ALL, "eve": STRANGE},
        source=f"{USERS}; {EXTERNAL}",
    ),
    Case(
        name="guests of both kinds and every tenant",
        policies=[
            policy(
                users=only(includeGuestsOrExternalUsers=kinds("internalGuest,b2bCollaborationGuest", EVERY_HOME)),
            )
        ],
        expected=everybody(NONE) | {"gus": ALL},
        source=f"{GUESTS}; {TENANTS}",
    ),
    Case(
        name="guests of one tenant only",
        policies=[policy(users=only(includeGuestsOrExternalUsers=kinds("b2bCollaborationGuest", ONE_HOME)))],
        expected=everybody(NONE) | {"gus": STRANGE},
        source=TENANTS,
    ),
    Case(
        name="people without an account here",
        policies=[policy(users=only(includeGuestsOrExternalUsers=kinds("b2bDirectConnectUser,serviceProvider")))],
        expected=everybody(NONE),
        source=EXTERNAL,
    ),
    Case(
        name="all users but guests",
        policies=[
            policy(users={"excludeGuestsOrExternalUsers": kinds("internalGuest,b2bCollaborationGuest", EVERY_HOME)})
        ],
        expected=everybody(ALL) | {"gus": EXCLUDED},
        source=f"{USERS}; {GUESTS}",
    ),
    Case(
        name="a kind of guest of tomorrow",
        policies=[policy(users={"excludeGuestsOrExternalUsers": kinds("unknownFutureValue")})],
        expected=everybody(STRANGE),
        source=f"{GUESTS}; {EVOLVABLE}",
    ),
    Case(
        name="a word of tomorrow among the users",
        policies=[policy(users={"includeUsers": ["ann", "AllContractors"]})],
        expected=everybody(STRANGE) | {"ann": ALL},
        source=f"{USERS}; {EVOLVABLE}",
    ),
    Case(
        name="a word where ids of groups stand",
        policies=[policy(users=only(includeGroups=["All"]))],
        expected=everybody(STRANGE),
        source=f"{USERS}; {EVOLVABLE}",
    ),
    Case(
        name="a word where ids of roles stand",
        policies=[policy(users=only(includeRoles=["All"], includeUsers=["bob"]))],
        expected=everybody(STRANGE) | {"bob": ALL},
        source=f"{USERS}; {EVOLVABLE}",
    ),
    Case(
        name="a word among the groups that are left out",
        policies=[policy(users={"excludeGroups": ["AllContractors"]})],
        expected=everybody(STRANGE),
        source=f"{USERS}; {EVOLVABLE}",
    ),
    Case(
        name="agents that act as users, and no person",
        policies=[policy(users=only(includeUsers=["AllAgentIdUsers"]))],
        expected=everybody(NONE),
        source=AGENTS,
    ),
    Case(
        name="all users but agents",
        policies=[policy(users={"excludeUsers": ["AllAgentIdUsers"]})],
        expected=everybody(ALL),
        source=AGENTS,
    ),
    Case(
        name="an exclusion of tomorrow",
        policies=[policy(users={"excludeContractors": {"kind": "all"}})],
        expected=everybody(STRANGE),
        source=f"{USERS}; {EVOLVABLE}",
    ),
    Case(
        name="a policy for workload identities",
        policies=[
            policy(
                users={"includeUsers": ["None"]},
                clientApplications={"includeServicePrincipals": ["ServicePrincipalsInMyTenant"]},
            )
        ],
        expected=everybody(NONE),
        source=CONDITIONS,
    ),
]
