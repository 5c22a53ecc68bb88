"""Writes a copy of the reports on a bundle into a folder of its own, which can be passed on as it is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from mfaaudit.brief import Brief
from mfaaudit.bundle import MANIFEST, READY, STAGING, Replacement, check_out, clear, sha256_of, written_anew
from mfaaudit.errors import KeyProblem, OutputProblem, UsageProblem
from mfaaudit.inputs import INPUTS
from mfaaudit.judging import Step, formats_among, judge_evidence, with_inputs
from mfaaudit.manifest import write_manifest
from mfaaudit.reports import FORMATS, LISTS
from mfaaudit.reports.content import document_of
from mfaaudit.reports.material import Material
from mfaaudit.sharing.becomes import Mode
from mfaaudit.sharing.copying import full_copy, internal_copy, pseudonymous_copy
from mfaaudit.sharing.key import Key, keep_apart, open_key
from mfaaudit.sharing.mapping import write_mapping
from mfaaudit.sharing.pseudonyms import Issued
from mfaaudit.sharing.saying import say


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """Which copy, and where to."""

    mode: Mode
    out: Path
    key: Path | None = None
    new_key: bool = False
    mapping: Path | None = None


def order(mode: str | None, out: Path | None, key: Path | None, mapping: Path | None, *, new_key: bool) -> Order | None:
    """What the options ask for; None if they ask for no copy. Raises UsageProblem for what does not go together."""
    given = [name for name, value in _flags(out, key, mapping, new_key=new_key) if value]
    if mode is None:
        if given:
            raise UsageProblem(
                f"{given[0]} is only for a copy that is passed on",
                hint="Add --share full, internal or pseudonymous; without it the reports are drawn again in place.",
            )
        return None
    if out is None:
        raise UsageProblem(
            f"--share {mode} needs a folder to write into", hint="Give --out the name of a folder that does not exist."
        )
    named = Mode(mode)
    if named is not Mode.PSEUDONYMOUS and given != ["--out"]:
        raise UsageProblem(
            f"{given[1]} is only for --share {Mode.PSEUDONYMOUS.value}",
            hint=f"A copy that is {mode} has no pseudonyms: leave it out.",
        )
    if named is Mode.PSEUDONYMOUS and key is None:
        raise UsageProblem(
            "--share pseudonymous needs --key, the file with the key that makes the pseudonyms",
            hint="Add --key FILE; the first time add --new-key as well, which makes the file.",
        )
    return Order(mode=named, out=out, key=key, new_key=new_key, mapping=mapping)


def _flags(out: Path | None, key: Path | None, mapping: Path | None, *, new_key: bool) -> Iterator[tuple[str, object]]:
    yield "--out", out
    yield "--key", key
    yield "--new-key", new_key
    yield "--mapping", mapping


def share_bundle(bundle: Path, how: Brief, wanted: Order, progress: Step) -> Material:
    """Judges the evidence of a bundle, which stays as it is, and writes the copy; the manifest comes last.

    Returns the audit as it was judged. Raises BundleProblem if the evidence is not that of a finished audit, KeyProblem
    for a key that cannot be used, OutputProblem if the folder or the disk refuses.
    """
    was_interrupted = (wanted.out / STAGING).is_dir() or (wanted.out / READY).is_dir()
    _check_out(bundle, wanted.out)
    if wanted.mapping is not None:
        _check_mapping(wanted.mapping, bundle, wanted, may_exist=was_interrupted)
    key = None if wanted.key is None else open_key(wanted.key, new=wanted.new_key, apart_from=(bundle, wanted.out))
    written = [wanted.key] if wanted.key is not None and wanted.new_key else []
    try:
        judged = judge_evidence(bundle, how, progress)
        if (bundle / INPUTS).exists():  # An earlier version wrote none, and the copy names none.
            judged = with_inputs(judged, bundle)
        copied, issued = _copied(judged, wanted.mode, key)
        with written_anew(wanted.out) as new:
            _write(copied, bundle, how, new, progress)
            if wanted.mapping is not None:
                write_mapping(issued, wanted.mapping)
                written.append(wanted.mapping)
    except BaseException:
        if not (wanted.out / MANIFEST).exists() and not (wanted.out / READY).exists():
            # There is no copy that they belong to, and the same command would find them in its way.
            for path in written:
                clear(path)
        raise
    return judged


def _copied(judged: Material, mode: Mode, key: Key | None) -> tuple[Material, dict[str, Issued]]:
    match mode:
        case Mode.FULL:
            return full_copy(judged), {}
        case Mode.INTERNAL:
            return internal_copy(judged), {}
        case Mode.PSEUDONYMOUS:
            if key is None:
                raise KeyProblem("a pseudonymous copy needs a key", hint="Give --key FILE.")
            return pseudonymous_copy(judged, key)


def _write(copied: Material, bundle: Path, how: Brief, new: Replacement, progress: Step) -> None:
    document = document_of(copied)
    if copied.share is not None:
        document = say(document, copied.share)
    for one in FORMATS:
        if one.name in how.formats and one.name != LISTS:
            progress(one.title, 0, None)
            one.write(copied, document, new.folder / one.file)
    files = new.files()
    run = copied.snapshot.run
    write_manifest(
        new.folder,
        {
            "copy": None if copied.share is None else copied.share.facts(),
            "classification": document.classification,
            "runId": run.id,
            "tool": run.tool,
            "toolVersion": run.tool_version,
            # The hash of a list of hashes: whoever has the bundle can prove that the copy is of it.
            "sourceManifestSha256": sha256_of(bundle / MANIFEST),
            "formats": list(formats_among(files)),
        },
        files,
    )


def _check_out(bundle: Path, out: Path) -> None:
    inside, other = out.resolve(), bundle.resolve()
    if inside.is_relative_to(other) or other.is_relative_to(inside):
        raise OutputProblem(
            f"{out} and the bundle {bundle} lie inside one another",
            hint="Whoever is given one would have the other: give --out a folder of its own.",
        )
    check_out(out)


def _check_mapping(mapping: Path, bundle: Path, wanted: Order, *, may_exist: bool) -> None:
    if wanted.key is not None and mapping.resolve() == wanted.key.resolve():
        raise UsageProblem(f"{mapping} is the key as well", hint="Give --mapping the name of another file.")
    keep_apart(mapping, (bundle, wanted.out), "the list of who is who")
    if mapping.exists() and not may_exist:
        raise OutputProblem(
            f"{mapping} exists already", hint="Give --mapping the name of a file that does not exist yet."
        )
    if not mapping.absolute().parent.is_dir():
        raise OutputProblem(f"there is no folder {mapping.absolute().parent}", hint="Make it first, for yourself only.")
