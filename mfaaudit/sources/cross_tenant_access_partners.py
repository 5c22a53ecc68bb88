"""The tenants with settings of their own for cross-tenant access; what is null there follows the default."""

from mfaaudit.sources.source import EVOLVABLE, Shape, Source

SOURCE = Source(
    name="crossTenantAccessPolicyPartners",
    title="Cross-tenant access, settings of partners",
    version="v1.0",
    path="/policies/crossTenantAccessPolicy/partners",
    shape=Shape.PAGES,
    permissions=("Policy.Read.All",),
    directory_roles=("Global Reader", "Security Reader"),
    headers=EVOLVABLE,
    page="crosstenantaccesspolicy-list-partners",
)
