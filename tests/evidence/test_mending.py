"""A journal that was broken off is made whole again: every answer that was written stays, and nothing is made up."""

import gzip
import shutil
from datetime import UTC, datetime

import pytest

from mfaaudit.errors import BundleProblem
from mfaaudit.evidence.journal import MEMBER, Journal, file_name, read_journal
from mfaaudit.evidence.mending import mend
from mfaaudit.evidence.response import Response

NAME = file_name("users")


def response(number, pad=40):
    body = f'{{"n": {number}, "pad": "{chr(97 + number % 26) * pad}"}}'.encode()
    return Response(
        source="users", method="GET", url="u", read_at=datetime(2026, 3, 1, tzinfo=UTC), status=200, body=body
    )


def bodies(folder):
    return [one.body for one in read_journal(folder, "users")]


@pytest.fixture
def killed(tmp_path):
    """The file as a process leaves it that is killed after so many answers, and the answers."""

    def make(numbers, pad=40):
        folder = tmp_path / "killed"
        folder.mkdir()
        given = [response(number, pad) for number in numbers]
        live = tmp_path / "live"
        live.mkdir()
        with Journal(live) as journal:
            for one in given:
                journal.append(one)
            # Nothing has been closed or ended at this moment.
            shutil.copy(live / NAME, folder / NAME)
        return folder, [one.body for one in given]

    return make


def test_every_answer_that_was_appended_survives_a_kill(killed):
    folder, given = killed(range(30))
    with pytest.raises(BundleProblem, match="ends in the middle"):
        bodies(folder)

    mend(folder)

    assert bodies(folder) == given


def test_wherever_the_file_breaks_off_the_whole_lines_before_stay(killed):
    folder, given = killed(range(12))
    whole, kept = (folder / NAME).read_bytes(), []
    for end in range(len(whole), 0, -1):
        (folder / NAME).write_bytes(whole[:end])
        mend(folder)
        found = bodies(folder)
        assert found == given[: len(found)]
        kept.append(len(found))

    # Each byte that is missing costs the answers that it belonged to, and no others.
    assert kept[0] == 12
    assert sorted(kept, reverse=True) == kept
    assert set(kept) == set(range(13))


def test_an_empty_file_is_a_journal_without_answers(tmp_path):
    (tmp_path / NAME).write_bytes(b"")

    mend(tmp_path)

    assert bodies(tmp_path) == []


def test_members_that_were_ended_stay_as_they_are_byte_for_byte(killed):
    folder, given = killed(range(5), pad=MEMBER // 3)
    before = (folder / NAME).read_bytes()
    first = gzip.compress(b"")[:4]
    assert before.startswith(first)

    mend(folder)

    after = (folder / NAME).read_bytes()
    same = next((n for n, (a, b) in enumerate(zip(before, after, strict=False)) if a != b), len(before))
    assert same > 1000
    assert bodies(folder) == given


def test_a_whole_file_is_not_touched(tmp_path):
    with Journal(tmp_path) as journal:
        journal.append(response(1))

    def state():
        # Without the time of access: reading it is no touch.
        found = (tmp_path / NAME).stat()
        return found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns

    before = state()

    mend(tmp_path)

    assert state() == before


@pytest.mark.parametrize("tail", [b"\0" * 5000, b"\xff" * 300, bytes(range(256)) * 9])
def test_bytes_that_were_never_written_cost_only_themselves(killed, tail):
    folder, given = killed(range(8))
    with (folder / NAME).open("ab") as file:
        file.write(tail)

    mend(folder)

    assert bodies(folder) == given


@pytest.mark.parametrize("tail", [b"\0" * 700, b"plain text"])
def test_bytes_after_a_whole_file_are_taken_away(tmp_path, tail):
    with Journal(tmp_path) as journal:
        journal.append(response(1))
    with (tmp_path / NAME).open("ab") as file:
        file.write(tail)

    mend(tmp_path)

    assert bodies(tmp_path) == [response(1).body]


def test_damage_in_the_middle_is_no_interruption(tmp_path):
    for number in (1, 2):
        with Journal(tmp_path) as journal:
            journal.append(response(number))
    data = bytearray((tmp_path / NAME).read_bytes())
    data[30] ^= 0xFF
    (tmp_path / NAME).write_bytes(data)

    with pytest.raises(BundleProblem, match="in the middle"):
        mend(tmp_path)

    assert (tmp_path / NAME).read_bytes() == data


def test_what_was_mended_can_be_written_on(killed):
    folder, given = killed(range(4))
    mend(folder)

    with Journal(folder) as journal:
        journal.append(response(4))

    assert bodies(folder) == [*given, response(4).body]


def test_the_mended_file_is_for_its_owner_only(killed):
    folder, _ = killed(range(3))

    mend(folder)

    assert (folder / NAME).stat().st_mode & 0o077 == 0
    assert [path.name for path in folder.iterdir()] == [NAME]
