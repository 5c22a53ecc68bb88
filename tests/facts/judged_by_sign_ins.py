"""Decides slowly what policies do: tries every sign-in that a user could make, one after another.

Written from Graph's pages and apart from the program: it knows no sets of users, no strengths and no joining. A sign-in
is a dictionary; what a policy does not mention is tried with one value alone.
"""

import itertools

CLIENTS = ("browser", "mobileAppsAndDesktopClients", "exchangeActiveSync", "other")
LEGACY = CLIENTS[2:]
PLATFORMS = ("android", "iOS", "windows", "macOS", "linux", "windowsPhone", None)
SINGLE_FACTOR = {"password", "sms", "voice", "federatedSingleFactor", "x509CertificateSingleFactor"}


def every_sign_in(policies):
    """All sign-ins to resources that these policies can tell apart."""
    conditions = [policy["conditions"] for policy in policies]

    def mentioned(key):
        return any(one[key] not in (None, [], ["all"]) for one in conditions)

    def lists(outer, *keys):
        found = set()
        for one in conditions:
            for key in keys:
                found |= set((one[outer] or {}).get(key) or ())
        return sorted(found - {"All", "all", "None"})

    named = lists("applications", "includeApplications", "excludeApplications")
    suites = [one for one in named if one in ("Office365", "MicrosoftAdminPortals")]
    ids = [one for one in named if one not in suites]
    places = lists("locations", "includeLocations", "excludeLocations")
    rules = sorted({one["devices"]["deviceFilter"]["rule"] for one in conditions if one["devices"]})
    filters = sorted({one["applications"]["applicationFilter"]["rule"] for one in conditions if _filter(one)})
    dimensions = {
        "client": CLIENTS if mentioned("clientAppTypes") else CLIENTS[:1],
        "application": [*ids, "an application that no policy names"],
        "suites": subsets(suites),
        "attributes": subsets(filters),
        "platform": PLATFORMS if mentioned("platforms") else PLATFORMS[-1:],
        "places": subsets(places),
        "device": subsets(rules),
        "signInRisk": ("none", "high", "hidden") if mentioned("signInRiskLevels") else ("none",),
        "userRisk": ("none", "high", "hidden") if mentioned("userRiskLevels") else ("none",),
        "flow": ("none", "deviceCodeFlow") if mentioned("authenticationFlows") else ("none",),
    }
    for values in itertools.product(*dimensions.values()):
        yield dict(zip(dimensions, values, strict=True)) | {"action": None}


def every_action(policies):
    """What users do that is no sign-in to a resource, with the same differences."""
    wanted = sorted({action for one in policies for action in one["conditions"]["applications"]["includeUserActions"]})
    for action in wanted:
        for sign_in in every_sign_in(policies):
            yield sign_in | {"action": action}


def subsets(names):
    return [set(some) for size in range(len(names) + 1) for some in itertools.combinations(names, size)]


def _filter(condition):
    return condition["applications"]["applicationFilter"]


def meant(policy, user):
    """Whether a policy includes a user and does not exclude the same user."""
    users = policy["conditions"]["users"]
    return _named(users, "include", user) and not _named(users, "exclude", user)


def left_out(policy, user):
    users = policy["conditions"]["users"]
    return _named(users, "include", user) and _named(users, "exclude", user)


def _named(users, side, user):
    if side == "include" and "All" in users["includeUsers"]:
        return True
    if user["id"] in users[f"{side}Users"]:
        return True
    if "GuestsOrExternalUsers" in users[f"{side}Users"] and user["kind"] != "member":
        return True
    if set(users[f"{side}Groups"]) & user["groups"] or set(users[f"{side}Roles"]) & user["roles"]:
        return True
    guests = users[f"{side}GuestsOrExternalUsers"]
    return bool(guests) and user["kind"] in guests["guestOrExternalUserTypes"].split(",")


def applies(policy, sign_in):
    """Whether a policy is for this sign-in, whoever makes it."""
    conditions = policy["conditions"]
    applications = conditions["applications"]
    if sign_in["action"]:
        if sign_in["action"] not in applications["includeUserActions"]:
            return False
    elif not _resource(applications, sign_in):
        return False
    clients = conditions["clientAppTypes"]
    if "all" not in clients and sign_in["client"] not in clients:
        return False
    for key, risk in (("signInRiskLevels", "signInRisk"), ("userRiskLevels", "userRisk")):
        if conditions[key] and sign_in[risk] not in conditions[key]:
            return False
    if not _between(conditions["platforms"], "Platforms", "all", {sign_in["platform"]}):
        return False
    if not _between(conditions["locations"], "Locations", "All", sign_in["places"]):
        return False
    if conditions["devices"] and not _by_filter(conditions["devices"]["deviceFilter"], sign_in["device"]):
        return False
    flows = conditions["authenticationFlows"]
    return flows in (None, {"transferMethods": "none"}) or sign_in["flow"] in flows["transferMethods"].split(",")


def _resource(applications, sign_in):
    mine = {sign_in["application"]} | sign_in["suites"]
    if set(applications["excludeApplications"]) & mine:
        return False
    rule = applications["applicationFilter"]
    include = applications["includeApplications"]
    if rule and rule["mode"] == "exclude" and rule["rule"] in sign_in["attributes"]:
        return False
    if rule and rule["mode"] == "include" and rule["rule"] in sign_in["attributes"]:
        return True
    return "All" in include or bool(set(include) & mine)


def _between(condition, what, everything, mine):
    if not condition:
        return True
    include, exclude = condition[f"include{what}"], condition[f"exclude{what}"]
    if set(exclude) & mine or everything in exclude:
        return False
    return everything in include or bool(set(include) & mine)


def _by_filter(rule, mine):
    return (rule["rule"] in mine) == (rule["mode"] == "include")


def blocks(policy):
    return "block" in policy["grantControls"]["builtInControls"]


def _controls(policy):
    """For each control whether it is met without MFA, though the user does everything else that is wanted."""
    grant = policy["grantControls"]
    found = [control != "mfa" for control in grant["builtInControls"]]
    found += [True] * bool(grant["customAuthenticationFactors"]) + [True] * bool(grant["termsOfUse"])
    if grant["authenticationStrength"]:
        allowed = grant["authenticationStrength"]["allowedCombinations"]
        found.append(any(one in SINGLE_FACTOR for one in allowed))
    return found


def demands(policy):
    """Whether nobody gets past it without MFA."""
    met = _controls(policy)
    return not (all(met) if policy["grantControls"]["operator"] == "AND" else any(met)) if met else False


def may_demand(policy):
    """Whether MFA, or a custom control, is among what it wants."""
    return not blocks(policy) and (False in _controls(policy) or bool(_custom(policy)))


def _custom(policy):
    return policy["grantControls"]["customAuthenticationFactors"]


def judge(policies, user):
    """(MFA or a block at every sign-in, and MFA at one; MFA may be wanted at some sign-in or action)."""
    on = [policy for policy in policies if policy["state"] == "enabled" and meant(policy, user)]
    everywhere, anywhere = True, False
    for sign_in in every_sign_in(on or policies[:0]):
        here = [policy for policy in on if applies(policy, sign_in)]
        asked = any(demands(policy) for policy in here if not blocks(policy))
        # A legacy client cannot answer: who must use MFA there is kept out.
        anywhere = anywhere or (asked and sign_in["client"] not in LEGACY)
        everywhere = everywhere and (asked or any(map(blocks, here)))
    ways = itertools.chain(every_sign_in(on), every_action(on))
    perhaps = any(
        may_demand(policy) and applies(policy, way) and way["client"] not in LEGACY for way in ways for policy in on
    )
    return everywhere and anywhere, perhaps
