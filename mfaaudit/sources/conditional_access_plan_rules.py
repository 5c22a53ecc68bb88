"""The rules of each Conditional Access plan: what a plan requires, and of whom."""

from mfaaudit.sources.source import EVOLVABLE, Bucket, Shape, Source

SOURCE = Source(
    name="conditionalAccessPlanRules",
    title="Rules of Conditional Access plans (beta)",
    version="beta",
    path="/identity/conditionalAccess/plans/{id}/rules",
    shape=Shape.PAGES,
    permissions=("Policy.Read.All",),
    directory_roles=("Global Reader", "Conditional Access Administrator"),
    headers=EVOLVABLE,
    bucket=Bucket.CONDITIONAL_ACCESS,
    premium=True,
    may_not_exist=True,
    page="conditionalaccesspolicyplan-list-rules",
)
