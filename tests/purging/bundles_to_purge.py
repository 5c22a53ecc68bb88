"""Small bundles of any age, written by hand, and what lies in a folder to the last byte."""

import datetime as dt
import json
from hashlib import sha256

NOW = dt.datetime.now(dt.UTC)
PERSON = "ada.lovelace@contoso.example"
GOING = {
    "actions/register.csv": b"user\n",
    "declared/exceptions.yaml": b"who\n",
    "earlier/11111111-0000-4000-8000-000000000000.parquet": b"PAR1",
    "evidence/begun.json": b"{}",
    "evidence/run.json": b"{}",
    "evidence/users.jsonl.gz": b"packed",
    "findings.csv": b"finding\n",
    "report.html": b"<p>",
    "report.ocsf.json": b"[]",
    "results.json": b"{}",
    "tenant.parquet": b"PAR1",
    "users.parquet": b"PAR1",
}
KEPT = {"inputs.sha256": b"0000  evidence/users.jsonl.gz\n", "policies/own/own.yaml": b"id: own\n"}


def bundle_by_hand(folder, days_ago, run_id="22222222-0000-4000-8000-000000000000", more=None, facts=None):
    """A bundle of an audit that ended so many days ago; the files that would name people do."""
    files = {path: content + PERSON.encode() for path, content in GOING.items()} | KEPT | (more or {})
    listed = []
    for path, content in sorted(files.items()):
        place = folder / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(content)
        listed.append({"path": path, "sha256": sha256(content).hexdigest(), "bytes": len(content)})
    ended = (NOW - dt.timedelta(days=days_ago)).isoformat(timespec="seconds")
    run = {"id": run_id, "startedAt": ended, "finishedAt": ended}
    manifest = {"schema": 2, "run": run, **(facts or {}), "files": listed}
    (folder / "manifest.json").write_text(json.dumps(manifest, indent=2))
    return folder


def copy_by_hand(folder, source):
    """A copy of a bundle that was made to be passed on."""
    folder.mkdir()
    whole = sha256((source / "manifest.json").read_bytes()).hexdigest()
    manifest = {"schema": 2, "copy": {"mode": "internal"}, "sourceManifestSha256": whole, "files": []}
    (folder / "manifest.json").write_text(json.dumps(manifest))
    return folder


def broken_off_by_hand(folder, days_ago):
    """What an audit leaves that was never finished."""
    begun = (NOW - dt.timedelta(days=days_ago)).isoformat()
    identity = dict.fromkeys(
        ("kind", "auth", "app_id", "app_name", "object_id", "user_principal_name", "tenant_id"), "x"
    )
    facts = {
        **dict.fromkeys(("id", "tool", "tool_version", "platform", "tenant_id", "tenant_name"), "x"),
        **dict.fromkeys(("default_domain", "cloud", "graph"), "x"),
        "packages": {},
        "started_at": begun,
        "identity": identity | {"permissions": []},
        "collect": "per-user",
        "options": [],
        "groups": [],
        "simulated": True,
        "sessions": [],
    }
    (folder / "evidence").mkdir(parents=True)
    (folder / "evidence" / "begun.json").write_text(json.dumps(facts))
    (folder / "evidence" / "users.jsonl.gz").write_bytes(PERSON.encode())
    return folder


def all_in(folder):
    """Every path below a folder, with what it is, what it holds and when it was written."""
    return {
        path.relative_to(folder).as_posix(): (
            path.lstat().st_mtime_ns,
            path.readlink() if path.is_symlink() else path.read_bytes() if path.is_file() else None,
        )
        for path in folder.rglob("*")
    }


def names_in(folder):
    """All files but the lock, which stays, is empty, and names nobody."""
    found = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if not path.is_dir()}
    lock = found.pop("audit.lock", None)
    assert lock is None or lock.stat().st_size == 0
    return set(found)
