"""A service for batches of per-user reads, and what a pass over it read."""

import json
from collections import Counter

import httpx

from mfaaudit.evidence.batch import reads_of
from mfaaudit.snapshot.readings import read_per_user
from mfaaudit.sources import requirements, sign_in_preferences
from mfaaudit.tenant.per_user import PerUserPass

SOURCES = (requirements.SOURCE, sign_in_preferences.SOURCE)
STATES = ("disabled", "enabled", "enforced")
NOW = {"Retry-After": "0"}


def people(count):
    return [f"{number:08d}-aaaa-bbbb-cccc-dddddddddddd" for number in range(count)]


def state(user):
    """Neighbours differ, so that an answer in the wrong place shows."""
    return STATES[int(user[:8]) % 3]


def well(item):
    user = item["url"].split("/")[2]
    body = (
        {"perUserMfaState": state(user)}
        if item["url"].endswith("/requirements")
        else {"userPreferredMethodForSecondaryAuthentication": None}
    )
    return {"id": item["id"], "status": 200, "headers": {}, "body": body}


def fault(status, headers=None, code="x"):
    return lambda item: {
        "id": item["id"],
        "status": status,
        "headers": headers or {},
        "body": {"error": {"code": code}},
    }


def lost(_):
    return None


def serving(becomes=lambda item, time: well, order=lambda entries: entries):
    """A service whose items come to `becomes(item, time)`, time counting how often the item was asked.

    Returns the service and the batches that it was sent.
    """
    asked, batches = Counter(), []

    def service(request):
        items = json.loads(request.content)["requests"]
        batches.append(items)
        asked.update(item["id"] for item in items)
        entries = [becomes(item, asked[item["id"]])(item) for item in items]
        return httpx.Response(200, json={"responses": order([one for one in entries if one])})

    return service, batches


def reading(users):
    """Reads the users, and returns how many reads were reported as done."""

    async def work(reader):
        done = []
        passing = PerUserPass(reader, SOURCES, done.append)
        passing.add(reads_of(users, SOURCES))
        passing.no_more()
        await passing.run()
        return sum(done)

    return work


def read_back(folder, users):
    return read_per_user(folder, [one.name for one in SOURCES], {user: n for n, user in enumerate(users)})[0]


def assert_all_well(folder, users):
    found = read_back(folder, users)
    assert found["requirements"].entries("requirements.perUserMfaState") == [state(user) for user in users]
    assert set(found["signInPreferences"].reasons) == {None}


def only(name, number, then):
    """One item comes to something else, the first `number` times."""
    return lambda item, time: then if item["id"] == name and time <= number else well
