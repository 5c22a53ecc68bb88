"""What it takes to activate each directory role, and whether it may be held for good: settings of PIM."""

from mfaaudit.sources.options import ROLE_POLICIES
from mfaaudit.sources.source import Shape, Source

SOURCE = Source(
    name="roleManagementPolicyAssignments",
    title="Role management policies",
    version="v1.0",
    # The filter is required; without the nested $expand the rules do not come.
    path="/policies/roleManagementPolicyAssignments"
    "?$filter=scopeId%20eq%20'/'%20and%20scopeType%20eq%20'DirectoryRole'&$expand=policy($expand=rules)",
    shape=Shape.PAGES,
    permissions=(
        "RoleManagementPolicy.Read.Directory",
        "RoleManagement.Read.Directory",
        "RoleManagement.Read.All",
    ),
    directory_roles=("Global Reader", "Security Reader", "Security Operator"),
    # Of the premium licences only P2 and Governance hold it.
    premium=True,
    option=ROLE_POLICIES.name,
    page="policyroot-list-rolemanagementpolicyassignments",
)
