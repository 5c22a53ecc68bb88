"""Reads a bundle's evidence with nothing but gzip and json: a second opinion on what Graph said."""

import gzip
import json

PASSING = {0, 408, 424, 429, 500, 502, 503, 504}


def lines(bundle, name):
    """Every answer that the journal of a source holds, in order."""
    path = bundle / "evidence" / f"{name}.jsonl.gz"
    if not path.exists():
        return []
    with gzip.open(path, "rt", encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def bodies(bundle, name):
    """The bodies of the answers that succeeded."""
    return [json.loads(one["body"]) for one in lines(bundle, name) if one["status"] == 200]


def users(bundle):
    """Every user that was listed, by id."""
    return {row["id"]: row for body in bodies(bundle, "users") for row in body["value"]}


def registration(bundle):
    """Every row of the registration report, by id; None if the report was not read to its end."""
    rows, ended = {}, False
    for one in lines(bundle, "userRegistrationDetails"):
        if one["status"] == 200:
            body = json.loads(one["body"])
            rows.update({row["id"]: row for row in body["value"]})
            ended = "@odata.nextLink" not in body
        else:
            ended = False
    return rows if ended else None


def own_reads(bundle, source):
    """The last status and body that each user's own read got, by user id."""
    last = {}
    for one in lines(bundle, "perUser"):
        if one["status"] != 200:
            continue
        for item in json.loads(one["body"])["responses"]:
            name, user_id = item["id"].split(".", 1)
            if name == source:
                last[user_id] = (item["status"], item.get("body"))
    return last


def final_status(bundle, name):
    """The status of the last answer that a source gave."""
    return lines(bundle, name)[-1]["status"]
