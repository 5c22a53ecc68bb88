"""The pieces that every schema here is made of."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from mfaaudit.yaml_nodes import ID

Schema = dict[str, Any]
DIALECT = "https://json-schema.org/draft/2020-12/schema"
TEXT: Schema = {"type": "string", "pattern": "\\S"}
IDENTIFIER: Schema = {"type": "string", "pattern": f"^{ID.pattern}$"}
LIST_NAME: Schema = {"type": "string", "pattern": "^\\$.", "description": "A list by its name."}
LISTS: Schema = {"type": "object", "additionalProperties": {"type": "array", "items": TEXT}}


def ref(name: str) -> Schema:
    """What is defined once, under a name."""
    return {"$ref": f"#/$defs/{name}"}


def array(items: Schema, *, at_least: int = 0) -> Schema:
    """A list."""
    return {"type": "array", "items": items} | ({"minItems": at_least} if at_least else {})


def words(values: Iterable[str]) -> Schema:
    """One of some words."""
    return {"enum": list(values)}


def mapping(properties: Mapping[str, Schema], required: Iterable[str] = (), **more: Any) -> Schema:
    """Known keys and no others."""
    needed = {"required": list(required)} if required else {}
    return {"type": "object", "properties": dict(properties), "additionalProperties": False, **needed, **more}


def described(schema: Schema, description: str) -> Schema:
    """The same, with what an editor shows beside it."""
    return {**schema, "description": description}
