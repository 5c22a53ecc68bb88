"""The tenant's Conditional Access policies as beta lists them: v1.0 leaves out those that use preview features."""

from mfaaudit.sources.source import EVOLVABLE, Bucket, Shape, Source

SOURCE = Source(
    name="conditionalAccessPoliciesBeta",
    title="Conditional Access policies (beta)",
    version="beta",
    path="/identity/conditionalAccess/policies",
    shape=Shape.PAGES,
    permissions=("Policy.Read.All",),
    headers=EVOLVABLE,
    bucket=Bucket.CONDITIONAL_ACCESS,
    premium=True,
    page="conditionalaccessroot-list-policies",
)
