"""The JSON Schema of pack files, made from the tables that the reader itself uses."""

from __future__ import annotations

import json
from typing import Any

from mfaaudit.findings.pack_schema.lists import lists_schema
from mfaaudit.findings.pack_schema.pack import pack_schema

__all__ = ["lists_schema", "pack_schema", "written"]


def written(schema: dict[str, Any]) -> str:
    """A schema as its file holds it."""
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"
