"""The users of many bundles as one frame of Spark, read in one go."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

from mfaaudit.columns import known_column
from mfaaudit.findings import Pack
from mfaaudit.sources.field import Field, Kind
from mfaaudit.spark.portable import ages, boundary, tests_of_users
from mfaaudit.spark.stored import Stored

TYPES: Mapping[Kind, str] = {
    Kind.BOOLEAN: "boolean",
    Kind.ENUM: "string",
    Kind.TEXT: "string",
    Kind.LIST: "array<string>",
    Kind.TIME: "timestamp",
    Kind.NUMBER: "bigint",
}
"""What Spark calls the types of columns.TYPES."""


def schema_of(fields: Iterable[Field]) -> str:
    """The columns of some fields as Spark spells a schema; stated, it need not be found out file by file."""
    columns = {"user_id": "string"}
    for field in fields:
        columns |= {field.column: TYPES[field.kind], f"{field.column}_reason": "string"}
        if field.kind is Kind.LIST and field.values:
            columns[f"{field.column}_unclassified"] = "boolean"
        if field.partial:
            columns[known_column(field)] = TYPES[Kind.LIST]
    return ", ".join(f"`{name}` {kind}" for name, kind in columns.items())


def users_of(spark: Any, stored: Sequence[Stored], packs: Sequence[Pack]) -> Any:
    """The users with what the rules look at, the place of their bundle, and for each age the moment it reaches to."""
    from pyspark.sql import functions as sf

    reader = spark.read.schema(schema_of(field for _, test in tests_of_users(packs) for field in test.fields))
    paths = [address(one.users) for one in stored]
    # Spark's own name of each file, which it also gives to every row that it reads from there.
    names = [name for path in paths for name in reader.parquet(path).inputFiles()]
    if len(names) != len(stored):
        raise AssertionError(f"Spark sees {len(names)} files for {len(stored)} bundles")
    bundle = sf.create_map(*(sf.lit(part) for place, name in enumerate(names) for part in (name, place)))
    users = reader.parquet(*paths).withColumn("bundle", bundle[sf.input_file_name()])
    for days in ages(packs):
        moments = sf.array(*(sf.lit(one.run.started_at - timedelta(days=days)) for one in stored))
        users = users.withColumn(boundary(days), sf.get(moments, sf.col("bundle")))
    return users


def address(path: Path) -> str:
    """The path of one file as Spark takes it, in which no sign stands for others."""
    # Without the scheme, a cluster would look for the file in its own storage.
    return "file://" + "".join(f"\\{sign}" if sign in "{}[]*?" else sign for sign in path.as_posix())
