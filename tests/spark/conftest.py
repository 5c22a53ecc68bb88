"""Bundles of simulated tenants, and Spark where it is installed."""

import importlib.util
import json
import os
import shutil
from datetime import UTC, datetime

import httpx
import polars as pl
import pytest
from leaping_loop import in_no_time

from mfaaudit.auditing import collect
from mfaaudit.brief import brief
from mfaaudit.bundle import MANIFEST
from mfaaudit.connecting import Connection
from mfaaudit.evidence.run import Order
from mfaaudit.findings import load_pack, shipped_packs
from mfaaudit.judging import TENANT, USERS, judge_bundle
from mfaaudit.manifest import write_manifest
from mfaaudit.simulated import open_tenant
from mfaaudit.simulated.groups import DELETED, EXCLUSIONS, PILOT, group_id
from mfaaudit.sources.options import OPTIONS
from mfaaudit.tenant.sign_in import GivenToken

NOW = datetime.now(UTC)
ROOT = "https://graph.microsoft.com"
NEEDED = "MFAAUDIT_NEED_SPARK"
TENANTS = {"messy": 300, "managed": 200, "half-forbidden": 40, "unlicensed": 30}
"""The mood of each tenant and its users: the preconditions of packs hold, or are not known."""
SEED = 7
GROUPS = [*(group_id(SEED, name) for name in (EXCLUSIONS, PILOT, DELETED)), "00000000-0000-0000-0000-00000000cafe"]
"""Groups that a pack asks about: two that hold users, one that is gone, one that nobody knows."""


@pytest.fixture(scope="session")
def every_pack(tmp_path_factory):
    """All packs that ship, by name; those that lack what only their user knows as a file that fills it in."""
    folder = tmp_path_factory.mktemp("packs")
    return [_filled_in(name, folder) if load_pack(name).fill_in else name for name in shipped_packs()]


def _filled_in(name, folder):
    file = folder / f"our-{name}.yaml"
    pack = {"id": f"our-{name}", "version": "1", "title": "Ours", "extends": name}
    lists = dict.fromkeys(load_pack(name).fill_in, GROUPS)
    file.write_text(json.dumps({"pack": pack, "lists": lists}), encoding="utf-8")
    return str(file)


@pytest.fixture(scope="session")
def judged(tmp_path_factory, every_pack):
    """A bundle for each mood, and what was judged in it by every pack; nobody changes them."""
    how = brief(every_pack, "low", "json", allow_conflicts=True)
    return {mood: _audit(mood, users, tmp_path_factory.mktemp(mood) / "bundle", how) for mood, users in TENANTS.items()}


def _audit(mood, users, bundle, how):
    tenant = open_tenant(users=users, seed=SEED, mood=mood, now=NOW, quota=False)
    order = Order(options=tuple(OPTIONS), groups=how.groups)
    connection = Connection(
        root=ROOT,
        cloud="global",
        auth="token",
        credential=GivenToken(tenant.access_token()),
        scopes=[f"{ROOT}/.default"],
        tenant=tenant.tenant_id,
        transport=httpx.ASGITransport(app=tenant.app),
        simulated=True,
    )
    in_no_time(collect(connection, order, bundle, lambda *_: None, lambda _: None))
    return bundle, judge_bundle(bundle, how, lambda *_: None)


@pytest.fixture
def copy(judged, tmp_path):
    """Copies a bundle, for a test that changes it."""
    return lambda mood="half-forbidden", name="copy": shutil.copytree(judged[mood][0], tmp_path / name)


@pytest.fixture
def bundle_of(judged, tmp_path):
    """A bundle with users and a tenant by hand, of an audit that began at a moment."""

    def make(name, users, tenant, started_at):
        bundle = shutil.copytree(judged["unlicensed"][0], tmp_path / name)
        users.write_parquet(bundle / USERS)
        tenant.write_parquet(bundle / TENANT)
        run = bundle / "evidence" / "run.json"
        facts = json.loads(run.read_text(encoding="utf-8")) | {"started_at": started_at.isoformat()}
        run.write_text(json.dumps(facts), encoding="utf-8")
        reseal(bundle, allowConflicts=False)
        return bundle

    return make


def reseal(bundle, **facts):
    """The manifest anew, after something in the bundle was changed."""
    old = json.loads((bundle / MANIFEST).read_text(encoding="utf-8"))
    write_manifest(bundle, {key: value for key, value in old.items() if key not in ("schema", "files")} | facts)


@pytest.fixture
def resealed():
    """Writes the manifest of a bundle anew."""
    return reseal


@pytest.fixture
def without_column():
    """Takes a column out of one of the Parquet files of a bundle."""

    def take(bundle, file, column):
        pl.read_parquet(bundle / file).drop(column).write_parquet(bundle / file)
        reseal(bundle)

    return take


def spark_or_skip():
    """Skips without PySpark and Java, or fails where everything has to be there."""
    missing = next((name for name, there in _needed() if not there), None)
    if missing is not None:
        if os.environ.get(NEEDED) == "1":
            pytest.fail(f"{missing} is not installed, and {NEEDED}=1 says that it must be")
        pytest.skip(f"{missing} is not installed: this asks whether Spark counts as Polars does")


def _needed():
    return ("PySpark", importlib.util.find_spec("pyspark")), (
        "Java",
        shutil.which("java") or os.environ.get("JAVA_HOME"),
    )


@pytest.fixture(scope="session")
def spark():
    """A session of Spark that all tests of a worker share, as a program that has one of its own would."""
    spark_or_skip()
    from mfaaudit.spark.session import session

    with session() as made:
        yield made


@pytest.fixture
def needs_spark():
    """For tests that start a program of their own."""
    spark_or_skip()
