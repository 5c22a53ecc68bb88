"""How many users the tenant counts as capable of MFA, self-service password reset and passwordless sign-in."""

from mfaaudit.sources.source import EVOLVABLE, Bucket, Shape, Source

SOURCE = Source(
    name="usersRegisteredByFeature",
    title="Registration counts by feature",
    version="v1.0",
    path="/reports/authenticationMethods/usersRegisteredByFeature(includedUserTypes='all',includedUserRoles='all')",
    shape=Shape.OBJECT,
    permissions=("AuditLog.Read.All",),
    directory_roles=("Reports Reader", "Security Reader", "Security Administrator", "Global Reader"),
    bucket=Bucket.REPORTS,
    headers=EVOLVABLE,
    delegated_only=True,
    premium=True,
    page="authenticationmethodsroot-usersregisteredbyfeature",
)
