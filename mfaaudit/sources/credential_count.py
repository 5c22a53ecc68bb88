"""The older count of registered users: the only one that an application may read."""

from mfaaudit.sources.source import EVOLVABLE, Bucket, Shape, Source

SOURCE = Source(
    name="getCredentialUserRegistrationCount",
    title="Registration counts (older report)",
    version="beta",
    path="/reports/getCredentialUserRegistrationCount",
    shape=Shape.OBJECT,
    permissions=("Reports.Read.All",),
    bucket=Bucket.REPORTS,
    headers=EVOLVABLE,
    premium=True,
    page="reportroot-getcredentialuserregistrationcount",
)
