"""/users: the listing, the count, and single accounts (user-list page)."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable, Iterator
from typing import Any

from mfaaudit.simulated.access import ACTIVITY, MANAGERS, Access
from mfaaudit.simulated.account import DEFAULT, KNOWN, NOT_IN_A_COLLECTION, Account, user_json
from mfaaudit.simulated.activity import sign_in_activity
from mfaaudit.simulated.answer import Answer, Request, bad_request, not_found, refusal
from mfaaudit.simulated.directory import Directory
from mfaaudit.simulated.expansion import LARGEST_PAGE, Expansion, expansion_of, manager_of
from mfaaudit.simulated.paging import page
from mfaaudit.simulated.storm.listing import Row, page_size

_FILTER = re.compile(r"(?:(accountEnabled) (eq|ne) (true|false)|(userType) (eq|ne) '(Member|Guest)')")


def also_needed(request: Request) -> Iterator[Access]:
    """What a request for users asks of its caller beside the users: sign-ins are of another service."""
    properties = _properties(request)
    if not isinstance(properties, Answer) and "signInActivity" in properties:
        yield ACTIVITY
    if "$expand" in request.query:
        yield MANAGERS


def listing(directory: Directory, request: Request) -> Answer:
    """GET /users."""
    properties = _properties(request)
    if isinstance(properties, Answer):
        return properties
    advanced = _eventual(request) and request.query.get("$count") == "true"
    keep = _filter(request.query.get("$filter"), advanced=advanced)
    if isinstance(keep, Answer):
        return keep
    expansion = expansion_of(request, advanced=advanced, of_list=True)
    if isinstance(expansion, Answer):
        return expansion
    activity = "signInActivity" in properties
    accounts = directory.accounts
    more = _added(directory, request, expansion)

    def shown(one: Account) -> bool:
        return one.id not in directory.gone and keep(one)

    def render(row: Row) -> dict[str, Any]:
        made = _told(directory, row.account, properties) | more(row.account)
        if not row.named:
            del made["id"]
        return made

    sizes = [LARGEST_PAGE] if expansion is not None else []
    if directory.mood.stormy:
        sizes.append(page_size(accounts))
    return page(
        request,
        directory.tokens,
        "users" + _shape(request, properties, expansion),
        directory.rows,
        render,
        size=100,
        largest=500 if activity else 999,
        # A row too many comes from an older copy of the directory, which has not heard of the deletion.
        keep=lambda row: shown(row.account) if row.first else keep(row.account),
        count=sum(map(shown, accounts)) if advanced else None,
        hollow=1 if directory.mood.messy else None,
        at_most=min(sizes, default=None),
    )


def count(directory: Directory, request: Request) -> Answer:
    """GET /users/$count: plain text, and only with eventual consistency."""
    if directory.mood.tenant_type not in (None, "AAD"):
        return bad_request("$count is not supported for this type of tenant.", "Request_UnsupportedQuery")
    if not _eventual(request):
        return bad_request("$count is not currently supported. Please include the header ConsistencyLevel: eventual.")
    return Answer(text=str(directory.count))


def single(directory: Directory, request: Request, name: str) -> Answer:
    """GET /users/{id | userPrincipalName}."""
    properties = _properties(request)
    if isinstance(properties, Answer):
        return properties
    if "signInActivity" in properties and not _is_guid(name):
        # Its service says so in words of its own, whether or not there is such a user.
        return bad_request("Get By Key only supports UserId and the key has to be a valid Guid", "400")
    expansion = expansion_of(request, advanced=False, of_list=False)
    if isinstance(expansion, Answer):
        return expansion
    account = directory.find(name)
    if account is None:
        return not_found(f"Resource '{name}'")
    shape = "" if expansion is None else _shape(request, properties, expansion)
    context = f"{request.root}/{request.version}/$metadata#users{shape}/$entity"
    more = _added(directory, request, expansion)
    return Answer(body={"@odata.context": context} | _told(directory, account, properties) | more(account))


def _told(directory: Directory, account: Account, properties: tuple[str, ...]) -> dict[str, Any]:
    made = user_json(account, properties)
    if "perUserMfaState" in made and account.id in directory.lists.states:
        made["perUserMfaState"] = directory.lists.states[account.id]
    if "signInActivity" in properties:
        activity = sign_in_activity(account, directory.now, odd=directory.mood.messy)
        if activity is not None:
            made["signInActivity"] = activity
    return made


def _added(directory: Directory, request: Request, expansion: Expansion | None) -> Callable[[Account], dict[str, Any]]:
    return (lambda _: {}) if expansion is None else manager_of(directory, request, expansion)


def _shape(request: Request, properties: tuple[str, ...], expansion: Expansion | None) -> str:
    names = list(properties) if "$select" in request.query else []
    names += [] if expansion is None else [expansion.context]
    return f"({','.join(names)})" if names else ""


def _is_guid(name: str) -> bool:
    try:
        return str(uuid.UUID(name)) == name.lower()
    except ValueError:
        return False


def _eventual(request: Request) -> bool:
    return request.headers.get("consistencylevel", "").lower() == "eventual"


def _properties(request: Request) -> tuple[str, ...] | Answer:
    given = request.query.get("$select")
    if given is None:
        return DEFAULT
    names = tuple(name.strip() for name in given.split(",") if name.strip())
    for name in names:
        if name in NOT_IN_A_COLLECTION:
            return refusal(501, "NotImplemented", f"The property '{name}' cannot be selected in a collection.")
        if name not in KNOWN:
            return bad_request(f"Could not find a property named '{name}' on type 'microsoft.graph.user'.")
    return names


def _filter(text: str | None, *, advanced: bool) -> Callable[[Account], bool] | Answer:
    if text is None:
        return lambda _: True
    match = _FILTER.fullmatch(text.strip())
    if match is None:
        return bad_request("Invalid filter clause.")
    name, operator, literal = (part for part in match.groups() if part is not None)
    if operator == "ne" and not advanced:
        return bad_request(
            "Operator 'ne' is not supported without the header ConsistencyLevel: eventual and $count=true.",
            "Request_UnsupportedQuery",
        )
    equal = operator == "eq"
    if name == "accountEnabled":
        return lambda one: (one.enabled == (literal == "true")) == equal
    return lambda one: (one.user_type == literal) == equal
