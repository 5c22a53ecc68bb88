"""Gives a fact the tenant of a case."""

from policies_by_hand import NOT_READ, PEOPLE

from mfaaudit.facts.given import Given
from mfaaudit.words import Unknown


def _of(values, user):
    return dict(zip(PEOPLE, values, strict=True)).get(user, NOT_READ)


def given_of(case, people=PEOPLE):
    """What a fact may look at."""
    defaults = case.defaults if isinstance(case.defaults, Unknown) else [{"isEnabled": case.defaults}]
    columns = {
        **{f"user.{name}": [_of(values, user) for user in people] for name, values in case.origins.items()},
        "user.userType": [kind for kind, _ in people.values()],
        "user.userPrincipalName": [name for _, name in people.values()],
        "requirements.perUserMfaState": [case.states.get(user, "disabled") for user in people],
    }
    sources = {
        "conditionalAccessPolicies": case.policies,
        "conditionalAccessPoliciesBeta": case.policies if case.beta is None else case.beta,
        "conditionalAccessPlans": case.plans,
        "conditionalAccessPlanRules": case.rules,
        "roleAssignments": case.roles,
        "roleEligibilitySchedules": case.eligible,
        "identitySecurityDefaultsEnforcementPolicy": defaults,
    }
    return Given(
        objects=sources.__getitem__,
        members=lambda group: case.groups.get(group, NOT_READ),
        user_ids=tuple(people),
        column=lambda name: columns.get(name, [NOT_READ] * len(people)),
    )
