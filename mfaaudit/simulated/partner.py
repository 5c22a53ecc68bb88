"""A partner that manages the tenant: what it holds here, and how little this tenant says of it.

With granular delegated admin privileges a role is assigned to a group of the partner's tenant. The group cannot be read
here: /groups/{id} and its members answer 404.
"""

from __future__ import annotations

import uuid
from typing import Any

from mfaaudit.simulated.names import NAMESPACE
from mfaaudit.simulated.roles import GLOBAL_ADMINISTRATOR, HELPDESK

GROUP = str(uuid.uuid5(NAMESPACE, "partner group"))
UNRESOLVED = str(uuid.uuid5(NAMESPACE, "partner unresolved"))
"""The id of a principal that Graph sends as null."""
HELD = ((HELPDESK, GROUP), (GLOBAL_ADMINISTRATOR, UNRESOLVED))

PRINCIPALS: dict[str, dict[str, Any] | None] = {
    GROUP: {"@odata.type": "#microsoft.graph.group", "id": GROUP},
    UNRESOLVED: None,
}
"""What `$expand=principal` gives for each."""
