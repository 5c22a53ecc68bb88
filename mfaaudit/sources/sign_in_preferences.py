"""Each user's sign-in preferences: system-preferred MFA, and the second factor that the user prefers."""

from mfaaudit.sources.field import NONE, Field, Kind
from mfaaudit.sources.source import EVOLVABLE, Shape, Source

FIELDS = (
    Field(
        name="signInPreferences.isSystemPreferredAuthenticationMethodEnabled",
        title="System-preferred MFA",
        kind=Kind.BOOLEAN,
    ),
    Field(
        name="signInPreferences.userPreferredMethodForSecondaryAuthentication",
        title="Preferred second factor",
        kind=Kind.ENUM,
        # The last is not in the beta schema: it stands for the null that Graph sends when no preference is set.
        values=("push", "oath", "voiceMobile", "voiceAlternateMobile", "voiceOffice", "sms", NONE),
        null=NONE,
    ),
)

SOURCE = Source(
    name="signInPreferences",
    title="Sign-in preferences",
    version="beta",
    path="/users/{id}/authentication/signInPreferences",
    shape=Shape.PER_USER,
    # The page names UserAuthenticationMethod.Read for applications; no such application role exists.
    permissions=("UserAuthenticationMethod.Read.All",),
    directory_roles=("Global Reader", "Authentication Administrator", "Privileged Authentication Administrator"),
    headers=EVOLVABLE,
    # Its rows lag by hours, and there are none for disabled accounts.
    stand_in="userRegistrationDetails",
    fields=FIELDS,
    page="authentication-get",
)
