"""A small audit's evidence with odd values in it: every place of every source's answers, found by walking them."""

import gzip
import json
import shutil
from collections import defaultdict

from broken_off import session
from test_soak import NOW

from mfaaudit.bundle import EVIDENCE
from mfaaudit.evidence.run import Order
from mfaaudit.simulated import open_tenant
from mfaaudit.sources.options import OPTIONS

USERS = 12


def small_audit(folder, **changes):
    """The evidence of an audit that asked for everything, in the folder; returns the bundle."""
    tenant = open_tenant(users=USERS, seed=3, mood="managed", now=NOW, quota=False)
    assert session(tenant, folder, order=Order(options=tuple(OPTIONS)), **changes)
    return folder


def records(path):
    """The lines of one journal, each with its body as a value, where it is one."""
    found = [json.loads(line) for line in gzip.decompress(path.read_bytes()).splitlines()]
    for record in found:
        try:
            record["body"] = json.loads(record["body"])
        except ValueError:
            continue
    return found


def rewrite(path, lines):
    """The journal of other lines; a text takes the place of a value's JSON."""
    with gzip.open(path, "wb", compresslevel=1) as file:
        for line in lines:
            body = line["body"] if isinstance(line["body"], str) else json.dumps(line["body"])
            file.write(json.dumps(line | {"body": body}).encode() + b"\n")


def spots(value, path=()):
    """Every place of a value, its own first."""
    yield path
    children = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in children:
        yield from spots(inner, (*path, key))


def at(value, path):
    """What stands in a place."""
    for key in path:
        value = value[key]
    return value


def put(value, path, other):
    """The value with another one in a place."""
    if not path:
        return other
    value[path[0]] = put(value[path[0]], path[1:], other)
    return value


def places(bundle):
    """The places that differ: by journal, one of each kind, as the line's number and the path in its body."""
    found = defaultdict(dict)
    for path in sorted((bundle / EVIDENCE).glob("*.jsonl.gz")):
        for number, record in enumerate(records(path)):
            for spot in spots(record["body"]):
                of = spot
                if path.name.startswith("perUser") and len(spot) > 1:
                    # Both reads of a user travel in one batch.
                    of = (at(record["body"], spot[:2])["id"].partition(".")[0], *spot)
                kind = tuple("*" if isinstance(key, int) else key for key in of)
                found[path.name].setdefault(kind, (number, spot))
    return {name: list(kinds.values()) for name, kinds in found.items()}


def altered(bundle, to, change):
    """A copy of the bundle in which `change(name, records)` has changed each journal."""
    shutil.copytree(bundle, to)
    for path in sorted((to / EVIDENCE).glob("*.jsonl.gz")):
        lines = records(path)
        change(path.name, lines)
        rewrite(path, lines)
    return to
