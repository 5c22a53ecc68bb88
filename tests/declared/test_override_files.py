"""The file of account classes is read as strictly as a register."""

import pytest
from declared_by_hand import uid

from mfaaudit.declared.load import load_overrides
from mfaaudit.declared.overrides import read_overrides
from mfaaudit.errors import PolicyProblem

GOOD = f"""schema: 1
accounts:
  - userId: {uid(10).upper()}
    class: service
    reason: Payroll
  - userId: {uid(11)}
    class: person
    reason: A person called Svc
"""

BAD = {
    "another class": ("class: service", "class: servic", 4, "cannot be 'servic'", "'service'"),
    "an emergency account": ("class: service", "class: breakGlass", 4, "not declared here", "register"),
    "the account of an agent": ("class: service", "class: agent", 4, "not declared here", "Graph itself"),
    "a name": (uid(11), "ada@contoso.example", 6, "object id", "somebody else"),
    "a missing reason": ("    reason: Payroll\n", "", 3, "lacks the key 'reason'", "Add"),
    "an unknown key": ("reason: Payroll", "reson: Payroll", 5, "no key 'reson'", "'reason'"),
    "the same account twice": (uid(11), uid(10), 6, "comes twice", "Keep one"),
    "another schema": ("schema: 1", "schema: '1'", 1, "schema cannot be", "schema: 1"),
    "no list": ("accounts:", "account:", 2, "no key 'account'", "'accounts'"),
}


def test_good_classes_are_read_as_they_stand(tmp_path):
    file = tmp_path / "classes.yaml"
    file.write_text(GOOD, encoding="utf-8")

    read = load_overrides(file)

    assert [(one.user_id, one.account_class, one.reason) for one in read.accounts] == [
        (uid(10), "service", "Payroll"),
        (uid(11), "person", "A person called Svc"),
    ]
    assert (read.text, read.file) == (GOOD, str(file))
    assert len(read.sha256) == 64


@pytest.mark.parametrize(("old", "new", "line", "message", "hint"), BAD.values(), ids=BAD)
def test_bad_classes_are_refused_at_their_line(old, new, line, message, hint):
    assert GOOD.count(old) == 1, "the edit must hit one place"

    with pytest.raises(PolicyProblem) as caught:
        read_overrides(GOOD.replace(old, new), "classes.yaml")

    assert (caught.value.file, caught.value.line) == ("classes.yaml", line)
    assert message in caught.value.message
    assert hint in caught.value.hint
