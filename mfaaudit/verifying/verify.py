"""The whole check of a bundle: its manifest, its files, what they say of the run, what follows from the evidence."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from mfaaudit.bundle import EVIDENCE, MANIFEST, reading
from mfaaudit.bundle.scratch import scratch_folder
from mfaaudit.errors import BundleProblem, OutputProblem, UsageProblem
from mfaaudit.manifest import Manifest, read_manifest
from mfaaudit.verifying.agreeing import Disagreement, disagreements
from mfaaudit.verifying.looking import look
from mfaaudit.verifying.maker import is_of_this_version, is_same, version_of
from mfaaudit.verifying.outside import Given, outside_of
from mfaaudit.verifying.performing import facts_beside, is_input, manifest_of, perform, settled
from mfaaudit.verifying.purged import purge_of
from mfaaudit.verifying.states import WRONG, Checked, Outside, State, Verified, Way

Step = Callable[[str, int, int | None], None]
WRONG_HASH = "a file is not the one that was listed, and nothing is judged over altered files"
ONLY_HASHES = "only hashes were asked for"
UNREAD = "a file of it cannot be read"
CONTRADICTION = "the files of the bundle contradict one another"
WITHOUT_RESULTS = {
    "copy": "it is a copy to pass on, which holds no evidence",
    "comparison": "it is a comparison: what it follows from is in the bundles that it names",
    "recheckOf": "it is a recheck, which is judged with what the bundle that it names keeps",
}
"""Folders that hold a manifest and are no audit, by what their manifest says, and why nothing is judged again."""
PROVES = "manifest.json still says which tenant was read, when and by whom, with which rules, and what there was"
TOTALS = ", and holds the totals of what it came to"


@dataclass(frozen=True, slots=True)
class Looked:
    """The files so far, and how far the results were set beside the evidence."""

    files: tuple[Checked, ...]
    way: Way = Way.NOT
    why: str = ""


def verify(bundle: Path, given: Given, progress: Step, *, hashes_only: bool = False) -> Verified:
    """Checks a bundle, or a copy that was passed on; nothing is written into it.

    Raises BundleProblem if there is no manifest that can be read, UsageProblem for what is `given` and cannot be used,
    OutputProblem if the disk refuses.
    """
    if not (bundle / EVIDENCE).is_dir() and not (bundle / MANIFEST).exists():
        raise BundleProblem(
            f"{bundle} is not a bundle: it has neither {MANIFEST} nor a folder {EVIDENCE}",
            hint="Give the folder that `mfaaudit audit` or `mfaaudit report --share` made.",
        )
    with reading(bundle):
        manifest = read_manifest(bundle)
        outside = outside_of(bundle, manifest, given)
        looked = _look(bundle, manifest, progress, outside, hashes_only=hashes_only)
    run, copy = manifest.facts.get("run"), manifest.facts.get("copy")
    run_id = run.get("id") if isinstance(run, dict) else manifest.facts.get("runId")
    return Verified(
        manifest_sha256=manifest.sha256,
        run_id=run_id if isinstance(run_id, str) else "",
        copy=str(copy.get("mode", "copy")) if isinstance(copy, dict) else "",
        way=looked.way,
        why=looked.why,
        files=tuple(_unjudged(looked)),
        outside=outside,
    )


def _look(bundle: Path, manifest: Manifest, progress: Step, outside: Sequence[Outside], *, hashes_only: bool) -> Looked:
    purge = purge_of(bundle, manifest)
    files = _vouched(look(bundle, manifest, purge, progress), outside)
    if any(one.state in WRONG for one in files):
        return Looked(files, why=WRONG_HASH)
    if any(one.state is State.NOT_CHECKED and one.expected for one in files):
        return Looked(files, why=UNREAD)
    for kind, why in WITHOUT_RESULTS.items():
        if kind in manifest.facts:
            return Looked(files, why=why)
    try:
        files = _contradicted(files, disagreements(bundle, manifest))
    except BundleProblem as error:
        return _unusable(files, manifest, error)
    if any(one.state in WRONG for one in files):
        return Looked(files, why=CONTRADICTION)
    if purge is not None:
        return Looked(files, why=f"{purge.words}; {PROVES}{TOTALS if 'totals' in manifest.facts else ''}")
    return Looked(files, why=ONLY_HASHES) if hashes_only else _performed(bundle, manifest, files, progress)


def _vouched(files: tuple[Checked, ...], outside: Sequence[Outside]) -> tuple[Checked, ...]:
    """The manifest by what was brought from outside, without which its own hash says nothing."""
    states = {one.state for one in outside}
    state = next((one for one in (State.ALTERED, State.INTACT) if one in states), None)
    return files if state is None else tuple(one.now(state) if one.path == MANIFEST else one for one in files)


def _contradicted(files: Sequence[Checked], found: Iterable[Disagreement]) -> tuple[Checked, ...]:
    words: dict[str, list[str]] = {}
    for one in found:
        words.setdefault(one.path, []).append(one.words)
    return tuple(
        one.now(State.NOT_REPRODUCED, "; ".join(words[one.path][:5])) if one.path in words else one for one in files
    )


def _performed(bundle: Path, manifest: Manifest, files: tuple[Checked, ...], progress: Step) -> Looked:
    with scratch_folder() as folder:
        try:
            facts = perform(bundle, manifest, folder, progress)
        except OutputProblem:
            raise
        except (BundleProblem, UsageProblem) as error:
            return _unusable(files, manifest, error)
        same_maker = is_same(manifest, facts)
        own = facts_beside(manifest, manifest_of(files), facts, same_maker=same_maker)
        files = tuple(own if one.path == MANIFEST else one for one in files)
        files = tuple(settled(bundle, files, folder, same_maker=same_maker, progress=progress))
    by_content = any(one.state is State.INTACT and one.note for one in files)
    if same_maker and not by_content:
        return Looked(files, Way.BYTES)
    if not any(one.note for one in files):
        # Another version that gives the same bytes leaves nothing open.
        return Looked(files, Way.BYTES)
    version = version_of(manifest.facts) or "of a version that it does not name"
    return Looked(files, Way.CONTENT, f"mfaaudit {version} made it, of other files or with other packages than here")


def _unusable(files: tuple[Checked, ...], manifest: Manifest, error: BundleProblem | UsageProblem) -> Looked:
    why = f"nothing follows from its evidence: {error}"
    if not is_of_this_version(manifest):
        return Looked(files, why=why)
    # This very version could not have made results of that.
    wrong = [
        one.now(State.NOT_REPRODUCED, why) if one.state is State.INTACT and not is_input(one.path) else one
        for one in files
    ]
    return Looked(tuple(wrong), why=why)


def _unjudged(looked: Looked) -> Iterable[Checked]:
    """Where nothing was set beside the evidence, of results no more is known than their hashes."""
    for one in looked.files:
        # What no list names, as the manifest itself, was judged otherwise.
        result = bool(one.expected) and not is_input(one.path)
        open_still = looked.way is Way.NOT and one.state is State.INTACT and result
        yield replace(one, state=State.NOT_CHECKED) if open_still else one
