"""Reads one file of rules, and what it includes of others or extends."""

from __future__ import annotations

from mfaaudit.findings.open_pack import Library, open_pack
from mfaaudit.findings.opened import rules_of, text_of
from mfaaudit.findings.policy import Pack
from mfaaudit.findings.read_control import read_controls
from mfaaudit.findings.shelf import PackFile, Shelf, Shipped


def read_pack(text: str, file: str, lists_text: str = "", lists_file: str = "", shelf: Shelf | None = None) -> Pack:
    """A pack. Raises PolicyProblem with file, line and hint for whatever is wrong in it first."""
    given = PackFile(file=file, text=text, lists_text=lists_text, lists_file=lists_file)
    opened = open_pack(given, Library(shelf or Shipped()), ())
    rules = rules_of(opened)
    return Pack(
        id=opened.id,
        version=opened.version,
        title=opened.head["title"].text("title"),
        description=opened.head["description"].text("description") if "description" in opened.head else "",
        posture=opened.posture,
        judges=opened.judges,
        conflicts_with=opened.conflicts_with,
        attestation=opened.attestation,
        framework=opened.framework,
        controls=read_controls(opened.root.get("controls"), {rule.id for rule in rules}) or opened.controls,
        rules=rules,
        fill_in=opened.fill_in,
        left_out=opened.left_out,
        text=text_of(opened),
        based_on=opened.based_on,
    )
