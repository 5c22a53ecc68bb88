"""How many users the tenant counts as registered for each authentication method."""

from mfaaudit.sources.source import EVOLVABLE, Bucket, Shape, Source

SOURCE = Source(
    name="usersRegisteredByMethod",
    title="Registration counts by method",
    version="v1.0",
    path="/reports/authenticationMethods/usersRegisteredByMethod(includedUserTypes='all',includedUserRoles='all')",
    shape=Shape.OBJECT,
    permissions=("AuditLog.Read.All",),
    directory_roles=("Reports Reader", "Security Reader", "Security Administrator", "Global Reader"),
    bucket=Bucket.REPORTS,
    headers=EVOLVABLE,
    delegated_only=True,
    premium=True,
    page="authenticationmethodsroot-usersregisteredbymethod",
)
