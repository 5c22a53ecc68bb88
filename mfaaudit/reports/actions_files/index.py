"""README.txt of the folder: what there is to do, and which file is for what."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping, Sequence

from mfaaudit.actions import Step
from mfaaudit.reports.actions_files.mail import FOLDER, NO_MANAGER, Mailed
from mfaaudit.reports.material import Material, iso
from mfaaudit.reports.plain import plain
from mfaaudit.reports.sections.actions import due_in_words

WIDTH = 100
HEAD = (
    "What to do about the findings of one audit, grouped by action. Each list holds a user once, with the rules that "
    "the action cures. The files hold personal data: give each person only what concerns that person.",
    "ready: it can be done now. not yet: other rules have to pass first. by hand: a person has to decide.",
    "A script changes nothing without -Apply. It checks the tenant and the hash of its list, reads each user again, "
    "skips whoever has changed, writes a rollback file before each change, and takes it back with -Rollback. Run it "
    "from a folder outside this one, which the manifest seals. The .batch.json holds the same changes for Graph's "
    "$batch. This program itself only reads.",
)


def index(material: Material, steps: Sequence[Step], files: Mapping[str, Sequence[str]], mailed: Mailed | None) -> str:
    """The text; `files` are the names of those of each action, by its id."""
    run = material.snapshot.run
    lines = [
        f"Actions of the audit {run.id} of the tenant {run.tenant_id}, begun {iso(run.started_at)}",
        "",
        *_paragraphs((*HEAD, f"Due: {due_in_words()}")),
        "tickets.csv  All of it for a tracker. externalId stays the same from audit to audit.",
        *_mail(mailed),
        "",
    ]
    for step in steps:
        lines += [*_step(step, files[step.action.id]), ""]
    if not steps:
        lines += ["Nothing is to be done.", ""]
    return "".join(f"{plain(line)}\n" for line in lines).rstrip("\n") + "\n"


def _step(step: Step, files: Sequence[str]) -> Iterator[str]:
    action = step.action
    yield f"{action.id}  {action.title}"
    counts = f"{step.ready:,} ready, {step.not_yet:,} not yet, {step.by_hand:,} by hand"
    yield f"    {action.who}, {step.severity}, due {step.due.isoformat()}: {counts}"
    yield from _indented(f"Cures {', '.join(step.rules)}")
    if step.waits_for:
        yield from _indented(f"Waits for {', '.join(step.waits_for)}")
    yield from _indented(action.steps)
    if action.change is not None and not any(name.endswith(".ps1") for name in files):
        yield "    No script: nobody is ready for it."
    yield f"    Files: {', '.join(files)}"


def _mail(mailed: Mailed | None) -> Iterator[str]:
    if mailed is None:
        text = (
            f"{FOLDER}/ is not there: it was not read who manages whom, so nobody can be written to by manager. "
            "Audit with --with-managers to have it."
        )
        yield from textwrap.wrap(text, WIDTH)
        return
    text = (
        f"{FOLDER}/  What to tell {mailed.people:,} people, a file for each of {mailed.managers:,} managers by object "
        f"id. {mailed.without:,} have no manager: {FOLDER}/{NO_MANAGER}.csv."
    )
    if mailed.unknown:
        text += f" Of {mailed.unknown:,} it is not known who the manager is: they are in no file."
    yield from textwrap.wrap(text, WIDTH)


def _paragraphs(texts: Sequence[str]) -> Iterator[str]:
    for text in texts:
        yield from textwrap.wrap(text, WIDTH)
        yield ""


def _indented(text: str) -> list[str]:
    return textwrap.wrap(
        text, WIDTH, initial_indent="    ", subsequent_indent="    ", break_long_words=False, break_on_hyphens=False
    )
