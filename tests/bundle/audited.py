"""A small tenant audited twice, and every command that writes, with all that it needs, in a folder of its own."""

import json
import shutil
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path

import openpyxl
import polars as pl
from bundles_to_purge import bundle_by_hand
from in_process import connected
from keys_by_hand import ed25519_key, secret_file
from rechecks_by_hand import in_no_time

from mfaaudit.auditing import collect
from mfaaudit.brief import brief
from mfaaudit.declared.decisions import Decision
from mfaaudit.evidence.run import Order
from mfaaudit.inputs import INPUTS, list_inputs
from mfaaudit.judging import judge_bundle, judge_earlier
from mfaaudit.reports.decision_columns import COLUMNS
from mfaaudit.simulated import open_tenant

USERS, SEED = 24, 7
NOW = datetime.now(UTC)
WRITTEN = {
    "reason": "The key is on its way",
    "compensating_control": "Signs in from the office only",
    "risk": "A password may be enough",
    "requested_by": "Ada",
    "approved_by": "Grace",
    "ticket": "T-1",
}


def tenant():
    return open_tenant(users=USERS, seed=SEED, mood="messy", now=NOW, quota=False)


def read(bundle):
    in_no_time(collect(connected(tenant()), Order(), bundle, lambda *_: None, lambda _: None))
    return bundle


def nothing(*_):
    return None


def two_audits(place):
    """Two bundles of one tenant; the second keeps a register and the first audit."""
    first, second = place / "first", place / "second"
    judge_bundle(read(first), brief(("baseline",), "low", "json"), nothing)
    users = pl.read_parquet(first / "users.parquet")["user_id"].to_list()
    days = {"approved_on": str((NOW - timedelta(9)).date()), "expires_on": str((NOW + timedelta(90)).date())}
    entry = {"id": "EX-1", "kind": "waiver", "rules": ["BASE-01"], "subject": {"userId": users[0]}, **WRITTEN, **days}
    (place / "register.yaml").write_text(json.dumps({"schema": 1, "exceptions": [entry]}), encoding="utf-8")
    how = brief(
        ("baseline",),
        "low",
        "json,csv,actions,xlsx",
        exceptions=place / "register.yaml",
        earlier=judge_earlier([first], nothing),
    )
    judge_bundle(read(second), how, nothing)
    decide(second / "report.xlsx", place / "decided.xlsx")
    secret_file(place / "key.pem", ed25519_key())
    bundle_by_hand(place / "due", 500)
    make_stale(second)


def decide(workbook, path):
    """Fills in one exception and one remediation."""
    book = openpyxl.load_workbook(workbook)
    sheet = book["Findings"]
    head = next(row[0].row for row in sheet.iter_rows() if row[0].value == "Rule")
    at = {cell.value: cell.column for cell in sheet[head]}
    titles = {one.key: one.title for one in COLUMNS}
    failed = [
        row
        for row in range(head + 1, sheet.max_row + 1)
        if sheet.cell(row, at["Status"]).value == "FAIL" and sheet.cell(row, at["Object id"]).value
    ]
    said = {
        "owner": "it@contoso.example",
        "justification": "A kiosk",
        "compensatingControl": "A lock",
        "decisionTicket": "CHG-1",
        "dueOn": (NOW + timedelta(20)).date().isoformat(),
    }
    for row, word in zip(failed, (Decision.ACCEPT.value, Decision.REMEDIATE.value), strict=False):
        for key, value in (said | {"decision": word}).items():
            sheet.cell(row, at[titles[key]]).value = value
    book.save(path)


def make_stale(bundle):
    """The bundle as another version would have written it: whole, and each kind of file to be replaced or removed."""
    for path in ("results.json", "findings.csv", "actions/README.txt", "tenant.parquet"):
        (bundle / path).write_bytes((bundle / path).read_bytes() + b" ")
    for path in ("actions/older.csv", "policies/older/older.yaml"):
        (bundle / path).parent.mkdir(exist_ok=True)
        (bundle / path).write_bytes(b"older")
    (bundle / INPUTS).write_bytes(list_inputs(bundle))
    manifest = json.loads((bundle / "manifest.json").read_text(encoding="utf-8"))
    manifest["files"] = [
        {
            "path": path.relative_to(bundle).as_posix(),
            "sha256": sha256(path.read_bytes()).hexdigest(),
            "bytes": path.stat().st_size,
        }
        for path in sorted(bundle.rglob("*"))
        if path.is_file() and path.name not in ("manifest.json", "audit.lock")
    ]
    (bundle / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")


@dataclass(frozen=True)
class Job:
    """A command, and where it writes: a folder that is replaced as one, and files of their own."""

    name: str
    arguments: tuple
    folder: str
    files: tuple = ()
    codes: tuple = (10, 11)
    fresh: bool = True
    differs: tuple = ()
    """Files that differ from one run to the next."""
    refused: int = 1
    """The exit code if the disk refuses."""
    without: tuple = field(default=())
    """Arguments to leave out if what they make is there."""

    def command(self, place):
        left = [one for one in self.arguments if one not in self.without or not (place / self.files[0]).exists()]
        return [one.replace("@", f"{place}/") for one in left] + ["--quiet"]


JOBS = (
    Job("report", ("report", "@second", "--format", "json,csv,actions"), "second", fresh=False),
    Job(
        "evaluate",
        (
            *("evaluate", "@second", "--policy", "baseline", "--exceptions", "@register.yaml"),
            *("--format", "json,csv", "--out", "@out"),
        ),
        "out",
    ),
    Job("compare", ("compare", "@first", "@second", "--format", "json,csv", "--out", "@out"), "out", codes=(0, 10, 11)),
    Job(
        "share",
        (
            *("report", "@second", "--share", "pseudonymous", "--format", "json,csv", "--key", "@share.key"),
            *("--new-key", "--mapping", "@mapping.csv", "--out", "@out"),
        ),
        "out",
        files=("share.key", "mapping.csv"),
        without=("--new-key",),
    ),
    Job(
        "annotate",
        ("annotate", "@second", "@decided.xlsx", "--out", "@proposed.yaml"),
        "none",
        files=("proposed.yaml", "proposed-remediation.csv"),
        codes=(0,),
    ),
    Job(
        "sign",
        ("sign", "@second", "--key", "@key.pem", "--timestamp-request", "@request.tsq", "--out", "@second.sig"),
        "none",
        files=("second.sig", "request.tsq"),
        codes=(0,),
        differs=("request.tsq",),
    ),
    Job(
        "purge",
        ("purge", "@due", "--older-than", "400d", "--yes"),
        "due",
        codes=(0,),
        fresh=False,
        differs=("due/deletion.json",),
        refused=11,
    ),
)


def copied(source, target):
    """The folder with both audits, for one job to work in; a file that is never written in place is shared."""
    shutil.copytree(source, target, copy_function=lambda old, new: Path(new).hardlink_to(old))
    return target
