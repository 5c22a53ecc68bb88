"""Whole audits: what is to be done adds up to what fails and what is open, in every format alike."""

import csv
import hashlib
import json


def table(path):
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_actions_add_up_to_the_findings(job):
    results = job.results
    actions, counts = results["actions"], [one["counts"] for one in results["rules"]]

    assert sum(one["failures"] for one in actions) == sum(one["fail"] for one in counts)
    assert sum(one["gaps"] for one in actions) == sum(one["notEvaluated"] + one["error"] for one in counts)
    with (job.bundle / "findings.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = [(one["ruleId"], one["userId"]) for one in csv.DictReader(file) if one["status"] == "FAIL"]
    listed = [
        (rule, one["userId"])
        for action in actions
        for one in table(job.bundle / "actions" / f"{action['id']}.csv")
        for rule in one["rules"].split(", ")
    ]
    # What is read again once for the tenant can concern a rule for more than one reason.
    own = [one for one in listed if one[1]]
    assert len(own) == len(set(own))
    assert set(rows) <= set(listed)


def test_every_list_and_the_tickets_hold_what_the_results_count(job):
    folder, actions = job.bundle / "actions", job.results["actions"]
    for one in actions:
        rows = table(folder / f"{one['id']}.csv")
        states = [row["state"].split(":")[0] for row in rows]
        assert [states.count(word) for word in ("ready", "not yet", "by hand")] == [
            one["ready"],
            one["notYet"],
            one["byHand"],
        ]
        assert len({row["userId"] for row in rows}) == len(rows)
    tickets = table(folder / "tickets.csv")
    assert len(tickets) == sum(one["ready"] + one["notYet"] + one["byHand"] for one in actions)
    assert len({one["externalId"] for one in tickets}) == len(tickets)


def test_the_manifest_seals_the_folder(job):
    manifest = json.loads((job.bundle / "manifest.json").read_text(encoding="utf-8"))
    sealed = {one["path"]: one["sha256"] for one in manifest["files"] if one["path"].startswith("actions/")}

    there = {path.relative_to(job.bundle).as_posix(): path for path in (job.bundle / "actions").rglob("*")}
    assert sealed == {name: hashlib.sha256(path.read_bytes()).hexdigest() for name, path in there.items()}
    assert "actions" in manifest["formats"]
