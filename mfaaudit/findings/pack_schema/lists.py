"""The schema of a file of shared lists."""

from __future__ import annotations

from mfaaudit.findings.pack_schema.parts import DIALECT, LISTS, Schema, described, mapping


def lists_schema() -> Schema:
    """What `_lists.yaml` beside a pack may hold."""
    head = {
        "$schema": DIALECT,
        "$id": "urn:mfaaudit:lists:1",
        "title": "A file of lists for the rule packs of mfaaudit",
    }
    return head | mapping({"lists": described(LISTS, "Lists by name; any pack beside names one as $name.")}, ["lists"])
