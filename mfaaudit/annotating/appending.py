"""The register with proposals at the end of its list: not a letter of what stands there is touched."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from mfaaudit.annotating.proposing import Proposed
from mfaaudit.annotating.yaml_words import block, flow
from mfaaudit.declared.read_register import read_register
from mfaaudit.declared.reading import DECLARED
from mfaaudit.declared.register import Entry, Register, Subject
from mfaaudit.errors import UsageProblem
from mfaaudit.yaml_nodes import parse

KEY = "exceptions"
INDENT = "  "


def register_with(entries: Sequence[Proposed], register: Register | None, run_id: str, file: str) -> str:
    """The text of a register that holds what the present one does, and the proposals after it.

    `file` is where it will be written. Raises PolicyProblem if it grows too large, UsageProblem if the present one is
    laid out so that nothing can be added.
    """
    note = f"# Proposed in the report of run {run_id}; approved by adding approved_by and approved_on to an entry."
    if register is None:
        head = ["# A register of exceptions; policies/examples/exceptions.yaml says what each key means."]
        lines = [*head, "schema: 1", f"{KEY}:", *_lines(entries, INDENT, note)]
        text = "\n".join(lines) + "\n"
    else:
        text = _appended(register, entries, note)
    _check(text, entries, register, file)
    return text


def _lines(entries: Sequence[Proposed], indent: str, note: str) -> list[str]:
    found = [f"{indent}{note}"]
    for number, entry in enumerate(entries):
        found += [*([""] if number else []), *block(entry, indent)]
    return found


def _appended(register: Register, entries: Sequence[Proposed], note: str) -> str:
    text = register.text
    found = parse(text, register.file, kind=DECLARED).fields("a register of exceptions", ("schema", KEY))[KEY].raw
    end = "\r\n" if "\r\n" in text else "\n"
    if not found.flow_style:
        indent = " " * found.start_mark.column
        at = _end_of_block(text, _last(found).end_mark.index, found.start_mark.column)
        added = end.join(["", *_lines(entries, indent, note), ""])
        return text[:at] + ("" if text[:at].endswith("\n") else end) + added + text[at:]
    if found.value:
        at = found.value[-1].end_mark.index
        alone = found.value[-1].start_mark.line > found.start_mark.line
        gap = end + " " * found.value[-1].start_mark.column if alone else " "
        return text[:at] + "".join(f",{gap}{flow(entry)}" for entry in entries) + text[at:]
    return _instead_of_nothing(text, found, end.join(["", *_lines(entries, INDENT, note)]), entries)


def _instead_of_nothing(text: str, found: Any, lines: str, entries: Sequence[Proposed]) -> str:
    """Where an empty list stands in brackets."""
    start, stop = found.start_mark.index, found.end_mark.index
    line = re.match(r"[^\r\n]*", text[stop:])
    rest = line[0] if line else ""
    if not rest.strip() or rest.lstrip().startswith("#"):
        return text[:start].rstrip(" ") + rest.rstrip() + lines + text[stop + len(rest) :]
    # The whole file is one line of brackets.
    return text[: start + 1] + ", ".join(flow(entry) for entry in entries) + text[stop - 1 :]


def _last(node: Any) -> Any:
    """The last thing that is written below a node: only there does it end where its text does."""
    while node.value and not isinstance(node.value, str) and not node.flow_style:
        last = node.value[-1]
        node = last[1] if isinstance(last, tuple) else last
    return node


def _end_of_block(text: str, at: int, column: int) -> int:
    """The beginning of the line after the last entry, and after remarks that are indented with it."""
    if at and text[at - 1] != "\n":
        at = (text.find("\n", at) + 1) or len(text)
    remark = re.compile(rf"[ ]{{{column + 1},}}#[^\n]*(\n|\Z)")
    while found := remark.match(text, at):
        at = found.end()
    return at


def _check(text: str, entries: Sequence[Proposed], register: Register | None, file: str) -> None:
    """What was written is read again, and must be what was there and what was proposed."""
    there = () if register is None else register.entries
    made = read_register(text, file).entries
    wanted = [*there, *(_as_read(entry) for entry in entries)]
    if [replace(one, line=0) for one in made] != [replace(one, line=0) for one in wanted]:
        name = "the register" if register is None else register.file
        raise UsageProblem(
            f"nothing can be added to {name} as it is laid out",
            hint="Write the exceptions as lines that begin with `- `, with spaces only, then try again.",
        )


def _as_read(entry: Proposed) -> Entry:
    return Entry(
        id=entry.id,
        kind=entry.kind,
        rules=entry.rules,
        subject=Subject(entry.user_id, is_group=False),
        reason=entry.reason,
        compensating_control=entry.control,
        risk="",
        requested_by=entry.requested_by,
        approved_by=None,
        approved_on=None,
        expires_on=entry.expires_on,
        review_on=None,
        ticket=entry.ticket,
        last_drill_on=None,
        line=0,
    )
