"""Each group that holds a role, or that a policy, a rule or an exception names: whether its membership is hidden.

Graph answers a request for the members of a group with hidden membership with an empty list where the token lacks
Member.Read.Hidden, and says nothing of a refusal (the pages group-list-transitivemembers and permissions-reference).
"""

from mfaaudit.sources.source import Shape, Source

HIDDEN = "HiddenMembership"
"""The value of `visibility` for such a group (the page of the group resource)."""

SOURCE = Source(
    name="namedGroups",
    title="Groups that are named",
    version="v1.0",
    path="/groups/{id}?$select=id,visibility",
    shape=Shape.OBJECT,
    permissions=("GroupMember.Read.All", "Group.Read.All", "Directory.Read.All"),
    hidden="Member.Read.Hidden",
    page="group-get",
)
