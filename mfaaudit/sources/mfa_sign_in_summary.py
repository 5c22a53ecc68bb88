"""How many sign-ins used one factor and how many used several, day by day."""

from mfaaudit.sources.source import Bucket, Shape, Source

SOURCE = Source(
    name="userMfaSignInSummary",
    title="Single-factor and multifactor sign-ins",
    version="beta",
    # A list of days: its page allows no query option, and it takes no period.
    path="/reports/authenticationMethods/userMfaSignInSummary",
    shape=Shape.PAGES,
    permissions=("AuditLog.Read.All",),
    directory_roles=("Reports Reader", "Security Reader", "Security Administrator", "Global Reader"),
    bucket=Bucket.REPORTS,
    premium=True,
    page="authenticationmethodsroot-list-usermfasigninsummary",
)
