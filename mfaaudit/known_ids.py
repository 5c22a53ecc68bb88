"""Every id of Microsoft's that the program knows by heart, each with its source and the day it was read.

Ids of roles are template ids, which are the same in every tenant (Microsoft Entra built-in roles page). Rule packs keep
theirs in policies/_lists.yaml; a test compares the lists that both have.
"""

from __future__ import annotations

GLOBAL_ADMINISTRATOR = "62e90394-69f5-4237-9190-012177145e10"
"""Source: built-in roles page. Read 2026-12-01."""
PRIVILEGED_ROLE_ADMINISTRATOR = "e8611ab8-c189-46e8-94e1-60213ab1f814"
"""Source: built-in roles page. Read 2026-12-01."""
SYNCHRONIZATION_ROLES = (
    "d29b2b05-8046-44ba-8758-1e26182fcf32",  # Directory Synchronization Accounts
    "a92aed5d-d78a-4d16-b381-09adb37eb3b0",  # On Premises Directory Sync Account
)
"""The roles of the account that synchronizes a directory: the older one, and the one of August 2024.

Source: built-in roles page; What's new in Microsoft Entra, August 2024; Maester's test of exclusions for directory
synchronization, which takes both. Read 2026-12-01.
"""
CIS_ADMINISTRATORS = (
    "9b895d92-2cd3-44c7-9d02-a6ac2d5ea5c3",  # Application Administrator
    "c4e39bd9-1100-46d3-8c65-fb160da0071f",  # Authentication Administrator
    "b0f54661-2d74-4c50-afa3-1ec803f12efe",  # Billing Administrator
    "158c047a-c907-4556-b7ef-446551a6b5f7",  # Cloud Application Administrator
    "b1be1c3e-b65d-4f19-8427-f6fa0d97feb9",  # Conditional Access Administrator
    "29232cdf-9323-42fd-ade2-1d097af3e4de",  # Exchange Administrator
    "62e90394-69f5-4237-9190-012177145e10",  # Global Administrator
    "f2ef992c-3afb-46b9-b7cf-a126ee74c451",  # Global Reader
    "729827e3-9c14-49f7-bb1b-9608f156bbb8",  # Helpdesk Administrator
    "966707d0-3269-4727-9be2-8c3a10f19b9d",  # Password Administrator
    "7be44c8a-adaf-4e2a-84d6-ab2649e08a13",  # Privileged Authentication Administrator
    "e8611ab8-c189-46e8-94e1-60213ab1f814",  # Privileged Role Administrator
    "194ae4cb-b126-40b2-bd5b-6091b380977d",  # Security Administrator
    "f28a1f50-f6e7-4571-818b-6a12f2af6b6c",  # SharePoint Administrator
    "fe930be7-5e62-47db-91af-98c3a49a38b1",  # User Administrator
)
"""The roles that CIS Microsoft 365 Foundations 7.0.0 names in 5.2.2.1 and 5.2.2.5, by template id.

Source: the benchmark, as prowler's cis_7.0_m365.json quotes it; ids from the built-in roles page. Read 2026-11-30.
"""
SCUBA_PRIVILEGED = (
    "62e90394-69f5-4237-9190-012177145e10",  # Global Administrator
    "e8611ab8-c189-46e8-94e1-60213ab1f814",  # Privileged Role Administrator
    "fe930be7-5e62-47db-91af-98c3a49a38b1",  # User Administrator
    "f28a1f50-f6e7-4571-818b-6a12f2af6b6c",  # SharePoint Administrator
    "29232cdf-9323-42fd-ade2-1d097af3e4de",  # Exchange Administrator
    "8ac3fc64-6eca-42ea-9e69-59f4c7b60eb2",  # Hybrid Identity Administrator
    "9b895d92-2cd3-44c7-9d02-a6ac2d5ea5c3",  # Application Administrator
    "158c047a-c907-4556-b7ef-446551a6b5f7",  # Cloud Application Administrator
)
"""The highly privileged roles of CISA SCuBA, MS.AAD.3.6v1 and 7.x, by template id.

Source: ScubaGear 1.8.0, Entra ID baseline; ids from the built-in roles page. Read 2026-11-30.
"""
NO_OBJECT = "00000000-0000-0000-0000-000000000000"
"""The id that nothing has; what an authentication method's setting names where it excludes nobody.

Source: featureTarget resource page of Graph. Read 2026-11-30.
"""
GRAPH_COMMAND_LINE_TOOLS = "14d82eec-204b-4c2f-b7e8-296a70dab67e"
"""Microsoft's own public client for people at a command line; used unless AZURE_CLIENT_ID names another.

Source: Microsoft's list of first-party applications. Read 2026-11-30.
"""
