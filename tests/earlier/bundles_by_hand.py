"""Bundles of the past, made of one that a job left behind."""

import json
import shutil
from datetime import datetime, timedelta
from pathlib import Path

from mfaaudit.brief import brief
from mfaaudit.judging import judge_bundle

TIMES = ("started_at", "finished_at", "metrics_from", "metrics_to")
PACKS = ("baseline", "legacy-per-user-mfa")


def aged(job, folder, *, days=90, run_id="run-of-the-past", packs=PACKS, **others):
    """The same tenant as it was so many days before, judged; `others` are facts of its run."""
    bundle = Path(shutil.copytree(job.bundle, folder))
    path = bundle / "evidence" / "run.json"
    facts = json.loads(path.read_text(encoding="utf-8")) | {"id": run_id} | others
    for name in TIMES:
        facts[name] = (datetime.fromisoformat(facts[name]) - timedelta(days=days)).isoformat()
    path.write_text(json.dumps(facts), encoding="utf-8")
    judge_bundle(bundle, brief(packs, "low", "json"), lambda *_: None)
    return bundle
