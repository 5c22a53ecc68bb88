"""`$expand` on users: the manager, and what is refused (query-parameters and user-list-manager pages)."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from mfaaudit.simulated.account import DEFAULT, KNOWN, Account, user_json
from mfaaudit.simulated.answer import Answer, Request, bad_request, refusal
from mfaaudit.simulated.directory import Directory
from mfaaudit.simulated.managers import Contact
from mfaaudit.simulated.tokens import Caller, caller_of

LARGEST_PAGE = 100
"""Users in a page with `$expand`, whatever `$top` says: on no page, but seen in the field by many."""
CONTACT_READERS = frozenset({"OrgContact.Read.All", "Directory.Read.All"})
_ITEM = re.compile(r"(\w+)(?:\((.*)\))?")
_NEVER = frozenset({"photo", "events", "messages"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Expansion:
    """The manager, with these properties."""

    properties: tuple[str, ...]
    chosen: bool
    """Whether they were named, and are not those that come unasked."""

    @property
    def context(self) -> str:
        """As the context of the answer names it."""
        return f"manager({','.join(self.properties) if self.chosen else ''})"


def expansion_of(request: Request, *, advanced: bool, of_list: bool) -> Expansion | Answer | None:
    """What a request expands, or the refusal of it; None if it expands nothing."""
    text = request.query.get("$expand")
    if text is None:
        return None
    items = re.split(r",(?![^(]*\))", text)
    if len(items) > 1:
        return bad_request(
            f"The result of parsing $expand contained at least {len(items)} items, but the maximum allowed is 1.",
            "BadRequest",
        )
    match = _ITEM.fullmatch(items[0].strip())
    name, inner = (match[1], match[2]) if match is not None else (text, None)
    if name in _NEVER:
        what = f"Expand is not allowed for property '{name.capitalize()}' according to the entity schema."
        return bad_request(what, "ExpandNotSupported")
    if name != "manager":
        return _unparsed(f"Could not find a property named '{name}' on type 'microsoft.graph.user'.")
    if advanced:
        return bad_request("$expand is not supported with advanced queries.", "Request_UnsupportedQuery")
    return _of_manager(inner or "", of_list=of_list)


def _of_manager(inner: str, *, of_list: bool) -> Expansion | Answer:
    options = dict(part.strip().partition("=")[::2] for part in inner.split(";") if part.strip())
    levels, chosen = options.pop("$levels", "1"), options.pop("$select", None)
    if options:
        return _unparsed(f"Term '{next(iter(options))}' is not valid in a $select or $expand expression.")
    if levels != "1":
        if of_list:
            return bad_request(
                "Transitive manager's list is only supported on a single user, send the $expand request on "
                "/users/{id} endpoint",
                "Request_UnsupportedQuery",
            )
        return refusal(501, "NotImplemented", "The simulated tenant tells the immediate manager only.")
    if chosen is None:
        return Expansion(properties=DEFAULT, chosen=False)
    names = tuple(name.strip() for name in chosen.split(","))
    unknown = next((name for name in names if name not in KNOWN), None)
    if unknown is not None:
        return _unparsed(f"Could not find a property named '{unknown}' on type 'microsoft.graph.directoryObject'.")
    return Expansion(properties=names, chosen=True)


def _unparsed(why: str) -> Answer:
    return bad_request(f"Parsing OData Select and Expand failed: {why}", "BadRequest")


def manager_of(directory: Directory, request: Request, expansion: Expansion) -> Callable[[Account], dict[str, Any]]:
    """Tells of an account its manager, as a property to be added; none of whoever has none."""
    caller = caller_of(request.headers, directory.tenant, {})
    contacts = isinstance(caller, Caller) and not caller.permissions.isdisjoint(CONTACT_READERS)

    def told(account: Account) -> dict[str, Any]:
        manager = directory.managers.get(account.id)
        if manager is None:
            return {}
        if isinstance(manager, Account):
            made = {"@odata.type": "#microsoft.graph.user"} | user_json(manager, expansion.properties)
        else:
            made = _contact_json(manager, expansion.properties, readable=contacts)
        return {"manager": made}

    return told


def _contact_json(contact: Contact, properties: tuple[str, ...], *, readable: bool) -> dict[str, Any]:
    # Whoever may not read contacts is told of its type and its id, and null for the rest (permissions-overview page).
    known = {"displayName": contact.display_name, "mail": contact.mail, "jobTitle": None}
    made = {name: known[name] if readable else None for name in properties if name in known}
    return {"@odata.type": "#microsoft.graph.orgContact", "id": contact.id} | made
