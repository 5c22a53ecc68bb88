"""How many sign-ins succeeded with each authentication method in the last 30 days."""

from mfaaudit.sources.source import Bucket, Shape, Source

SOURCE = Source(
    name="userSignInsByAuthMethodSummary",
    title="Successful sign-ins by method",
    version="beta",
    path="/reports/authenticationMethods/userSignInsByAuthMethodSummary(period='d30')",
    shape=Shape.PAGES,
    permissions=("AuditLog.Read.All",),
    directory_roles=("Reports Reader", "Security Reader", "Security Administrator", "Global Reader"),
    bucket=Bucket.REPORTS,
    # Without it the newer methods all come under one name (userRegistrationActivitySummary resource page).
    headers={"Prefer": "include-unknown-enum-members"},
    delegated_only=True,
    premium=True,
    page="authenticationmethodsroot-usersigninsbyauthmethodsummary",
)
