"""What is said to follow from some users alone looks at nothing that is counted over all of them."""

import pytest

from mfaaudit.facts import FACTS
from mfaaudit.facts.given import Given
from mfaaudit.snapshot.follows import facts_of_tenant
from mfaaudit.snapshot.objects import Evidence
from mfaaudit.sources.field import Scope
from mfaaudit.words import Reason, Unknown

OF_TENANT = [fact for fact in FACTS if fact.of_tenant is not None]
SOUND = [fact for fact in OF_TENANT if not fact.of_all]


class Looked(Exception):
    """A fact looked at the users."""


def given(objects, reading=None):
    """Evidence of the tenant, in which nobody may look at the users."""

    class Guarded(Given):
        @property
        def user_ids(self):
            raise Looked

    def column(_):
        raise Looked

    made = Guarded.__new__(Guarded)
    fields = {"objects": objects, "members": lambda _: [], "column": column, "groups": (), "reading": reading}
    for name, value in fields.items():
        object.__setattr__(made, name, value)
    return made


@pytest.mark.parametrize("fact", SOUND, ids=lambda fact: fact.field.name)
@pytest.mark.parametrize("objects", [[], [{}], Unknown(Reason.NO_PERMISSION)], ids=["none", "bare", "refused"])
def test_a_fact_of_the_tenant_looks_at_no_user(fact, objects):
    class Answered:
        report_whole = True

        def __getattr__(self, name):
            raise Looked(name)

    try:
        fact.of_tenant(given(lambda _: objects, Answered()))
    except IndexError:
        # A source of one object is never empty.
        assert objects == []


def test_the_others_do_look_at_them():
    counted = [fact for fact in OF_TENANT if fact.of_all]
    assert {"derived.isPerUserMfaInUse", "run.enumerated"} <= {fact.field.name for fact in counted}
    for fact in counted:
        with pytest.raises((Looked, AttributeError)):
            fact.of_tenant(given(lambda _: []))


def test_of_some_users_what_is_counted_is_unknown(tmp_path):
    made = dict(facts_of_tenant(Evidence(tmp_path), given(lambda _: [{}], _Report()), everybody=False))

    for fact in OF_TENANT:
        assert fact.field.scope is Scope.TENANT
        if fact.of_all:
            assert made[fact.field] == Unknown(Reason.NOT_REQUESTED)


class _Report:
    report_whole = True
