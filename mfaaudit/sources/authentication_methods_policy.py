"""Which authentication methods the tenant allows, and whether system-preferred MFA is set."""

from mfaaudit.sources.field import Field, Kind, Scope
from mfaaudit.sources.source import Shape, Source

SOURCE = Source(
    name="authenticationMethodsPolicy",
    title="Authentication methods policy",
    # Only beta declares systemCredentialPreferences.
    version="beta",
    path="/policies/authenticationMethodsPolicy",
    shape=Shape.OBJECT,
    permissions=("Policy.Read.AuthenticationMethod", "Policy.Read.All"),
    directory_roles=("Global Reader", "Authentication Policy Administrator"),
    fields=(
        Field(
            name="tenant.authenticationMethodsPolicy.policyMigrationState",
            title="Migration of the legacy MFA and SSPR policies",
            kind=Kind.ENUM,
            scope=Scope.TENANT,
            values=("preMigration", "migrationInProgress", "migrationComplete"),
        ),
    ),
    page="authenticationmethodspolicy-get",
)
