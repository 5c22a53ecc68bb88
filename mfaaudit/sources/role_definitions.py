"""What the directory roles are called."""

from mfaaudit.sources.source import Shape, Source

SOURCE = Source(
    name="roleDefinitions",
    title="Directory roles",
    version="v1.0",
    path="/roleManagement/directory/roleDefinitions?$select=id,displayName,templateId",
    shape=Shape.PAGES,
    permissions=("RoleManagement.Read.Directory", "Directory.Read.All"),
    directory_roles=("Directory Readers", "Global Reader"),
    page="rbacapplication-list-roledefinitions",
)
