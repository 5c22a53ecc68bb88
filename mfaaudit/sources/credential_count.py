"""The older count of registered users: the only one that an application may read."""

from mfaaudit.sources.source import Bucket, Shape, Source

SOURCE = Source(
    name="getCredentialUserRegistrationCount",
    title="Registration counts (older report)",
    version="beta",
    path="/reports/getCredentialUserRegistrationCount",
    shape=Shape.OBJECT,
    permissions=("Reports.Read.All",),
    bucket=Bucket.REPORTS,
    premium=True,
    page="reportroot-getcredentialuserregistrationcount",
)
