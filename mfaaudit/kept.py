"""What a bundle was judged with: kept in it, so that it can be drawn again and re-performed from its own folder."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from mfaaudit.brief import Brief, wanted_formats
from mfaaudit.bundle import (
    DECLARED,
    EARLIER,
    MANIFEST,
    POLICIES,
    check_bundle,
    make_private,
    sha256_of,
    write_private,
)
from mfaaudit.declared.load import load_overrides, load_register
from mfaaudit.declared.words import CHOICES
from mfaaudit.earlier import Audit
from mfaaudit.earlier.stored import facts_of, read_audit, users_of
from mfaaudit.errors import BundleProblem
from mfaaudit.findings import load_kept
from mfaaudit.findings.shelf import LISTS
from mfaaudit.manifest import check_evidence, read_manifest
from mfaaudit.plain_files import read_plain
from mfaaudit.words import Severity
from mfaaudit.yaml_nodes import ID

EXCEPTIONS, CLASSES = "exceptions", "classes"
LARGEST_USERS = 1 << 30
"""Bytes of what is kept of the users of an earlier audit: some forty millions of them."""
CURE = "Put the old file back, or run `mfaaudit evaluate` to judge with the new one."


KEPT = (POLICIES, DECLARED, EARLIER)
"""The folders in which a bundle keeps what it was judged with."""


def keep(folder: Path, how: Brief, earlier: Sequence[Audit] = ()) -> None:
    """Writes the policies, what was declared and what is needed of earlier audits into a folder that has none yet.

    Raises OutputProblem if the disk refuses.
    """
    for text in {one.pack: one for pack in how.packs for one in (*pack.based_on, pack.text)}.values():
        # Each beside the lists that it was read with: two packs may come with different ones.
        own = folder / POLICIES / text.pack / f"{text.pack}.yaml"
        make_private(own.parent)
        write_private(own, text.text.encode("utf-8"))
        write_private(own.with_name(LISTS), text.lists_text.encode("utf-8"))
    for name, declared in ((EXCEPTIONS, how.register), (CLASSES, how.overrides)):
        if declared is not None:
            make_private(folder / DECLARED)
            write_private(_file(folder, name), declared.text.encode("utf-8"))
    for one in earlier:
        make_private(folder / EARLIER)
        write_private(folder / EARLIER / f"{one.run_id}.json", facts_of(one))
        write_private(folder / EARLIER / f"{one.run_id}.parquet", users_of(one))


def brief_of(bundle: Path, formats: str | None, *, with_earlier: bool = True) -> Brief:
    """How a bundle was judged, from its manifest and what it keeps, to draw the same reports again.

    `with_earlier` says whether also what it keeps of earlier audits is wanted. Raises BundleProblem if something of
    that is missing or altered.
    """
    check_bundle(bundle)
    check_evidence(bundle)
    found = read_manifest(bundle)
    try:
        manifest = found.facts
        fail_on, before, posture = manifest["failOn"], manifest["formats"], manifest["posture"]
        allow_conflicts, declared = manifest["allowConflicts"], manifest["declared"]
        hashes = {
            str(pack["id"]): {(one["sha256"], one["listsSha256"]) for one in (pack, *pack["basedOn"])}
            for pack in manifest["run"]["policies"]
        }
        files = {name: declared[name] for name in (EXCEPTIONS, CLASSES) if name in declared}
        if not isinstance(allow_conflicts, bool) or posture not in CHOICES:
            raise ValueError(f"posture {posture!r}, allowConflicts {allow_conflicts!r}")
        severity, before = Severity(fail_on), ",".join(before)
        given = _given(manifest)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise BundleProblem(
            f"{bundle / MANIFEST} cannot be read: {error}",
            hint="The audit was broken off before it was judged, or another version judged it: run `mfaaudit evaluate` "
            "on it, or audit again.",
        ) from error
    packs = load_kept(bundle / POLICIES, list(hashes))
    for pack in packs:
        for text in (*pack.based_on, pack.text):
            if (text.sha256, text.lists_sha256 or None) not in hashes.get(pack.id, ()):
                raise BundleProblem(
                    f"{text.file} is not the policy that the bundle was judged with: its hash is another", hint=CURE
                )
    for name, sha256 in files.items():
        _check(_file(bundle, name), sha256)
    return Brief(
        packs=packs,
        fail_on=severity,
        formats=wanted_formats(formats or before),
        posture=posture,
        allow_conflicts=allow_conflicts,
        register=load_register(_file(bundle, EXCEPTIONS)) if EXCEPTIONS in files else None,
        overrides=load_overrides(_file(bundle, CLASSES)) if CLASSES in files else None,
        earlier=tuple(_earlier(bundle, {one.path: one.sha256 for one in found.files})) if with_earlier else (),
        given=given,
    )


def _given(manifest: Mapping[str, Any]) -> dict[str, str]:
    """How each pack came to be judged by; empty where an earlier version judged, which did not write it down."""
    configuration = manifest["run"].get("configuration")
    if configuration is None or configuration["judging"]["policies"] is None:
        return {}
    return {str(one["id"]): str(one["given"]) for one in configuration["judging"]["policies"]}


def _earlier(bundle: Path, listed: Mapping[str, Any]) -> Iterator[Audit]:
    """What a bundle keeps of earlier audits, by the files that its manifest lists."""
    # By no other name, and from nowhere else.
    names = sorted(name for name in listed if re.fullmatch(rf"{EARLIER}/{ID.pattern}\.json", name))
    for facts in names:
        users = f"{facts.removesuffix('.json')}.parquet"
        for name in (facts, users):
            _check(bundle / name, listed.get(name))
        yield read_audit(read_plain(bundle / facts), read_plain(bundle / users, LARGEST_USERS), str(bundle / facts))


def _file(bundle: Path, name: str) -> Path:
    return bundle / DECLARED / f"{name}.yaml"


def _check(path: Path, sha256: Any) -> None:
    if not path.is_file() or sha256_of(path) != sha256:
        raise BundleProblem(f"{path} is not the file that the bundle was judged with", hint=CURE)
