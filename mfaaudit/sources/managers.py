"""Each user's manager, so that work on a user's account can be sent to somebody: a listing of its own, on request."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mfaaudit.sources.field import Field, Kind, Value
from mfaaudit.sources.options import MANAGERS
from mfaaudit.sources.source import Shape, Source
from mfaaudit.words import Reason, Unknown

CONTACT = "#microsoft.graph.orgContact"
SIGN_IN_NAME = "manager.userPrincipalName"


class OfManager(Field):
    """One value of the manager; empty where the user was read and has none, or where the manager lacks it."""

    def read(self, raw: Mapping[str, Any]) -> Value | Unknown:
        """The value, or why it is unknown.

        A manager may be a contact, which has no user principal name. Whoever may not read contacts is told of its id
        and of null for the rest (permissions-overview page); no contact is without a name otherwise.
        """
        manager = raw.get(self.within)
        if isinstance(manager, dict) and manager.get("@odata.type") == CONTACT:
            if self.name == SIGN_IN_NAME:
                return ""
            if manager.get("displayName") is None and self.key != "id":
                return Unknown(Reason.NO_PERMISSION)
        return super().read(raw)


def _text(name: str, title: str) -> OfManager:
    # Graph leaves the manager of a user out who has none, as it leaves out one who was deleted.
    return OfManager(name=name, title=title, kind=Kind.TEXT, within="manager", null="")


FIELDS = (
    _text("manager.id", "Object id of the manager"),
    _text("manager.displayName", "Manager"),
    _text(SIGN_IN_NAME, "User principal name of the manager"),
    _text("manager.mail", "Mail address of the manager"),
)

_CHOSEN = f"$select=id&$expand=manager($select={','.join(field.key for field in FIELDS)})"

SOURCE = Source(
    name="managers",
    title="Managers",
    version="v1.0",
    # A page with $expand holds 100 users at most, whatever $top says.
    path=f"/users?{_CHOSEN}&$top=100",
    of_one=f"/users/{{id}}?{_CHOSEN}",
    shape=Shape.PAGES,
    # Of managers that are contacts, the name and the address need OrgContact.Read.All or Directory.Read.All as well.
    permissions=("User.Read.All", "Directory.Read.All"),
    option=MANAGERS.name,
    fields=FIELDS,
    page="user-list-manager",
)
