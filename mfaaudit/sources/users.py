"""The people and other accounts of the tenant: the population that everything else is counted against."""

from mfaaudit.sources.field import NONE, Field, Kind
from mfaaudit.sources.source import Shape, Source
from mfaaudit.words import Reason, Unknown

USER, AGENT_USER = "#microsoft.graph.user", "#microsoft.graph.agentUser"
"""The type of people and guests, and that of the user accounts of AI agents (agentUser resource page)."""
NOT_ASKED = Unknown(Reason.NOT_REQUESTED)
"""Of a property that earlier versions did not select: their bundles lack it."""

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
    # Graph names the type of a row only where it is another than that of the list (OData minimal metadata). It cannot
    # be selected, and comes all the same.
    Field(
        name="user.odataType",
        title="Type in Graph",
        kind=Kind.ENUM,
        values=(USER, AGENT_USER),
        key="@odata.type",
        absent=USER,
    ),
    # The user resource page: how the account came about, and whether its invitation was taken up.
    Field(
        name="user.creationType",
        title="How it was created",
        kind=Kind.ENUM,
        values=("Invitation", "LocalAccount", "EmailVerified", "SelfServiceSignUp", NONE),
        null=NONE,
        absent=NOT_ASKED,
    ),
    Field(
        name="user.externalUserState",
        title="State of the invitation",
        kind=Kind.ENUM,
        values=("PendingAcceptance", "Accepted", NONE),
        null=NONE,
        absent=NOT_ASKED,
    ),
    # Of its identities (objectIdentity) only this is kept: the rest says who somebody is elsewhere.
    Field(
        name="user.identitySignInTypes",
        title="How its identities sign in",
        kind=Kind.LIST,
        key="identities",
        of_each="signInType",
        absent=NOT_ASKED,
    ),
)

_CHOSEN = "$select=id," + ",".join(field.key for field in FIELDS if "@" not in field.key)

SOURCE = Source(
    name="users",
    title="Users",
    version="v1.0",
    path=f"/users?{_CHOSEN}&$top=999",
    of_one=f"/users/{{id}}?{_CHOSEN}",
    shape=Shape.PAGES,
    permissions=("User.Read.All", "Directory.Read.All"),
    also_whole=("User.ReadWrite.All", "Directory.ReadWrite.All"),
    # The permissions reference: the basic profile, and no other property whatever was selected.
    limited={"User.ReadBasic.All": ("user.displayName", "user.userPrincipalName", "user.odataType")},
    needed=True,
    fields=FIELDS,
    page="user-list",
)
