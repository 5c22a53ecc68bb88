"""What the tenant accepts from other tenants, unless it says otherwise of one: MFA done at home among it."""

from mfaaudit.sources.source import EVOLVABLE, Shape, Source

SOURCE = Source(
    name="crossTenantAccessPolicyDefault",
    title="Cross-tenant access, default settings",
    version="v1.0",
    path="/policies/crossTenantAccessPolicy/default",
    shape=Shape.OBJECT,
    permissions=("Policy.Read.All",),
    directory_roles=("Global Reader", "Security Reader"),
    headers=EVOLVABLE,
    page="crosstenantaccesspolicyconfigurationdefault-get",
)
