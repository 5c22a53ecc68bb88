"""Who holds which directory role, directly or through a group."""

from mfaaudit.sources.source import Shape, Source

SOURCE = Source(
    name="roleAssignments",
    title="Directory role assignments",
    version="v1.0",
    path="/roleManagement/directory/roleAssignments?$expand=principal",
    shape=Shape.PAGES,
    permissions=("RoleManagement.Read.Directory", "Directory.Read.All"),
    directory_roles=("Directory Readers", "Global Reader"),
    page="rbacapplication-list-roleassignments",
)
