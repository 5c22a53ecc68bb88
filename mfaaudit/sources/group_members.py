"""The users in a group that holds a role, or that a policy, a rule or an exception names; nested groups included."""

from mfaaudit.sources.source import Shape, Source

SOURCE = Source(
    name="groupMembers",
    title="Members of groups",
    version="v1.0",
    path="/groups/{id}/transitiveMembers/microsoft.graph.user?$count=true&$select=id&$top=999",
    shape=Shape.PAGES,
    permissions=("GroupMember.Read.All", "Group.Read.All", "Directory.Read.All"),
    headers={"ConsistencyLevel": "eventual"},
    hidden="Member.Read.Hidden",
    page="group-list-transitivemembers",
)
