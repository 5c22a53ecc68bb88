"""Whether security defaults ask everybody for MFA."""

from mfaaudit.sources.field import Field, Kind, Scope
from mfaaudit.sources.source import Shape, Source

SOURCE = Source(
    name="identitySecurityDefaultsEnforcementPolicy",
    title="Security defaults",
    version="v1.0",
    path="/policies/identitySecurityDefaultsEnforcementPolicy",
    shape=Shape.OBJECT,
    permissions=("Policy.Read.All",),
    fields=(
        Field(
            name="tenant.securityDefaults.isEnabled",
            title="Security defaults enabled",
            kind=Kind.BOOLEAN,
            scope=Scope.TENANT,
        ),
    ),
    page="identitysecuritydefaultsenforcementpolicy-get",
)
