"""Directory roles by their template ids, as the built-in roles page lists them."""

from __future__ import annotations

GLOBAL_ADMINISTRATOR = "62e90394-69f5-4237-9190-012177145e10"
DIRECTORY_SYNCHRONIZATION = "d29b2b05-8046-44ba-8758-1e26182fcf32"
ON_PREMISES_SYNC = "a92aed5d-d78a-4d16-b381-09adb37eb3b0"
"""The newer role of the account that synchronizes the directory."""

SYNCHRONIZATION = frozenset({DIRECTORY_SYNCHRONIZATION, ON_PREMISES_SYNC})

ROLES: dict[str, str] = {
    GLOBAL_ADMINISTRATOR: "Global Administrator",
    "f2ef992c-3afb-46b9-b7cf-a126ee74c451": "Global Reader",
    "194ae4cb-b126-40b2-bd5b-6091b380977d": "Security Administrator",
    "5d6b6bb7-de71-4623-b4af-96380a352509": "Security Reader",
    "fe930be7-5e62-47db-91af-98c3a49a38b1": "User Administrator",
    "729827e3-9c14-49f7-bb1b-9608f156bbb8": "Helpdesk Administrator",
    "29232cdf-9323-42fd-ade2-1d097af3e4de": "Exchange Administrator",
    "f28a1f50-f6e7-4571-818b-6a12f2af6b6c": "SharePoint Administrator",
    "b1be1c3e-b65d-4f19-8427-f6fa0d97feb9": "Conditional Access Administrator",
    "9b895d92-2cd3-44c7-9d02-a6ac2d5ea5c3": "Application Administrator",
    "158c047a-c907-4556-b7ef-446551a6b5f7": "Cloud Application Administrator",
    "c4e39bd9-1100-46d3-8c65-fb160da0071f": "Authentication Administrator",
    "7be44c8a-adaf-4e2a-84d6-ab2649e08a13": "Privileged Authentication Administrator",
    "e8611ab8-c189-46e8-94e1-60213ab1f814": "Privileged Role Administrator",
    "b0f54661-2d74-4c50-afa3-1ec803f12efe": "Billing Administrator",
    "966707d0-3269-4727-9be2-8c3a10f19b9d": "Password Administrator",
    DIRECTORY_SYNCHRONIZATION: "Directory Synchronization Accounts",
    ON_PREMISES_SYNC: "On Premises Directory Sync Account",
}
READER = "f2ef992c-3afb-46b9-b7cf-a126ee74c451"
HELPDESK = "729827e3-9c14-49f7-bb1b-9608f156bbb8"

PRIVILEGED = frozenset(
    {
        GLOBAL_ADMINISTRATOR,
        "194ae4cb-b126-40b2-bd5b-6091b380977d",
        "b1be1c3e-b65d-4f19-8427-f6fa0d97feb9",
        "29232cdf-9323-42fd-ade2-1d097af3e4de",
        "f28a1f50-f6e7-4571-818b-6a12f2af6b6c",
        HELPDESK,
        "b0f54661-2d74-4c50-afa3-1ec803f12efe",
        "fe930be7-5e62-47db-91af-98c3a49a38b1",
        "c4e39bd9-1100-46d3-8c65-fb160da0071f",
    }
)
"""What `includedUserRoles='privilegedAdmin'` counts (usersRegisteredByFeature page)."""
