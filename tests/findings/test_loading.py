"""Packs are found by name or by file, and those that cannot be used together are refused."""

import pytest
from packs_by_hand import GOOD

from mfaaudit.errors import PolicyProblem
from mfaaudit.findings import load_packs
from mfaaudit.findings.load import shipped_packs


@pytest.fixture
def write(tmp_path):
    def put(name, content=GOOD):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return str(path)

    return put


def refused(*names):
    with pytest.raises(PolicyProblem) as caught:
        load_packs(names)
    return caught.value


def test_a_misspelled_shipped_pack_names_the_nearest():
    problem = refused("baselin")

    assert (problem.file, problem.line) == ("baselin", None)
    assert "'baseline'" in problem.hint


def test_a_folder_is_no_pack(tmp_path):
    assert refused(str(tmp_path)).file == str(tmp_path)


def test_a_file_that_is_not_utf_8_says_where(write):
    problem = refused(write("mine.yaml", b"pack:\n  id: Zo\xeb\n"))

    assert "not UTF-8 (byte 14)" in problem.message
    assert "UTF-8" in problem.hint


def test_a_mark_before_the_text_and_windows_line_ends_are_fine(write):
    plain, odd = write("a.yaml"), write("b.yaml", b"\xef\xbb\xbf" + GOOD.replace("\n", "\r\n").encode())

    assert load_packs([odd])[0].rules == load_packs([plain])[0].rules


def test_one_pack_named_twice_is_one_pack(write):
    packs = load_packs(["baseline", "baseline", write("mine.yaml")])

    assert [one.id for one in packs] == ["baseline", "mine", "data-quality"]


def test_two_packs_of_one_name_are_refused(write):
    other = write("other.yaml", GOOD.replace("title: Mine", "title: Other"))

    problem = refused(write("mine.yaml"), other)
    assert (problem.file, problem.message) == (other, "two packs are called mine")


def test_a_rule_id_in_two_packs_is_refused_at_the_second(write):
    other = write("other.yaml", GOOD.replace("id: mine", "id: other"))

    problem = refused(write("mine.yaml"), other)
    assert (problem.file, problem.line) == (other, 10)
    assert "M-1 stands in" in problem.message


@pytest.mark.parametrize("turned", [False, True])
def test_packs_that_contradict_each_other_are_refused_in_either_order(write, turned):
    mine = write("mine.yaml", GOOD.replace("title: Mine", "title: Mine\n  conflicts_with: [baseline]"))

    problem = refused(*([mine, "baseline"][:: -1 if turned else 1]))
    assert problem.file == mine
    assert "mine and baseline contradict" in problem.message


def test_lists_beside_a_pack_come_before_the_shipped_ones(write):
    text = GOOD.replace("isMfaRegistered: true\n    rem", "methodsRegistered: {contains_any: $mine}\n    rem")
    path = write("mine.yaml", text)
    assert refused(path).line == 15

    write("_lists.yaml", "lists:\n  mine: [email]\n")
    assert load_packs([path])[0].rules[0].require.operand == ("email",)


@pytest.mark.parametrize(
    ("lists", "line"), [("lists:\n  mine: [5]\n", 2), ("lists:\n  mine: x\n", 2), ("list: {}\n", 1)]
)
def test_bad_lists_are_refused_in_their_own_file(write, lists, line):
    write("_lists.yaml", lists)

    problem = refused(write("mine.yaml"))
    assert (problem.file, problem.line) == ("_lists.yaml", line)


def test_shipped_packs_are_found_by_name_without_the_lists():
    assert {"baseline", "legacy-per-user-mfa"} <= set(shipped_packs())
    assert not [name for name in shipped_packs() if name.startswith("_")]
