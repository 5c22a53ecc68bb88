"""A bundle with everything in it that a bundle can hold, and hands that change it."""

import json
import shutil
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path

import polars as pl

from mfaaudit.brief import brief
from mfaaudit.cli import main
from mfaaudit.judging import judge_bundle

WRITTEN = {
    "reason": "The key is on its way",
    "compensating_control": "Signs in from the office only",
    "risk": "A password may be enough",
    "requested_by": "Ada",
    "approved_by": "Grace",
    "ticket": "T-1",
}
TIMES = ("started_at", "finished_at", "metrics_from", "metrics_to")
FOLDERS = {"actions", "declared", "earlier", "evidence", "policies"}


def make(job, folder):
    """The evidence of a job, judged with a register, classes and an earlier audit, in every format."""
    users = pl.read_parquet(job.bundle / "users.parquet")["user_id"].to_list()
    run = json.loads((job.bundle / "evidence" / "run.json").read_text(encoding="utf-8"))
    day = datetime.fromisoformat(run["started_at"]).date()
    days = {"approved_on": str(day - timedelta(days=9)), "expires_on": str(day + timedelta(days=9))}
    entry = {"id": "EX-1", "kind": "waiver", "rules": ["BASE-01"], "subject": {"userId": users[0]}, **WRITTEN, **days}
    (folder / "register.yaml").write_text(json.dumps({"schema": 1, "exceptions": [entry]}), encoding="utf-8")
    account = {"userId": users[1], "class": "service", "reason": "Runs the lift"}
    (folder / "classes.yaml").write_text(json.dumps({"schema": 1, "accounts": [account]}), encoding="utf-8")
    earlier = aged(job, folder / "earlier-bundle")
    options = ["--exceptions", folder / "register.yaml", "--classes", folder / "classes.yaml", "--earlier", earlier]
    code = main([str(one) for one in ("evaluate", job.bundle, *options, "--out", folder / "full", "--quiet")])
    assert code in (10, 11)
    assert {path.name for path in (folder / "full").iterdir() if path.is_dir()} == FOLDERS
    return folder / "full"


def aged(job, folder):
    """The same tenant a quarter before, judged."""
    bundle = Path(shutil.copytree(job.bundle, folder))
    path = bundle / "evidence" / "run.json"
    facts = json.loads(path.read_text(encoding="utf-8")) | {"id": "run-of-the-past"}
    for name in TIMES:
        facts[name] = (datetime.fromisoformat(facts[name]) - timedelta(days=90)).isoformat()
    path.write_text(json.dumps(facts), encoding="utf-8")
    judge_bundle(bundle, brief(("baseline",), "low", "json"), lambda *_: None)
    return bundle


def reseal(bundle, **facts):
    """Fixes every hash and size in the manifest, as a forger would; `facts` take the place of its own."""
    path = bundle / "manifest.json"
    manifest = json.loads(path.read_text(encoding="utf-8")) | facts
    manifest["files"] = [
        {
            "path": one.relative_to(bundle).as_posix(),
            "sha256": sha256(one.read_bytes()).hexdigest(),
            "bytes": one.stat().st_size,
        }
        for one in sorted(bundle.rglob("*"))
        if one.is_file() and one != path
    ]
    path.write_text(json.dumps(manifest, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def relist(bundle):
    """The same with inputs.sha256 brought into line before."""
    folders = ("declared", "earlier", "evidence", "policies")
    files = sorted(
        path.relative_to(bundle).as_posix() for name in folders for path in (bundle / name).rglob("*") if path.is_file()
    )
    lines = [f"{sha256((bundle / name).read_bytes()).hexdigest()}  {name}\n" for name in files]
    (bundle / "inputs.sha256").write_text("".join(lines), encoding="utf-8")
    reseal(bundle)
