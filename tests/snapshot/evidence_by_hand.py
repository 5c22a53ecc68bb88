"""Evidence in a few words: answers as Graph would give them, written as an audit would have kept them."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from mfaaudit.evidence.batch import Item, request_body
from mfaaudit.evidence.journal import Journal
from mfaaudit.evidence.response import Response, next_link
from mfaaudit.evidence.run import Identity, Run
from mfaaudit.sources import BY_NAME
from mfaaudit.sources.source import Shape

NOW = datetime(2026, 3, 10, 9, tzinfo=UTC)
ROOT = "https://graph.microsoft.com"
PER_USER = {source.name: source for source in BY_NAME.values() if source.shape is Shape.PER_USER}
NO_P2 = "AadPremiumLicenseRequired"
NOT_PREMIUM = "Authentication_RequestFromNonPremiumTenantOrB2CTenant"


def answer(source, body, status=200, *, attempt=1, problem="", url="", request=""):
    """One answer; its request-id names the source and the attempt."""
    text = body if isinstance(body, bytes) else json.dumps(body).encode()
    return Response(
        source=source,
        method="POST" if request else "GET",
        url=url or f"{ROOT}/v1.0/{source}",
        read_at=NOW + timedelta(seconds=attempt),
        status=status,
        problem=problem,
        headers={"request-id": f"{source}-{attempt}"},
        request=request,
        body=b"" if problem else text,
        attempt=attempt,
    )


def page(source, rows, *, more=False, **odd):
    """One page of a collection; `more` promises another."""
    return answer(source, {"value": rows} | ({"@odata.nextLink": f"{ROOT}/next"} if more else {}), **odd)


def policies(*rows):
    """The Conditional Access policies, alike in both versions of their list, and no plans."""
    both = ("conditionalAccessPolicies", "conditionalAccessPoliciesBeta")
    return [*(page(source, list(rows)) for source in both), page("conditionalAccessPlans", [])]


def refusal(source, status, code="", **odd):
    """An answer that gives nothing."""
    return answer(source, {"error": {"code": code, "message": "No."}}, status, **odd)


def silence(source, problem="ReadTimeout: ", **odd):
    """No answer at all."""
    return answer(source, b"", 0, problem=problem, **odd)


def count(number, **odd):
    """An answer to `$count`, with the mark before the number that Graph sends."""
    return answer("userCount", f"\ufeff{number}".encode(), **odd)


def batch(given, **odd):
    """One batch: for each (source, user) a body, a status with an error code, or None for an item that is left out."""
    items = [Item(*pair) for pair in given]
    entries = []
    for item, body in zip(items, given.values(), strict=True):
        if isinstance(body, tuple):
            entries.append({"id": item.id, "status": body[0], "body": {"error": {"code": body[1]}}})
        elif body is not None:
            entries.append({"id": item.id, "status": 200, "body": body})
    return answer("$batch", {"responses": entries}, request=request_body(items, PER_USER), **odd)


def user(id_, **properties):
    """A row of `/users`."""
    plain = {
        "displayName": f"User {id_}",
        "userPrincipalName": f"{id_}@x.example",
        "accountEnabled": True,
        "userType": "Member",
        "createdDateTime": "2024-01-01T00:00:00Z",
        "onPremisesSyncEnabled": None,
        "department": None,
    }
    return {"id": id_} | plain | properties


def registered(id_, *methods, **properties):
    """A row of the registration report."""
    plain = {
        "isAdmin": False,
        "isMfaRegistered": bool(methods),
        "isMfaCapable": bool(methods),
        "isPasswordlessCapable": False,
        "isSsprRegistered": False,
        "isSsprEnabled": True,
        "isSsprCapable": False,
        "methodsRegistered": list(methods),
        "userPreferredMethodForSecondaryAuthentication": "",
        "lastUpdatedDateTime": "2026-03-09T03:48:00.1234563Z",
    }
    return {"id": id_} | plain | properties


def listed(id_, state="disabled", **properties):
    """A row of the list of users with its undocumented state."""
    return {"id": id_, "perUserMfaState": state} | properties


def preferring(id_, method="push", *, system=True, **properties):
    """A row of the registration report with the preferences in it."""
    preferences = {
        "isSystemPreferredAuthenticationMethodEnabled": system,
        "userPreferredMethodForSecondaryAuthentication": method,
    }
    return registered(id_, "sms", **preferences | properties)


def role_of(id_, kind="user"):
    """A role assignment to a user, or to a group."""
    return {"roleDefinitionId": "r", "principalId": id_, "principal": {"@odata.type": f"#microsoft.graph.{kind}"}}


NOBODY = Identity(
    kind="delegated",
    auth="token",
    app_id="",
    app_name="",
    object_id="",
    user_principal_name="",
    tenant_id="",
    permissions=(),
)


def write_run(folder, **changes):
    """The facts of a finished audit."""
    facts = {
        "id": "run",
        "tool": "mfaaudit",
        "tool_version": "0",
        "platform": "",
        "packages": {},
        "started_at": NOW,
        "finished_at": NOW,
        "tenant_id": "t",
        "tenant_name": "T",
        "default_domain": "x.example",
        "cloud": "global",
        "graph": ROOT,
        "identity": NOBODY,
        "collect": "per-user",
        "metrics_from": NOW - timedelta(days=2),
        "metrics_to": NOW,
        "requests": 0,
        "throttled": 0,
        "simulated": True,
    }
    (folder / "run.json").write_text(Run(**(facts | changes)).to_json(), encoding="utf-8")


def linked(answers):
    """The same answers; a page that follows a link has the link's address, however often it was asked for."""
    links = {}
    for one in answers:
        link = links.get(one.source)
        plain = one.url == f"{ROOT}/v1.0/{one.source}"
        made = replace(one, url=link) if link is not None and plain else one
        if one.ok:
            links[one.source] = next_link(one)
        yield made


def write(folder, *answers, **changes):
    """The answers, and the facts of the run that gave them."""
    folder.mkdir(exist_ok=True)
    with Journal(folder) as journal:
        for one in linked(answers):
            journal.append(one)
    write_run(folder, **changes)
