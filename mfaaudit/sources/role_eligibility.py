"""Who may activate which directory role, directly or through a group."""

from mfaaudit.sources.options import ELIGIBLE_ROLES
from mfaaudit.sources.source import EVOLVABLE, Shape, Source

SOURCE = Source(
    name="roleEligibilitySchedules",
    title="Eligible role assignments",
    version="v1.0",
    path="/roleManagement/directory/roleEligibilitySchedules?$expand=principal",
    shape=Shape.PAGES,
    permissions=("RoleEligibilitySchedule.Read.Directory", "RoleManagement.Read.Directory", "RoleManagement.Read.All"),
    directory_roles=("Global Reader", "Security Reader", "Security Operator"),
    headers=EVOLVABLE,
    # Of the premium licences only P2 and Governance hold it.
    premium=True,
    option=ELIGIBLE_ROLES.name,
    page="rbacapplication-list-roleeligibilityschedules",
)
