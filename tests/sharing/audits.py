"""Audits with everything in them that names somebody: a register, classes, and a pack of the auditor's own."""

import gzip
import json
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from pathlib import Path

import polars as pl

from mfaaudit.cli import main
from mfaaudit.reports.plain import plain
from mfaaudit.snapshot import take

WRITTEN = {
    "reason": "Quoth the raven of the north harbour",
    "compensating_control": "Two safes behind the blue door",
    "risk": "Somebody may climb the fence",
    "requested_by": "Zebulon Featherstonehaugh",
    "approved_by": "approver@elsewhere.example",
    "ticket": "TICKET-ZEBULON-77",
}
CLASS_REASON = "Belongs to the pilot of the harbour launch"
FORMATS = "xlsx,html,csv,json,actions,ocsf,oscal,junit"
SHORT = 6
"""A shorter name is a word that any report holds: NULL, TRUE."""
LONG = 100
"""Of a longer name this much is looked for: no cell holds all of 40,000 characters."""


@dataclass(frozen=True)
class Audit:
    """A bundle, and what in it names somebody."""

    bundle: Path
    users: pl.DataFrame

    @cached_property
    def snapshot(self):
        return take(self.bundle / "evidence")

    def shown(self):
        """What the full reports must hold, by sort; else a search that finds nothing would prove nothing."""
        return self._shown

    def known(self):
        """All that names somebody, whether the full reports show it or not."""
        return self._known

    @cached_property
    def _shown(self):
        run = self.snapshot.run
        return {
            "display names": _names(self.users["user_displayName"], printable=True),
            "user principal names": _names(self.users["user_userPrincipalName"], printable=True),
            "object ids": set(self.users["user_id"]),
            "tenant": {run.tenant_id, run.tenant_name, run.default_domain},
            "policies": {label for labels in self.users["derived_enforcingPolicies"].drop_nulls() for label in labels},
            "groups": {group for groups in self.users["derived_groups"].drop_nulls() for group in groups},
            "requests": {one.request_id for one in self.snapshot.failures if one.request_id},
            "exceptions": {*WRITTEN.values(), "EX-PERSON-ZEBULON"},
            "reader": {run.identity.user_principal_name or run.identity.app_name},
        }

    @cached_property
    def _known(self):
        names = self.users["user_userPrincipalName"].drop_nulls().to_list()
        whole = {"local parts": {one.split("@")[0] for one in names if len(one.split("@")[0]) >= 2 * SHORT}}
        whole["domains"] = {one.split("@")[-1] for one in names if "." in one.split("@")[-1]}
        hidden = _names(self.users["user_displayName"])
        whole["all display names"] = hidden | {plain(one) for one in hidden}
        whole["all requests"] = set(self._evidence("request-id"))
        policies = [one for answer in self._answers("conditionalAccessPolicies") for one in answer["value"]]
        whole["all policies"] = {one["id"] for one in policies} | {one["displayName"] for one in policies}
        whole["all groups"] = set(self.snapshot.groups)
        whole["classes"] = {CLASS_REASON}
        return {**self.shown(), **whole}

    def _lines(self, name):
        with gzip.open(self.bundle / "evidence" / f"{name}.jsonl.gz", "rt", encoding="utf-8") as file:
            return [json.loads(line) for line in file]

    def _answers(self, name):
        return [json.loads(one["body"]) if isinstance(one["body"], str) else one["body"] for one in self._lines(name)]

    def _evidence(self, key):
        for path in (self.bundle / "evidence").glob("*.jsonl.gz"):
            for one in self._lines(path.name.removesuffix(".jsonl.gz")):
                yield from (value for name, value in one.get("headers", {}).items() if name.lower() == key)


def _names(column, *, printable=False):
    whole = (one for one in column.drop_nulls() if len(one.strip()) >= SHORT)
    return {" ".join(one.split())[:LONG] for one in whole if one.isprintable() or not printable}


def judged_again(bundle, folder):
    """The evidence of a demo, judged with all that a person can write into files."""
    users = pl.read_parquet(bundle / "users.parquet")
    people = users.filter(pl.col("user_accountEnabled") & pl.col("user_department").is_not_null()).rows(named=True)
    group = next(iter(sorted(take(bundle / "evidence").groups)), "0" * 8 + "-0000-0000-0000-" + "0" * 12)
    policy = next((one[0] for one in users["derived_enforcingPolicies"].drop_nulls() if len(one)), "Some policy")
    register, classes, pack = folder / "register.yaml", folder / "classes.yaml", folder / "own-pack.yaml"
    day = take(bundle / "evidence").run.started_at.date()
    register.write_text(json.dumps(_register(people, group, day)), encoding="utf-8")
    classes.write_text(json.dumps(_classes(people)), encoding="utf-8")
    pack.write_text(json.dumps(_pack(people, group, policy)), encoding="utf-8")
    out = folder / "judged"
    shipped = ("baseline", "guests", "privileged-accounts", "enforcement", "ca-managed")
    options = [word for one in (*shipped, pack) for word in ("--policy", str(one))]
    options += ["--exceptions", str(register), "--classes", str(classes), "--allow-conflicts", "--quiet"]
    options += ["--format", FORMATS]
    assert main(["evaluate", str(bundle), *options, "--out", str(out)]) in (0, 10, 11)
    return Audit(bundle=out, users=pl.read_parquet(out / "users.parquet"))


def _register(people, group, day):
    common = {**WRITTEN, "approved_on": str(day - timedelta(days=9)), "expires_on": str(day + timedelta(days=9))}
    entry = {"kind": "waiver", "rules": ["BASE-01", "BASE-02", "BASE-03", "BASE-04"], **common}
    return {
        "schema": 1,
        "exceptions": [
            {"id": "EX-PERSON-ZEBULON", **entry, "subject": {"userId": people[0]["user_id"]}},
            {"id": "EX-GROUP", **entry, "subject": {"groupId": group}},
            {"id": "EX-GONE", **entry, "subject": {"userId": "99999999-1111-2222-3333-444444444444"}},
            {
                "id": "EX-OWN-NAME",
                **entry,
                "subject": {"userId": people[1]["user_id"]},
                "requested_by": people[2]["user_userPrincipalName"],
            },
        ],
    }


def _classes(people):
    return {
        "schema": 1,
        "accounts": [
            {"userId": people[3]["user_id"], "class": "service", "reason": CLASS_REASON},
            {"userId": "88888888-1111-2222-3333-444444444444", "class": "service", "reason": CLASS_REASON},
        ],
    }


def _pack(people, group, policy):
    name, domain = people[4]["user_userPrincipalName"], people[4]["user_userPrincipalName"].split("@")[-1]
    text = f"Asked for by {people[5]['user_displayName']} ({people[5]['user_id']}), {name}, for {domain}."
    requires = (
        {"user.userPrincipalName": {"not_in": [name, "nobody.listed@elsewhere.example"]}},
        {"user.userPrincipalName": {"matches": f"*{name.split('@')[0][:8]}*@{domain}"}},
        {"user.displayName": {"ne": people[5]["user_displayName"]}},
        {"user.department": {"ne": people[5]["user_department"]}},
        {"derived.groups": {"contains_none": [group]}},
        {"derived.enforcingPolicies": {"contains_none": [policy]}},
        {"derived.accountClassReason": {"ne": f"Declared: {CLASS_REASON}"}},
        {"user.createdDateTime": {"older_than_days": 30}},
    )
    return {
        "pack": {"id": "own-pack", "version": "1.0.0", "title": f"Our own: {text}", "description": text},
        "rules": [
            {
                "id": f"OWN-{number}",
                "title": f"Rule {number}. {text}",
                "rationale": text,
                "severity": "high",
                "require": require,
                "remediation": text,
            }
            for number, require in enumerate(requires, start=1)
        ],
    }
