"""The people and other accounts of the tenant: the population that everything else is counted against."""

from mfaaudit.sources.field import NONE, Field, Kind
from mfaaudit.sources.source import Shape, Source

FIELDS = (
    Field(name="user.displayName", title="Display name", kind=Kind.TEXT, null=""),
    Field(name="user.userPrincipalName", title="User principal name", kind=Kind.TEXT),
    Field(name="user.accountEnabled", title="Account enabled", kind=Kind.BOOLEAN),
    # Accounts older than the property carry no type. They are not guests, and must not slip out of a population.
    Field(name="user.userType", title="User type", kind=Kind.ENUM, values=("Member", "Guest", NONE), null=NONE),
    Field(name="user.createdDateTime", title="Created", kind=Kind.TIME),
    # The user resource page: null if the account has never been synchronised.
    Field(name="user.onPremisesSyncEnabled", title="Synchronised", kind=Kind.BOOLEAN, null=False),
    Field(name="user.department", title="Department", kind=Kind.TEXT, null=""),
)

_CHOSEN = "$select=id," + ",".join(field.key for field in FIELDS)

SOURCE = Source(
    name="users",
    title="Users",
    version="v1.0",
    path=f"/users?{_CHOSEN}&$top=999",
    of_one=f"/users/{{id}}?{_CHOSEN}",
    shape=Shape.PAGES,
    permissions=("User.Read.All", "Directory.Read.All"),
    needed=True,
    fields=FIELDS,
    page="user-list",
)
