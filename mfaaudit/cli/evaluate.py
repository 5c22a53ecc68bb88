"""`mfaaudit evaluate`: judge stored evidence again with other policies."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from mfaaudit.cli.options import judging, out, telling, wanted
from mfaaudit.cli.terminal import State, Watch, print_summary


@click.command(short_help="Judge stored evidence again with other policies; no network.")
@click.argument("bundle", type=click.Path(exists=True, file_okay=False, path_type=Path))
@judging
@out("A new bundle with a copy of the evidence; must not exist. Default: <bundle>-evaluated-<time>.")
@telling
@click.pass_obj
def evaluate(
    state: State,
    bundle: Path,
    judge_by: Mapping[str, Any],
    out: Path | None,
    quiet: bool,
    verbose: bool,
) -> int:
    """Judge the evidence in BUNDLE again, into a new bundle; the old one is not touched."""
    import shutil
    from datetime import UTC, datetime

    from mfaaudit.bundle import EVIDENCE, check_bundle, check_evidence, create
    from mfaaudit.evidence.run import RUN_FILE, Run
    from mfaaudit.judging import judge_bundle

    state.verbose = verbose
    how = wanted(judge_by)
    check_bundle(bundle)
    check_evidence(bundle)
    Run.load(bundle / EVIDENCE / RUN_FILE)
    source = bundle.resolve()
    made_at = datetime.now(UTC)
    target = create(out or source.with_name(f"{source.name}-evaluated-{made_at:%Y%m%dT%H%M%SZ}"))
    for file in sorted((bundle / EVIDENCE).iterdir()):
        copy = target / EVIDENCE / file.name
        shutil.copyfile(file, copy)
        copy.chmod(0o600)
    watch = Watch(quiet=quiet)
    with watch.bars():
        made = judge_bundle(target, how, watch.step)
    print_summary(target, made)
    return made.conclusion.exit_code
