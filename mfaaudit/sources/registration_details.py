"""What each enabled user has registered, from the tenant's registration report."""

from mfaaudit.sources.field import NONE, Field, Kind
from mfaaudit.sources.source import EVOLVABLE, Bucket, Shape, Source

METHODS = (
    "alternateMobilePhone",
    "appPassword",
    "email",
    "externalAuthMethod",
    "fido2SecurityKey",
    "hardwareOneTimePasscode",
    "macOsSecureEnclaveKey",
    "microsoftAuthenticatorPasswordless",
    "microsoftAuthenticatorPush",
    "mobilePhone",
    "officePhone",
    "passKeyDeviceBound",
    "passKeyDeviceBoundAuthenticator",
    "passKeyDeviceBoundWindowsHello",
    "passKeySynced",
    "qrCode",
    "securityQuestion",
    "sms",
    "softwareOneTimePasscode",
    "temporaryAccessPass",
    "windowsHelloForBusiness",
    "x509CertificateMultiFactor",
    "x509CertificateSingleFactor",
)
"""The report's method names are free text: these are the ones that have been classified."""

FIELDS = (
    Field(name="registration.isAdmin", title="Administrator", kind=Kind.BOOLEAN),
    Field(name="registration.isMfaRegistered", title="MFA registered", kind=Kind.BOOLEAN),
    Field(name="registration.isMfaCapable", title="MFA capable", kind=Kind.BOOLEAN),
    Field(name="registration.isPasswordlessCapable", title="Passwordless capable", kind=Kind.BOOLEAN),
    Field(name="registration.isSsprRegistered", title="SSPR registered", kind=Kind.BOOLEAN),
    Field(name="registration.isSsprEnabled", title="SSPR enabled", kind=Kind.BOOLEAN),
    Field(name="registration.isSsprCapable", title="SSPR capable", kind=Kind.BOOLEAN),
    Field(name="registration.methodsRegistered", title="Methods registered", kind=Kind.LIST, values=METHODS),
    Field(
        name="registration.userPreferredMethodForSecondaryAuthentication",
        title="Preferred second factor (report)",
        kind=Kind.ENUM,
        values=("push", "oath", "voiceMobile", "voiceAlternateMobile", "voiceOffice", "sms", NONE),
        null=NONE,
    ),
    # When the report's row was refreshed, not when the user registered.
    Field(name="registration.lastUpdatedDateTime", title="Report row refreshed", kind=Kind.TIME),
)

SOURCE = Source(
    name="userRegistrationDetails",
    title="Registration details",
    version="v1.0",
    path="/reports/authenticationMethods/userRegistrationDetails?$top=999",
    # The page userregistrationdetails-get, which knows no query.
    of_one="/reports/authenticationMethods/userRegistrationDetails/{id}",
    shape=Shape.PAGES,
    permissions=("AuditLog.Read.All",),
    directory_roles=("Reports Reader", "Security Reader", "Security Administrator", "Global Reader"),
    bucket=Bucket.REPORTS,
    headers=EVOLVABLE,
    premium=True,
    fields=FIELDS,
    page="authenticationmethodsroot-list-userregistrationdetails",
)
