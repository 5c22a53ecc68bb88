"""A connection to a simulated tenant in this process."""

import httpx

from mfaaudit.connecting import Connection
from mfaaudit.tenant.sign_in import GivenToken

ROOT = "https://graph.microsoft.com"


def connected(tenant, /, **changes):
    plain = {
        "root": ROOT,
        "cloud": "global",
        "auth": "token",
        "credential": GivenToken(tenant.access_token()),
        "scopes": [f"{ROOT}/.default"],
        "tenant": tenant.tenant_id,
        "transport": httpx.ASGITransport(app=tenant.app),
        "simulated": True,
    }
    return Connection(**plain | changes)
