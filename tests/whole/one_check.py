"""A check of a simulated tenant, undisturbed or with some of it refused."""

import asyncio
from datetime import UTC, datetime
from types import SimpleNamespace

import httpx

from mfaaudit.checking import check, to_json
from mfaaudit.connecting import Connection
from mfaaudit.simulated import open_tenant
from mfaaudit.sources.source import Bucket
from mfaaudit.tenant.controller import Controller
from mfaaudit.tenant.pace import Pace
from mfaaudit.tenant.sign_in import GivenToken

ROOT = "https://graph.microsoft.com"
# Those of the jobs that the results are compared with.
USERS, SEED = 120, 7


def check_of(mood, *, users=USERS, before=lambda _: None, connection=None, **token):
    """What a check of a tenant says, and what it asked; `before` may answer a request in the tenant's stead."""
    tenant = open_tenant(users=users, seed=SEED, mood=mood, now=datetime.now(UTC), quota=False)
    inside, calls = httpx.ASGITransport(app=tenant.app), []

    async def service(request):
        calls.append(request)
        return before(request) or await inside.handle_async_request(request)

    given = {
        "root": ROOT,
        "cloud": "global",
        "auth": "token",
        "credential": GivenToken(tenant.access_token(**token)),
        "scopes": [f"{ROOT}/.default"],
        "tenant": tenant.tenant_id,
        "transport": httpx.MockTransport(service),
    }
    paces = {bucket: Pace(Controller(ceiling=1e6)) for bucket in Bucket}
    made = asyncio.run(
        check(Connection(**given | (connection or {})), lambda *_: None, pace_by_bucket=paces),
    )
    found = to_json(made)
    by_ability = {}
    for row in found["sources"]:
        by_ability.setdefault(row["ability"], set()).add(row["source"])
    rows = {row["source"]: row for row in found["sources"]}
    return SimpleNamespace(found=found, rows=rows, by_ability=by_ability, calls=calls)


def refuse(path, status=403, code="accessDenied"):
    """An answer in the tenant's stead for one path."""
    return lambda request: (
        httpx.Response(status, json={"error": {"code": code, "message": "No."}})
        if request.url.path.endswith(path)
        else None
    )
