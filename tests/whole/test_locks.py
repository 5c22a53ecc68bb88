"""The locks are complete by themselves, and everything that installs them installs them as they are."""

import re
import tomllib
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
RUN = PROJECT["project"]["dependencies"]
BUILD = PROJECT["build-system"]["requires"]
DEV = [*RUN, *BUILD, *(text for text in PROJECT["dependency-groups"]["dev"] if isinstance(text, str))]
LOCKS = [("requirements.lock", RUN), ("requirements-build.lock", BUILD), ("requirements-dev.lock", DEV)]
INSTALLERS = ("Makefile", "README.md", ".github/workflows/check.yml")


def pinned(lock):
    text = (ROOT / lock).read_text(encoding="utf-8")
    lines = re.findall(r"^([\w.-]+)==([^\s;]+)", text, re.MULTILINE)
    return {canonicalize_name(name): version for name, version in lines}


def wanted(requirements):
    """Everything that the requirements come to on this machine, extras of packages included, with who asks for it."""
    waiting = [(Requirement(text), "pyproject.toml") for text in requirements]
    seen = set()
    while waiting:
        requirement, asker = waiting.pop()
        name = canonicalize_name(requirement.name)
        yield name, requirement.specifier, asker
        for extra in ("", *requirement.extras):
            if (name, extra) in seen:
                continue
            seen.add((name, extra))
            try:
                texts = distribution(name).requires or []
            except PackageNotFoundError:
                break
            below = (Requirement(text) for text in texts)
            waiting += [(one, name) for one in below if one.marker is None or one.marker.evaluate({"extra": extra})]


@pytest.mark.parametrize(("lock", "requirements"), LOCKS)
def test_a_lock_pins_all_that_is_asked_for_in_a_version_that_is_accepted(lock, requirements):
    versions = pinned(lock)

    missing = {(name, asker) for name, _, asker in wanted(requirements) if name not in versions}
    refused = {
        f"{asker} asks for {name}{specifier}, and {lock} pins {versions[name]}"
        for name, specifier, asker in wanted(requirements)
        if name in versions and not specifier.contains(versions[name], prereleases=True)
    }

    assert not missing
    assert not refused


def test_an_extra_of_a_locked_package_is_followed():
    """The case that pip 23.2 stumbles over: without it here, the test above could not see it."""
    assert any(asker == "compliance-trestle" and name == "pydantic" for name, _, asker in wanted(DEV))
    assert any(asker == "pydantic" and name == "email-validator" for name, _, asker in wanted(DEV))


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-build.lock"])
def test_users_get_the_versions_that_the_tests_run_with(lock):
    users, dev = pinned(lock), pinned("requirements-dev.lock")

    assert {name: dev.get(name) for name in users} == users


def test_what_is_locked_to_build_with_is_what_building_asks_for():
    assert PROJECT["dependency-groups"]["build"] == BUILD


@pytest.mark.parametrize("name", INSTALLERS)
def test_whatever_installs_a_lock_has_pip_resolve_nothing_and_check_afterwards(name):
    text = (ROOT / name).read_text(encoding="utf-8").replace("$(AS_LOCKED)", "--no-deps --require-hashes")
    text = text.replace("$(CHECKED)", "pip check")
    lines = text.splitlines()
    installing = [number for number, line in enumerate(lines) if re.search(r"-r requirements\S*\.lock", line)]

    assert installing, "no line installs a lock"
    for number in installing:
        assert "--no-deps" in lines[number], lines[number]
        assert "--require-hashes" in lines[number], lines[number]
        assert any("pip check" in line for line in lines[number + 1 : number + 4]), f"{lines[number]} is not checked"
