"""Each user's per-user MFA state as the list of users gives it: a property that stands in no published schema.

`perUserMfaState` is not on the `user` type in Graph's metadata, of v1.0 or of beta, and no page names it; the type is
open, and the list has answered with it since 2025. It may go, or be empty, on any day. So its rows are read only under
`verified-bulk`, with the fields of `requirements`, and no value of it is believed before a sample has been verified.
"""

from mfaaudit.sources.source import EVOLVABLE, Shape, Source

VERIFIED_BULK = "verified-bulk"

SOURCE = Source(
    name="listedStates",
    title="Per-user MFA states in the list of users",
    version="v1.0",
    path="/users?$select=id,perUserMfaState&$top=999",
    shape=Shape.PAGES,
    permissions=("User.Read.All",),
    headers=EVOLVABLE,
    collect=VERIFIED_BULK,
    page="user-list",
)
