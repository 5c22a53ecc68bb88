"""A simulated tenant, asked as a client asks Graph: over HTTP, by absolute address, with a token."""

import asyncio
from datetime import UTC, datetime

import httpx
import pytest

from mfaaudit.simulated import open_tenant

ROOT = "https://graph.microsoft.com"
# A Monday morning.
NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


@pytest.fixture
def open_one():
    """Opens a tenant, tidy and without quotas unless something else is asked for."""

    def opening(**given):
        return open_tenant(**({"users": 300, "seed": 7, "mood": "tidy", "now": NOW, "quota": False} | given))

    return opening


@pytest.fixture
def send():
    """Sends one request with the auditor's token, or with the one given; None sends none."""

    def sending(tenant, method, url, *, token="", headers=None, json=None):
        bearer = tenant.access_token() if token == "" else token
        sent = {} if bearer is None else {"Authorization": f"Bearer {bearer}"}

        async def exchange():
            transport = httpx.ASGITransport(app=tenant.app)
            async with httpx.AsyncClient(transport=transport, base_url=ROOT) as client:
                return await client.request(method, url, headers=sent | (headers or {}), json=json)

        return asyncio.run(exchange())

    return sending


@pytest.fixture
def get(send):
    """Reads one address."""

    def getting(tenant, url, **how):
        return send(tenant, "GET", url, **how)

    return getting


@pytest.fixture
def pages(get):
    """The bodies of all pages of a collection, by following each link as it is."""

    def walking(tenant, url, **how):
        found = []
        while url is not None:
            answer = get(tenant, url, **how)
            assert answer.status_code == 200, answer.text
            found.append(answer.json())
            url = found[-1].get("@odata.nextLink")
        return found

    return walking


@pytest.fixture
def rows(pages):
    """All elements of a collection."""

    def gathering(tenant, url, **how):
        return [row for page in pages(tenant, url, **how) for row in page["value"]]

    return gathering


@pytest.fixture
def code():
    """The error code of an answer in Graph's error shape, after a look at the shape."""

    def reading(answer):
        error = answer.json()["error"]
        inner = error.get("innerError") or error["innererror"]
        assert isinstance(error["message"], str)
        assert inner["request-id"] == answer.headers["request-id"]
        return error["code"]

    return reading
