"""One account, and how Graph writes it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

ABSENT = object()
"""Stands for a property that Graph leaves out of its answer."""


@dataclass(slots=True, kw_only=True)
class Account:
    """Everything that the endpoints say of one account; unusual values stand in `odd`."""

    id: str
    display_name: str | None
    user_principal_name: str
    enabled: bool
    user_type: str | None
    created: datetime
    synced: bool | None
    department: str | None
    job_title: str | None
    office: str | None
    methods: tuple[str, ...] = ()
    """As the registration report names them."""
    capable: bool = False
    """Whether the policy allows one of the methods."""
    preferred: Any = None
    system_preferred: Any = True
    state: Any = "disabled"
    roles: tuple[str, ...] = ()
    """Template ids of roles held directly."""
    group_roles: tuple[str, ...] = ()
    """Of roles held through the role-assignable group."""
    fault: str = ""
    """What goes wrong when its own endpoints are asked: see faults.py."""
    creation: str | None = None
    """As `creationType` says how the account came about."""
    invitation: str | None = None
    """As `externalUserState` says what became of the invitation."""
    identities: tuple[tuple[str, str], ...] = ()
    """Sign-in type and issuer of each identity."""
    agent_of: str | None = None
    """The object id of the agent identity whose user account it is; None for a person's."""
    in_report: bool = True
    """Whether the registration report knows the account yet."""

    @property
    def is_admin(self) -> bool:
        """Whether the registration report calls it one."""
        return bool(self.roles or self.group_roles)

    @property
    def registered(self) -> bool:
        """Whether a strong method is registered, allowed or not."""
        return any(method not in WEAK for method in self.methods)


STATES = ("disabled", "enabled", "enforced")
"""Of per-user MFA, as the resource page lists them."""
WEAK = frozenset({"email", "securityQuestion", "temporaryAccessPass", "appPassword"})
PASSWORDLESS = frozenset(
    {
        "fido2SecurityKey",
        "passKeyDeviceBound",
        "passKeyDeviceBoundAuthenticator",
        "windowsHelloForBusiness",
        "microsoftAuthenticatorPasswordless",
    }
)
SSPR = frozenset({"email", "mobilePhone", "microsoftAuthenticatorPush", "softwareOneTimePasscode", "securityQuestion"})

# Property -> how it is read; the default set is what the user resource page lists for a call without $select.
DEFAULT = (
    "businessPhones",
    "displayName",
    "givenName",
    "jobTitle",
    "mail",
    "mobilePhone",
    "officeLocation",
    "preferredLanguage",
    "surname",
    "userPrincipalName",
    "id",
)
KNOWN = frozenset(
    {
        *DEFAULT,
        "accountEnabled",
        "userType",
        "createdDateTime",
        "onPremisesSyncEnabled",
        "department",
        "companyName",
        "employeeId",
        "usageLocation",
        "assignedLicenses",
        "signInActivity",
        "perUserMfaState",
        "creationType",
        "externalUserState",
        "identities",
        "identityParentId",
    }
)
NOT_IN_A_COLLECTION = frozenset({"aboutMe", "birthday", "hireDate", "interests", "mySite", "skills", "schools"})


def user_json(account: Account, properties: tuple[str, ...]) -> dict[str, Any]:
    """The account with the properties asked for, in their order; id always comes."""
    made = {name: _property(account, name) for name in properties}
    if "id" not in made:
        made["id"] = account.id
    if account.agent_of is not None:
        # A row names its type where it is another than that of the collection.
        made = {"@odata.type": "#microsoft.graph.agentUser"} | made
    return {name: value for name, value in made.items() if value is not ABSENT}


def _property(account: Account, name: str) -> Any:
    match name:
        case "id":
            return account.id
        case "displayName":
            return account.display_name
        case "userPrincipalName":
            return account.user_principal_name
        case "accountEnabled":
            return account.enabled
        case "userType":
            return account.user_type
        case "createdDateTime":
            return account.created.strftime("%Y-%m-%dT%H:%M:%SZ")
        case "onPremisesSyncEnabled":
            return account.synced
        case "department":
            return account.department
        case "jobTitle":
            return account.job_title
        case "officeLocation":
            return account.office
        case "mail":
            return None if "#EXT#" in account.user_principal_name else account.user_principal_name
        case "businessPhones" | "assignedLicenses":
            return []
        case "perUserMfaState":
            # In use by other tools and in no published schema; null where nothing was ever set.
            return account.state if isinstance(account.state, str) else None
        case "signInActivity":
            # Of another service: activity.py tells it where /users is asked.
            return ABSENT
    return _of_origin(account, name)


def _of_origin(account: Account, name: str) -> Any:
    """The properties that say where somebody comes from."""
    match name:
        case "creationType":
            return account.creation
        case "externalUserState":
            return account.invitation
        case "identityParentId":
            return account.agent_of
        case "identities":
            return [
                {"signInType": kind, "issuer": issuer, "issuerAssignedId": None} for kind, issuer in account.identities
            ]
    return None
