"""Which authentication methods the tenant allows, and whether system-preferred MFA is set."""

from mfaaudit.sources.field import NONE, Field, Kind, Scope
from mfaaudit.sources.source import EVOLVABLE, Shape, Source

CONFIGURATIONS = "authenticationMethodConfigurations"
PREFERENCES = "systemCredentialPreferences"

METHODS = {
    "Fido2": "Passkeys (FIDO2)",
    "MicrosoftAuthenticator": "Microsoft Authenticator",
    "Sms": "Text messages",
    "TemporaryAccessPass": "Temporary Access Pass",
    "HardwareOath": "Hardware OATH tokens",
    "SoftwareOath": "Third-party software OATH tokens",
    "Voice": "Voice calls",
    "Email": "Email one-time passcodes",
    "X509Certificate": "Certificates",
}
"""The `id` of a method's configuration, and what the method is called."""


def _state(method: str, title: str) -> Field:
    return Field(
        name=f"tenant.authenticationMethods.{method}",
        title=f"{title} allowed by the methods policy",
        kind=Kind.ENUM,
        scope=Scope.TENANT,
        values=("enabled", "disabled"),
        within=CONFIGURATIONS,
        element=method,
        key="state",
    )


FIELDS = (
    Field(
        name="tenant.authenticationMethodsPolicy.policyMigrationState",
        title="Migration of the legacy MFA and SSPR policies",
        kind=Kind.ENUM,
        scope=Scope.TENANT,
        # Null where there never were legacy policies to migrate.
        values=("preMigration", "migrationInProgress", "migrationComplete", NONE),
        null=NONE,
    ),
    Field(
        name="tenant.authenticationMethodsPolicy.systemCredentialPreferences.state",
        title="System-preferred MFA in the methods policy",
        kind=Kind.ENUM,
        scope=Scope.TENANT,
        # "default" leaves it to Microsoft: since July 2026 that covers both factors, and "enabled" the second alone.
        values=("default", "enabled", "disabled"),
        within=PREFERENCES,
    ),
    *(_state(method, title) for method, title in METHODS.items()),
    # Passkey profiles replace it, and it returns nothing after 2027-10-15: derived.isPasskeyAttestationEnforced judges
    # both.
    Field(
        name="tenant.authenticationMethods.isAttestationEnforced",
        title="Attestation of passkeys enforced, in the setting that passkey profiles replace",
        kind=Kind.BOOLEAN,
        scope=Scope.TENANT,
        within=CONFIGURATIONS,
        element="Fido2",
    ),
    Field(
        name="tenant.authenticationMethods.isSelfServiceRegistrationAllowed",
        title="Users may register passkeys themselves",
        kind=Kind.BOOLEAN,
        scope=Scope.TENANT,
        within=CONFIGURATIONS,
        element="Fido2",
    ),
    Field(
        name="tenant.authenticationMethods.isSoftwareOathEnabled",
        title="One-time passcodes of Microsoft Authenticator allowed",
        kind=Kind.BOOLEAN,
        scope=Scope.TENANT,
        within=CONFIGURATIONS,
        element="MicrosoftAuthenticator",
    ),
    Field(
        name="tenant.authenticationMethods.isUsableOnce",
        title="Temporary Access Pass good for one sign-in alone",
        kind=Kind.BOOLEAN,
        scope=Scope.TENANT,
        within=CONFIGURATIONS,
        element="TemporaryAccessPass",
    ),
)

SOURCE = Source(
    name="authenticationMethodsPolicy",
    title="Authentication methods policy",
    # Only beta declares systemCredentialPreferences.
    version="beta",
    path="/policies/authenticationMethodsPolicy",
    shape=Shape.OBJECT,
    permissions=("Policy.Read.AuthenticationMethod", "Policy.Read.All"),
    directory_roles=("Global Reader", "Authentication Policy Administrator"),
    headers=EVOLVABLE,
    fields=FIELDS,
    page="authenticationmethodspolicy-get",
)
