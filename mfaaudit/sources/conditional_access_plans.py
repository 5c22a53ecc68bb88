"""The tenant's Conditional Access plans: a second place, in beta alone, from which MFA may be required."""

from mfaaudit.sources.source import EVOLVABLE, Bucket, Shape, Source

SOURCE = Source(
    name="conditionalAccessPlans",
    title="Conditional Access plans (beta)",
    version="beta",
    path="/identity/conditionalAccess/plans",
    shape=Shape.PAGES,
    # The page names Policy.Read.ConditionalAccess as the least, and this one as higher; it is needed anyway.
    permissions=("Policy.Read.All",),
    directory_roles=("Global Reader", "Conditional Access Administrator"),
    headers=EVOLVABLE,
    bucket=Bucket.CONDITIONAL_ACCESS,
    premium=True,
    may_not_exist=True,
    page="conditionalaccessroot-list-plans",
)
