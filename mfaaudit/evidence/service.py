"""What kind of tenant answered, and in which cloud: what an answer that gives nothing means depends on both."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

WORKFORCE = "AAD"
TENANT_TYPES: Mapping[str, str] = MappingProxyType(
    {
        WORKFORCE: "a workforce tenant",
        "AAD B2C": "an Azure AD B2C tenant",
        "CIAM": "an external tenant (Microsoft Entra External ID)",
    }
)
"""`tenantType` of an organization -> what the tenant is (the page of the organization resource)."""
GLOBAL = "global"


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """The Graph service, and the tenant behind it."""

    cloud: str = GLOBAL
    """As `--cloud` names it."""
    tenant_type: str = ""
    """As Graph spells it; empty if Graph did not say."""

    @property
    def for_customers(self) -> bool:
        """Whether the tenant holds the accounts of customers, and lacks much of what a workforce tenant has."""
        return self.tenant_type in TENANT_TYPES and self.tenant_type != WORKFORCE

    @property
    def lacks_features(self) -> bool:
        """Whether Graph documents that some sources do not exist there at all."""
        return self.cloud != GLOBAL or self.for_customers


def said_of(tenant_type: str) -> str:
    """What a tenant of this type is, in a few words; empty if Graph did not say."""
    if not tenant_type:
        return ""
    return TENANT_TYPES.get(tenant_type, f"a tenant of a type that this version does not know ({tenant_type})")
