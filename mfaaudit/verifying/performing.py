"""Makes a bundle's results once more from its evidence, into another folder, and sets them beside those in it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any

from mfaaudit.bundle import EVIDENCE, MANIFEST, sha256_of, write_private
from mfaaudit.inputs import FOLDERS, INPUTS, list_inputs
from mfaaudit.json_reading import read_json
from mfaaudit.judging import draw, facts_of, formats_among, judge_evidence, with_inputs
from mfaaudit.kept import brief_of, keep
from mfaaudit.manifest import Manifest, content_of
from mfaaudit.plain_files import FILE, everything_in
from mfaaudit.reports import FORMATS
from mfaaudit.verifying.differences import difference, same_bytes
from mfaaudit.verifying.differences.in_json import LEFT_OUT, compare_values
from mfaaudit.verifying.states import Checked, State

Step = Callable[[str, int, int | None], None]


def is_input(path: str) -> bool:
    """Whether a file is one of those that results follow from, or lists them."""
    return path == INPUTS or path.split("/", 1)[0] in FOLDERS


def perform(bundle: Path, manifest: Manifest, folder: Path, progress: Step) -> dict[str, Any]:
    """Writes all but the evidence into a folder, and returns what the manifest has to say of it.

    Raises BundleProblem or PolicyProblem if nothing follows from the bundle, OutputProblem if the disk refuses.
    """
    named = manifest.facts.get("formats")
    known = [one.name for one in FORMATS if isinstance(named, list) and one.name in named]
    how = brief_of(bundle, ",".join(known))
    made = with_inputs(judge_evidence(bundle, how, progress), bundle)
    write_private(folder / INPUTS, list_inputs(bundle))
    keep(folder, how, () if made.earlier is None else made.earlier.audits)
    draw(made, how.formats, folder, progress)
    drawn = formats_among(path.name for path in folder.iterdir())
    facts: dict[str, Any] = read_json(json.dumps(facts_of(made, how, drawn)))
    return facts


def settled(
    bundle: Path, files: Sequence[Checked], folder: Path, *, same_maker: bool, progress: Step
) -> Iterator[Checked]:
    """Each file after it was set beside the one in the folder; then those that the bundle should hold and does not."""
    for number, one in enumerate(files):
        progress("Comparing", number, len(files))
        judged = one.state is State.INTACT and one.path.split("/", 1)[0] != EVIDENCE and one.expected
        yield _beside(bundle / one.path, folder / one.path, one, same_maker=same_maker) if judged else one
    if not same_maker:
        # What another version does not write is not missing.
        return
    known = {one.path for one in files}
    for path, kind in everything_in(folder):
        name = path.relative_to(folder).as_posix()
        if kind == FILE and name not in known:
            note = "it follows from the evidence, and the manifest does not list it"
            yield Checked(path=name, state=State.MISSING, expected=sha256_of(path), note=note)


def _beside(theirs: Path, ours: Path, one: Checked, *, same_maker: bool) -> Checked:
    if not ours.is_file():
        if same_maker:
            return one.now(State.NOT_REPRODUCED, "nothing in the evidence leads to such a file")
        return one.now(State.NOT_CHECKED, "this version does not write such a file")
    if same_bytes(theirs, ours):
        return one
    found = difference(theirs, ours, known_only=not same_maker)
    if found.same is None:
        return one.now(State.NOT_CHECKED, found.where)
    return one.now(State.INTACT if found.same else State.NOT_REPRODUCED, found.where)


def facts_beside(manifest: Manifest, one: Checked, facts: Mapping[str, Any], *, same_maker: bool) -> Checked:
    """manifest.json after what it says was set beside what follows from the evidence."""
    said = {name: value for name, value in manifest.facts.items() if name not in ("schema", "lock", "files")}
    found = compare_values(said, dict(facts), known_only=not same_maker, left_out=() if same_maker else LEFT_OUT)
    if not found.same:
        return one.now(State.NOT_REPRODUCED, found.where)
    if same_maker and sha256(content_of(facts, manifest.files)).hexdigest() != manifest.sha256:
        return one.now(State.NOT_REPRODUCED, "it says what it should, and is written otherwise")
    return one.now(State.INTACT)


def manifest_of(files: Sequence[Checked]) -> Checked:
    """manifest.json among the files."""
    return next(one for one in files if one.path == MANIFEST)
