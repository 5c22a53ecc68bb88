"""Where and when a policy asks: cases that are easily misread."""

from policies_by_hand import (
    ALL,
    APP,
    APPLICATIONS,
    ASSIGNED,
    BUILDING,
    CONDITION,
    CONDITIONS,
    DEVICES,
    EVOLVABLE,
    EXCLUDED,
    FLOWS,
    LOCATIONS,
    NONE,
    OTHER_APP,
    OUTSIDE,
    PLATFORMS,
    RESOURCES,
    SOME,
    STRANGE,
    TIMES,
    Case,
    everybody,
    policy,
)

WHERE = [
    Case(
        name="one application left out",
        policies=[policy(applications={"excludeApplications": [APP]})],
        expected=everybody(SOME),
        source=f"{APPLICATIONS}; {RESOURCES}",
    ),
    Case(
        name="a filter for applications",
        policies=[policy(applications={"applicationFilter": {"mode": "exclude", "rule": "CustomSecurityAttribute"}})],
        expected=everybody(SOME),
        source="conditionalAccessFilter resource",
    ),
    Case(
        name="Office 365",
        policies=[policy(applications={"includeApplications": ["Office365"]})],
        expected=everybody(SOME),
        source=RESOURCES,
    ),
    Case(
        name="the portals of administrators, and an application",
        policies=[policy(applications={"includeApplications": ["MicrosoftAdminPortals", APP, OTHER_APP]})],
        expected=everybody(SOME),
        source=RESOURCES,
    ),
    Case(
        name="no applications",
        policies=[policy(applications={"includeApplications": ["None"]})],
        expected=everybody(NONE),
        source=APPLICATIONS,
    ),
    Case(
        name="registering security information",
        policies=[
            policy(
                applications={"includeApplications": [], "includeUserActions": ["urn:user:registersecurityinfo"]},
            )
        ],
        expected=everybody(SOME),
        source=f"{APPLICATIONS}; {RESOURCES}",
    ),
    Case(
        name="an authentication context",
        policies=[
            policy(
                applications={"includeApplications": [], "includeAuthenticationContextClassReferences": ["c1"]},
            )
        ],
        expected=everybody(SOME),
        source=RESOURCES,
    ),
    Case(
        name="a word of tomorrow among the applications",
        policies=[policy(applications={"includeApplications": ["AllAgentResources"]})],
        expected=everybody(STRANGE),
        source=f"{APPLICATIONS}; {EVOLVABLE}",
    ),
    Case(
        name="an application beside a word of tomorrow, and somebody left out of it in any case",
        policies=[
            policy(applications={"includeApplications": [APP, "AllAgentResources"]}, users={"excludeUsers": ["ann"]})
        ],
        expected=everybody(STRANGE) | {"ann": EXCLUDED},
        source=f"{APPLICATIONS}; {ASSIGNED}; {EVOLVABLE}",
    ),
    Case(
        name="a word of tomorrow among the excluded applications",
        policies=[policy(applications={"excludeApplications": ["AllAgentResources"]})],
        expected=everybody(STRANGE),
        source=f"{APPLICATIONS}; {EVOLVABLE}",
    ),
]
WHEN = [
    Case(
        name="outside the trusted locations",
        policies=[policy(locations=OUTSIDE)],
        expected=everybody(TIMES),
        source=LOCATIONS,
    ),
    Case(
        name="any location, none left out",
        policies=[policy(locations={"includeLocations": ["All"], "excludeLocations": []})],
        expected=everybody(ALL),
        source=CONDITION,
    ),
    Case(
        name="some platforms",
        policies=[policy(platforms={"includePlatforms": ["android", "iOS"], "excludePlatforms": []})],
        expected=everybody(TIMES),
        source=PLATFORMS,
    ),
    Case(
        name="all platforms",
        policies=[policy(platforms={"includePlatforms": ["all"], "excludePlatforms": []})],
        expected=everybody(ALL),
        source=PLATFORMS,
    ),
    Case(
        name="all platforms but one",
        policies=[policy(platforms={"includePlatforms": ["all"], "excludePlatforms": ["linux"]})],
        expected=everybody(TIMES),
        source=PLATFORMS,
    ),
    Case(
        name="all platforms, and all of them left out",
        policies=[policy(platforms={"includePlatforms": ["all"], "excludePlatforms": ["all"]})],
        expected=everybody(NONE),
        source=PLATFORMS,
    ),
    Case(
        name="sign-ins at risk",
        policies=[policy(signInRiskLevels=["high", "medium"])],
        expected=everybody(TIMES),
        source=CONDITIONS,
    ),
    Case(
        name="users at risk",
        policies=[policy(userRiskLevels=["high"])],
        expected=everybody(TIMES),
        source=CONDITIONS,
    ),
    Case(
        name="insider risk",
        policies=[policy(insiderRiskLevels="elevated")],
        expected=everybody(TIMES),
        source="conditionalAccessConditionSet resource: insiderRiskLevels",
    ),
    Case(
        name="a filter for devices",
        policies=[policy(devices={"deviceFilter": {"mode": "exclude", "rule": "device.isCompliant -eq True"}})],
        expected=everybody(TIMES),
        source=DEVICES,
    ),
    Case(
        name="all devices",
        policies=[policy(devices={"includeDevices": ["All"], "excludeDevices": []})],
        expected=everybody(ALL),
        source=f"{DEVICES} (beta)",
    ),
    Case(
        name="all devices but compliant ones",
        policies=[policy(devices={"includeDevices": ["All"], "excludeDevices": ["Compliant"]})],
        expected=everybody(TIMES),
        source=f"{DEVICES} (beta)",
    ),
    Case(
        name="device code flow",
        policies=[policy(authenticationFlows={"transferMethods": "deviceCodeFlow,authenticationTransfer"})],
        expected=everybody(TIMES),
        source=FLOWS,
    ),
    Case(
        name="no authentication flow in particular",
        policies=[policy(authenticationFlows={"transferMethods": "none"})],
        expected=everybody(ALL),
        source=FLOWS,
    ),
    Case(
        name="browsers, and clients of modern authentication",
        policies=[policy(clientAppTypes=["browser", "mobileAppsAndDesktopClients"])],
        expected=everybody(TIMES),
        source=CONDITION,
    ),
    Case(
        name="every client named by name",
        policies=[
            policy(clientAppTypes=["browser", "mobileAppsAndDesktopClients", "exchangeActiveSync", "other"]),
        ],
        expected=everybody(ALL),
        source=CONDITION,
    ),
    Case(
        name="mfa of clients that cannot do it keeps them out",
        policies=[policy(clientAppTypes=["exchangeActiveSync", "other"])],
        expected=everybody(NONE),
        source=CONDITION,
    ),
    Case(
        name="one policy for browsers and one for the rest",
        policies=[
            policy("A", clientAppTypes=["browser"]),
            policy("B", clientAppTypes=["mobileAppsAndDesktopClients", "exchangeActiveSync", "other"]),
        ],
        expected=everybody(ALL),
        source=CONDITIONS,
    ),
    Case(
        name="one application, outside the office",
        policies=[policy(applications={"includeApplications": [APP]}, locations=OUTSIDE)],
        expected=everybody(TIMES),
        source=BUILDING,
    ),
    Case(
        name="a condition of tomorrow",
        policies=[policy(timeOfDay={"include": ["night"]})],
        expected=everybody(STRANGE),
        source=f"{CONDITIONS}; {EVOLVABLE}",
    ),
    Case(
        name="a condition of tomorrow that is not set",
        policies=[policy(timeOfDay=None, agents={"includeAgents": []})],
        expected=everybody(ALL),
        source=f"{CONDITIONS}; {EVOLVABLE}",
    ),
    Case(
        name="a platform of tomorrow",
        policies=[policy(platforms={"includePlatforms": ["visionOS"], "excludePlatforms": []})],
        expected=everybody(STRANGE),
        source=f"{PLATFORMS}; {EVOLVABLE}",
    ),
    Case(
        name="a platform of tomorrow left out of all",
        policies=[policy(platforms={"includePlatforms": ["all"], "excludePlatforms": ["visionOS"]})],
        expected=everybody(STRANGE),
        source=f"{PLATFORMS}; {EVOLVABLE}",
    ),
    Case(
        name="a location of tomorrow",
        policies=[policy(locations={"includeLocations": ["AllUntrusted"], "excludeLocations": []})],
        expected=everybody(STRANGE),
        source=f"{LOCATIONS}; {EVOLVABLE}",
    ),
    Case(
        name="a level of risk of tomorrow",
        policies=[policy(signInRiskLevels=["any"])],
        expected=everybody(STRANGE),
        source=f"{CONDITIONS}; {EVOLVABLE}",
    ),
    Case(
        name="a flow of tomorrow",
        policies=[policy(authenticationFlows={"transferMethods": "telepathy"})],
        expected=everybody(STRANGE),
        source=f"{FLOWS}; {EVOLVABLE}",
    ),
    Case(
        name="a filter for devices in a mode of tomorrow",
        policies=[policy(devices={"deviceFilter": {"mode": "unknownFutureValue", "rule": "x"}})],
        expected=everybody(STRANGE),
        source=f"{DEVICES}; {EVOLVABLE}",
    ),
    Case(
        name="an application, and a word of tomorrow left out of it",
        policies=[policy(applications={"includeApplications": [APP], "excludeApplications": ["AllOfThem"]})],
        expected=everybody(STRANGE),
        source=f"{APPLICATIONS}; {EVOLVABLE}",
    ),
    Case(
        name="resources of agents",
        policies=[policy(applications={"includeApplications": ["AllAgentIdResources"]})],
        expected=everybody(SOME),
        source="Microsoft Entra Agent ID: disable agent identities",
    ),
    Case(
        name="a client of tomorrow",
        policies=[policy(clientAppTypes=["browser", "unknownFutureValue"])],
        expected=everybody(STRANGE),
        source=f"{CONDITIONS}; {EVOLVABLE}",
    ),
]
