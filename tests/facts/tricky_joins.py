"""Policies that cover every sign-in only together, and such as seem to: each case says which."""

from policies_by_hand import (
    A_GROUP,
    ALL,
    APP,
    APPLICATIONS,
    CONDITIONS,
    DEVICES,
    GRANTING,
    HERE,
    LOCATIONS,
    NONE,
    NOT_READ,
    OTHER_APP,
    OUTSIDE,
    PLATFORMS,
    RESOURCES,
    SOME,
    THERE,
    TIMES,
    Case,
    everybody,
    only,
    policy,
)

MANY_PLACES = [f"b1c2d3e4-000{number}-4000-8000-000000000000" for number in range(9)]
MODERN, LEGACY = ["browser", "mobileAppsAndDesktopClients"], ["exchangeActiveSync", "other"]
BLOCK = {"builtInControls": ["block"]}
INSIDE = {"includeLocations": ["AllTrusted"], "excludeLocations": []}
BLOCKS_LEGACY = policy("Legacy", grant=BLOCK, clientAppTypes=LEGACY)


def rule(mode, text="device.isCompliant -eq True"):
    return {"deviceFilter": {"mode": mode, "rule": text}}


def for_apps(*include, leaving_out=()):
    return {"includeApplications": list(include), "excludeApplications": list(leaving_out)}


JOINS = (
    Case(
        name="MFA for modern clients, legacy clients blocked",
        policies=[policy("A", clientAppTypes=MODERN), BLOCKS_LEGACY],
        expected=everybody(ALL),
        source=f"{CONDITIONS}; {GRANTING}",
    ),
    Case(
        name="MFA for modern clients, one kind of legacy clients blocked",
        policies=[policy("A", clientAppTypes=MODERN), policy("B", grant=BLOCK, clientAppTypes=["other"])],
        expected=everybody(TIMES),
        source=CONDITIONS,
    ),
    Case(
        name="MFA for modern clients, the block of legacy clients in report-only",
        policies=[policy("A", clientAppTypes=MODERN), BLOCKS_LEGACY | {"state": "enabledForReportingButNotEnforced"}],
        expected=everybody(TIMES),
        source=CONDITIONS,
    ),
    Case(
        name="MFA for modern clients, legacy clients blocked for one user alone",
        policies=[
            policy("A", clientAppTypes=MODERN),
            policy("B", grant=BLOCK, clientAppTypes=LEGACY, users=only(includeUsers=["ann"])),
        ],
        expected=everybody(TIMES) | {"ann": ALL},
        source=CONDITIONS,
    ),
    Case(
        name="MFA for modern clients, legacy clients blocked for a group that was not read",
        policies=[
            policy("A", clientAppTypes=MODERN),
            policy("B", grant=BLOCK, clientAppTypes=LEGACY, users=only(includeGroups=[A_GROUP])),
        ],
        expected=everybody(NOT_READ),
        source=CONDITIONS,
    ),
    Case(
        name="an application that is left out has a policy of its own",
        policies=[
            policy("A", applications=for_apps("All", leaving_out=[APP])),
            policy("B", applications=for_apps(APP.upper())),
        ],
        expected=everybody(ALL),
        source=f"{APPLICATIONS}; {RESOURCES}",
    ),
    Case(
        name="of two applications that are left out one has a policy of its own",
        policies=[
            policy("A", applications=for_apps("All", leaving_out=[APP, OTHER_APP])),
            policy("B", applications=for_apps(APP)),
        ],
        expected=everybody(SOME),
        source=APPLICATIONS,
    ),
    Case(
        name="each of two policies leaves out what the other does not",
        policies=[
            policy("A", applications=for_apps("All", leaving_out=[APP])),
            policy("B", applications=for_apps("All", leaving_out=[OTHER_APP])),
        ],
        expected=everybody(ALL),
        source=APPLICATIONS,
    ),
    Case(
        name="an application that is left out is of a suite, or not",
        policies=[
            policy("A", applications=for_apps("All", leaving_out=[APP])),
            policy("B", applications=for_apps("Office365")),
        ],
        expected=everybody(SOME),
        source=RESOURCES,
    ),
    Case(
        name="a suite that is left out has a policy of its own",
        policies=[
            policy("A", applications=for_apps("All", leaving_out=["Office365"])),
            policy("B", applications=for_apps("Office365")),
        ],
        expected=everybody(ALL),
        source=RESOURCES,
    ),
    Case(
        name="platforms: MFA on those that are named, the others blocked",
        policies=[
            policy("A", platforms={"includePlatforms": ["iOS", "windows"], "excludePlatforms": []}),
            policy("B", grant=BLOCK, platforms={"includePlatforms": ["all"], "excludePlatforms": ["iOS", "windows"]}),
        ],
        expected=everybody(ALL),
        source=PLATFORMS,
    ),
    Case(
        name="platforms: each that has a name, but not those without",
        policies=[
            policy("A", platforms={"includePlatforms": ["iOS", "android", "windows"], "excludePlatforms": []}),
            policy("B", platforms={"includePlatforms": ["macOS", "linux", "windowsPhone"], "excludePlatforms": []}),
        ],
        expected=everybody(TIMES),
        source=PLATFORMS,
    ),
    Case(
        name="places: two that are named may or may not be all that is trusted",
        policies=[
            policy("A", locations=OUTSIDE),
            policy("B", locations={"includeLocations": [HERE, THERE], "excludeLocations": []}),
        ],
        expected=everybody(TIMES),
        source=LOCATIONS,
    ),
    Case(
        name="devices: inside and outside of one filter",
        policies=[policy("A", devices=rule("include")), policy("B", devices=rule("exclude"))],
        expected=everybody(ALL),
        source=DEVICES,
    ),
    Case(
        name="devices: two different filters",
        policies=[policy("A", devices=rule("include")), policy("B", devices=rule("exclude", "device.x -eq 1"))],
        expected=everybody(TIMES),
        source=DEVICES,
    ),
    Case(
        name="two axes at once: modern clients outside, the rest blocked piece by piece",
        policies=[
            policy("A", clientAppTypes=MODERN, locations=OUTSIDE),
            policy("B", clientAppTypes=MODERN, locations=INSIDE),
            BLOCKS_LEGACY,
        ],
        expected=everybody(ALL),
        source=CONDITIONS,
    ),
    Case(
        name="two axes at once, with a corner left open",
        policies=[
            policy("A", clientAppTypes=MODERN, locations=OUTSIDE),
            policy("B", grant=BLOCK, clientAppTypes=LEGACY, locations=OUTSIDE),
            policy("C", clientAppTypes=MODERN, locations=INSIDE),
        ],
        expected=everybody(TIMES),
        source=CONDITIONS,
    ),
    Case(
        name="what a compliant device may stand in for is no complement",
        policies=[
            policy("A", clientAppTypes=MODERN),
            policy("B", clientAppTypes=LEGACY, grant={"builtInControls": ["mfa", "compliantDevice"]}),
        ],
        expected=everybody(TIMES),
        source=GRANTING,
    ),
    Case(
        name="blocked everywhere, piece by piece, and MFA nowhere",
        policies=[policy("A", grant=BLOCK, clientAppTypes=MODERN), BLOCKS_LEGACY],
        expected=everybody(NONE),
        source=GRANTING,
    ),
    Case(
        name="more overlapping places than are looked at stay apart",
        policies=[
            policy("A", locations={"includeLocations": ["All"], "excludeLocations": MANY_PLACES}),
            policy("B", locations={"includeLocations": MANY_PLACES, "excludeLocations": []}),
        ],
        expected=everybody(TIMES),
        source=LOCATIONS,
    ),
)
