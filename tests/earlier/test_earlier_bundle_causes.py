"""The same evidence twice, with one thing changed: it is the only cause that the new bundle names."""

import json
from datetime import date, timedelta

import polars as pl
import pytest
from bundles_by_hand import PACKS, aged

from mfaaudit.cli import main

RULE = {
    "id": "MINE-01",
    "title": "Enabled members are registered for MFA",
    "rationale": "A reason.",
    "severity": "high",
    "applies_to": {"user.accountEnabled": True, "user.userType": "Member"},
    "require": {"registration.isMfaRegistered": True},
    "remediation": "A cure.",
}


@pytest.fixture(scope="module")
def write(tmp_path_factory):
    """Writes a file as JSON, which is YAML too."""

    def write(name, content):
        path = tmp_path_factory.mktemp("files") / name
        path.write_text(json.dumps(content), encoding="utf-8")
        return path

    return write


@pytest.fixture(scope="module")
def own_pack(write):
    """A pack of one rule, in which something may be other than usual."""

    def own_pack(**changed):
        about = {"id": "mine", "version": "1.0.0", "title": "Mine"}
        return write("mine.yaml", {"pack": about, "rules": [RULE | changed]})

    return own_pack


@pytest.fixture(scope="module")
def before(jobs, own_pack, tmp_path_factory):
    """The messy tenant, audited just before and judged with one rule."""
    return aged(jobs["messy"], tmp_path_factory.mktemp("before") / "old", days=0, packs=(str(own_pack()),))


@pytest.fixture
def changes(jobs, before, tmp_path, capsys):
    """What a new bundle of the same evidence says of the changes under the rule, and all causes."""

    def changes(*options, earlier=before):
        new = tmp_path / "new"
        given = [str(one) for one in (*options, "--earlier", earlier, "--out", new)]
        main(["evaluate", str(jobs["messy"].bundle), *given, "--format", "json", "--quiet"])
        capsys.readouterr()
        found = json.loads((new / "results.json").read_text(encoding="utf-8"))["changes"]
        (mine,) = [one for one in found["rules"] if one["id"] == "MINE-01"]
        return mine

    return changes


def causes(of):
    return {name: one["main"] for name, one in of["causes"].items() if one["main"]}


def changed(of):
    return sum(of["counts"].values()) - of["counts"]["stillFailing"]


def test_the_same_again_changes_nothing(changes, own_pack):
    mine = changes("--policy", own_pack(title="Other words", severity="low"))

    assert (mine["comparison"], causes(mine), changed(mine)) == ("same", {}, 0)
    assert mine["counts"]["stillFailing"] == mine["failuresBefore"] == mine["failuresNow"] > 0


def test_another_requirement(changes, own_pack):
    mine = changes(
        "--policy", own_pack(require={"registration.methodsRegistered": {"contains_any": ["fido2SecurityKey"]}})
    )

    assert mine["comparison"] == "changed"
    assert mine["counts"]["newFailure"] > 0
    assert causes(mine) == {"rule": changed(mine)}


def test_an_exception(changes, own_pack, write, messy):
    today = date.fromisoformat(messy.results["run"]["startedAt"][:10])
    entry = {
        "id": "E-1",
        "kind": "waiver",
        "rules": ["MINE-01"],
        "subject": {"userId": failing(messy)},
        "reason": "Kiosk",
        "compensating_control": "A lock",
        "requested_by": "it@contoso.example",
        "approved_by": "ciso@contoso.example",
        "approved_on": (today - timedelta(1)).isoformat(),
        "expires_on": (today + timedelta(30)).isoformat(),
        "ticket": "CHG-1",
    }
    register = write("exceptions.yaml", {"schema": 1, "exceptions": [entry]})
    mine = changes("--policy", own_pack(), "--exceptions", register)

    assert mine["counts"]["becameWaived"] == 1
    assert causes(mine) == {"waiverChanged": 1}


def failing(job):
    """The object id of somebody who is no guess, and not registered."""
    users = pl.read_parquet(job.bundle / "users.parquet").filter(
        pl.col("user_accountEnabled")
        & (pl.col("user_userType") == "Member")
        & (pl.col("derived_accountClass") == "person")
        & ~pl.col("registration_isMfaRegistered")
    )
    return users["user_id"][0]


def test_what_an_account_is_for(jobs, changes, own_pack, write, messy, tmp_path):
    people = own_pack(applies_to={"derived.accountClass": "person", "user.accountEnabled": True})
    old = aged(jobs["messy"], tmp_path / "people", days=0, packs=(str(people),))
    said = [{"userId": failing(messy), "class": "service", "reason": "Known."}]
    mine = changes("--policy", people, "--classes", write("classes.yaml", {"schema": 1, "accounts": said}), earlier=old)

    assert mine["counts"]["outOfScope"] == 1
    assert causes(mine) == {"declared": 1}


def test_a_posture(changes, own_pack, jobs, tmp_path):
    for_per_user = own_pack(posture="per-user")
    old = aged(jobs["messy"], tmp_path / "posture", days=0, packs=(str(for_per_user),))
    mine = changes("--policy", for_per_user, "--posture", "third-party", earlier=old)

    assert mine["counts"]["outOfScope"] == mine["failuresBefore"] > 0
    assert causes(mine) == {"declared": mine["failuresBefore"]}


def test_a_day_that_came(jobs, tmp_path, capsys):
    past, new = aged(jobs["messy"], tmp_path / "past"), tmp_path / "new"
    given = [word for pack in PACKS for word in ("--policy", pack)]
    main(["evaluate", str(jobs["messy"].bundle), *given, "--earlier", str(past), "--out", str(new), "--format", "json"])
    capsys.readouterr()

    found = json.loads((new / "results.json").read_text(encoding="utf-8"))["changes"]
    total = sum(found["counts"].values()) - found["counts"]["stillFailing"]
    assert causes(found) == ({"time": total} if total else {})
    assert (found["users"]["joined"], found["users"]["left"]) == (0, 0)
