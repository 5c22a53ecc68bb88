"""One fault at a time, of one read or of whole requests, and what differs in the snapshot of the audit under it."""

import json
import re
from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta
from email.utils import format_datetime

from test_soak import NOW

USERS = 40
STATE, PREFERS = "requirements_perUserMfaState", "signInPreferences_isSystemPreferredAuthenticationMethodEnabled"
FOR_GOOD = 10**9
DETAILS = "/userRegistrationDetails"
IN_A_MINUTE = format_datetime(NOW + timedelta(minutes=1), usegmt=True)
PAGE = b"<!DOCTYPE html><html><body>Bad Gateway</body></html>"
REFUSAL = {"error": {"code": "x", "message": "x"}}


@dataclass
class Exchange:
    """One request and the answer to it; a fault changes the answer, or raises."""

    path: str
    url: str
    request: bytes
    status: int = 200
    headers: dict = field(default_factory=dict)
    body: bytes = b""

    def says(self, status, body=b"", **headers):
        named = {name.replace("_", "-").lower(): value for name, value in headers.items()}
        self.status, self.headers = status, {"content-type": "application/json"} | named
        self.body = body if isinstance(body, bytes) else json.dumps(body).encode()


def disturbed(app, fault):
    """The same application, but for one fault; its collections come in pages of twenty."""

    async def answering(scope, receive, send):
        body, more = b"", True
        while more:
            message = await receive()
            body, more = body + message.get("body", b""), message.get("more_body", False)
        query = re.sub(rb"top=999", b"top=20", scope["query_string"])
        seen = Exchange(scope["path"], f"{scope['path']}?{query.decode()}", body)

        async def again():
            return {"type": "http.request", "body": body, "more_body": False}

        async def keep(part):
            if part["type"] == "http.response.start":
                seen.status = part["status"]
                seen.headers = {name.decode(): value.decode() for name, value in part["headers"]}
            else:
                seen.body += part["body"]

        await app(scope | {"query_string": query}, again, keep)
        fault(seen)
        seen.headers.pop("content-length", None)
        raw = [(name.encode(), value.encode()) for name, value in seen.headers.items()]
        await send({"type": "http.response.start", "status": seen.status, "headers": raw})
        await send({"type": "http.response.body", "body": seen.body})

    return answering


def people(snapshot):
    """Every value of every user and its reason, by user; when and in which answer it came is left out."""
    dated = [name for name in snapshot.users.columns if name.endswith(("_readAt", "_requestId", "_source"))]
    return {row["user_id"]: row for row in snapshot.users.drop(dated).to_dicts()}


def differences(calm, snapshot):
    """What differs: (user, column) -> the value now. Asserts that nobody is lost and nobody is new."""
    before, after = people(calm), people(snapshot)
    assert list(after) == list(before)
    return {(user, name): row[name] for user, row in after.items() for name in row if row[name] != before[user][name]}


def without_state(user, reason):
    """What differs where one user's per-user state is unknown: the state, and what follows from it."""
    follows = ("derived_enforcedBy", "derived_isAskedEverywhere", "derived_enforcingPolicies")
    return {
        entry
        for column in (STATE, *follows)
        for entry in (((user, column), None), ((user, f"{column}_reason"), reason.value))
    }


def target(tenant):
    return tenant.directory.accounts[31]


def item(becomes, times=FOR_GOOD, part="requirements"):
    """A fault of one user's read in the answers to its first batches: the entry becomes others, or none."""
    asked = Counter()

    def fault(tenant, seen):
        if not seen.path.endswith("/$batch"):
            return
        url = f"/users/{target(tenant).id}/authentication/{part}"
        ours = [one["id"] for one in json.loads(seen.request)["requests"] if one["url"].endswith(url)]
        asked.update(ours)
        entries = []
        for entry in json.loads(seen.body)["responses"]:
            hit = entry["id"] in ours and asked[entry["id"]] <= times
            entries += becomes(entry, tenant) if hit else [entry]
        seen.body = json.dumps({"responses": entries}).encode()

    return fault


def error(status, **headers):
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    body = {"error": {"code": "x", "message": "x"}}
    return lambda entry, _: [{"id": entry["id"], "status": status, "headers": named, "body": body}]


def but(**changes):
    """The entry with other members; None takes one away."""
    return lambda entry, _: [{name: value for name, value in (entry | changes).items() if value is not None}]


def request(becomes, at="", times=FOR_GOOD):
    """A fault of whole requests to the addresses that match, the first times each is asked."""
    asked = Counter()

    def fault(_, seen):
        if re.search(at, seen.url):
            asked[seen.url] += 1
            if asked[seen.url] <= times:
                becomes(seen)

    return fault


def says(*answer, **headers):
    return lambda seen: seen.says(*answer, **headers)


def breaks(problem):
    def becomes(_):
        raise problem

    return becomes
