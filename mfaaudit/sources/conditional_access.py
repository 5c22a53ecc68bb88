"""The tenant's Conditional Access policies."""

from mfaaudit.sources.source import EVOLVABLE, Bucket, Shape, Source

SOURCE = Source(
    name="conditionalAccessPolicies",
    title="Conditional Access policies",
    version="v1.0",
    path="/identity/conditionalAccess/policies",
    shape=Shape.PAGES,
    permissions=("Policy.Read.All",),
    headers=EVOLVABLE,
    bucket=Bucket.CONDITIONAL_ACCESS,
    premium=True,
    page="conditionalaccessroot-list-policies",
)
