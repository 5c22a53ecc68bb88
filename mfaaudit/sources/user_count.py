"""How many users the directory itself counts: what the listing is checked against, before and after."""

from mfaaudit.sources.source import Shape, Source

SOURCE = Source(
    name="userCount",
    title="Count of users",
    version="v1.0",
    path="/users/$count",
    shape=Shape.COUNT,
    permissions=("User.Read.All", "Directory.Read.All"),
    headers={"ConsistencyLevel": "eventual"},
    page="user-list",
)
