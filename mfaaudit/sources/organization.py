"""Which tenant this is: its id, its name, its domains."""

from mfaaudit.sources.source import Shape, Source

SOURCE = Source(
    name="organization",
    title="Organization",
    version="v1.0",
    path="/organization",
    shape=Shape.PAGES,
    permissions=("User.Read", "User.Read.All", "Organization.Read.All", "Directory.Read.All"),
    page="organization-list",
)
