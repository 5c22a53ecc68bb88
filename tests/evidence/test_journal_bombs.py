"""Evidence that somebody made to do harm is refused in a word, and takes no more room than evidence does."""

import gzip
import json
import os
import sys
import tracemalloc
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mfaaudit.errors import BundleProblem
from mfaaudit.evidence.batch import BATCH, outcomes
from mfaaudit.evidence.journal import LARGEST_MEMBER, MEMBER, file_name, read_journal
from mfaaudit.evidence.response import LONGEST_LINE, Response

HUGE = 256 << 20
LINE = {
    "source": "users",
    "method": "GET",
    "url": "https://graph.microsoft.com/v1.0/users",
    "readAt": "2026-03-01T12:00:00.123+00:00",
    "attempt": 1,
    "status": 200,
    "headers": {"request-id": "r-1"},
    "body": "{}",
}


def written(folder, *members):
    path = folder / file_name("users")
    path.write_bytes(b"".join(gzip.compress(one) for one in members))
    return path


def line(**others):
    return json.dumps(LINE | others).encode() + b"\n"


def zeros(size, head=b"", tail=b""):
    """So many zeros in a member, packed without ever being held."""
    member = zlib.compressobj(9, wbits=31)
    packed = [member.compress(head)]
    packed += [member.compress(bytes(1 << 20)) for _ in range(size >> 20)]
    return b"".join([*packed, member.compress(tail), member.flush()])


@pytest.mark.parametrize(
    "packed",
    [
        lambda: zeros(HUGE),
        lambda: zeros(HUGE, tail=b"\n"),
        lambda: zeros(HUGE, head=line()),
        lambda: zeros(HUGE // 8) * 8,
    ],
    ids=["zeros", "a long line", "after an answer", "many members"],
)
def test_a_bomb_is_refused_in_bounded_memory(tmp_path, packed):
    (tmp_path / file_name("users")).write_bytes(packed())
    tracemalloc.start()
    try:
        with pytest.raises(BundleProblem, match=r"users\.jsonl\.gz: a part of it unpacks to more than 17 MiB"):
            list(read_journal(tmp_path, "users"))
        assert tracemalloc.get_traced_memory()[1] < 3 * LARGEST_MEMBER
    finally:
        tracemalloc.stop()


def test_many_answers_in_one_member_are_refused(tmp_path):
    written(tmp_path, line() * (2 * MEMBER // len(line())))
    with pytest.raises(BundleProblem, match="more answers than were ever written together"):
        list(read_journal(tmp_path, "users"))


def test_the_longest_answer_after_a_full_member_is_read(tmp_path):
    small = line()
    many = small * (MEMBER // len(small))
    long = line(body="x" * (LONGEST_LINE - len(line(body=""))))
    assert len(many) < MEMBER
    assert len(long) == LONGEST_LINE
    written(tmp_path, many + long, small)
    sizes = [len(one.body) for one in read_journal(tmp_path, "users")]
    assert len(sizes) == many.count(b"\n") + 2
    assert max(sizes) > LONGEST_LINE - 1000


@pytest.mark.parametrize("members", [(line()[:-1],), (line(), line()[:-5]), (b"",), (line() + b"{",), (line(), b"x")])
def test_a_member_without_its_last_line_end_has_lost_something(tmp_path, members):
    written(tmp_path, *members)
    with pytest.raises(BundleProblem, match="does not end with a whole answer"):
        list(read_journal(tmp_path, "users"))


@pytest.mark.parametrize(
    "others",
    [
        {"status": "200"},
        {"status": True},
        {"status": None},
        {"attempt": 1.0},
        {"url": 7},
        {"source": ["users"]},
        {"method": None},
        {"headers": []},
        {"headers": {"request-id": 7}},
        {"headers": "request-id"},
        {"readAt": "2026-03-01T12:00:00"},
        {"readAt": "yesterday"},
        {"readAt": 7},
        {"problem": 7},
        {"request": {}},
        {"body": 7},
        {"body": None},
        {"body": "\ud800"},
        {"bodyBase64": "?"},
        {"bodyBase64": 7},
    ],
)
def test_a_value_of_another_kind_is_refused(tmp_path, others):
    written(tmp_path, line(), line(**others))
    with pytest.raises(BundleProblem, match="line 2, is not an answer that this program wrote"):
        list(read_journal(tmp_path, "users"))


@pytest.mark.parametrize("text", [b"[" * 1_000_000 + b"\n", b'{"a":' * 200_000 + b"\n", b"9" * 5_000 + b"\n"])
def test_what_is_nested_or_counted_without_end_is_refused(tmp_path, text):
    written(tmp_path, text)
    with pytest.raises(BundleProblem, match="line 1, is not an answer"):
        list(read_journal(tmp_path, "users"))


@pytest.mark.parametrize(
    "request_",
    ["", "[]", "7", "{}", '{"requests": 7}', '{"requests": [7]}', '{"requests": [{"id": 7}]}', "[" * 100_000],
)
def test_a_batch_that_does_not_say_whom_it_asked_about_is_refused(request_):
    record = LINE | {"source": BATCH, "request": request_, "body": '{"responses": []}'}
    response = Response.from_line(json.dumps(record).encode())
    with pytest.raises(BundleProblem, match="does not say whom it was about"):
        list(outcomes(response))


@given(st.binary(max_size=400))
def test_any_bytes_are_refused(tmp_path_factory, content):
    folder = tmp_path_factory.getbasetemp() / "any-bytes"
    folder.mkdir(exist_ok=True)
    (folder / file_name("users")).write_bytes(content)
    if content:
        with pytest.raises(BundleProblem, match=r"users\.jsonl\.gz"):
            list(read_journal(folder, "users"))
    else:
        assert list(read_journal(folder, "users")) == []


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such files")
def test_what_is_no_file_is_not_opened(tmp_path):
    path = tmp_path / file_name("users")
    os.mkfifo(path)
    with pytest.raises(BundleProblem, match="is a pipe"):
        list(read_journal(tmp_path, "users"))
    path.unlink()
    path.symlink_to(tmp_path / "nowhere")
    with pytest.raises(BundleProblem, match="is a link"):
        list(read_journal(tmp_path, "users"))


@pytest.mark.parametrize(
    ("body", "number"), [("120", 120), ("9" * 15, 10**15 - 1), ("9" * 16, None), ("9" * 5000, None)]
)
def test_a_count_beyond_all_users_is_none(body, number):
    assert Response.from_line(json.dumps(LINE | {"body": body}).encode()).number() == number


def test_an_answer_that_could_not_be_read_again_is_known_as_such():
    short = Response.from_line(json.dumps(LINE).encode())
    assert not short.too_long
    assert not Response.from_line(json.dumps(LINE | {"body": "x" * (LONGEST_LINE // 2)}).encode()).too_long
    assert Response.from_line(json.dumps(LINE | {"body": "x" * LONGEST_LINE}).encode()).too_long
    # A byte that is written as six makes it longer than it looks.
    assert Response.from_line(json.dumps(LINE | {"body": "\x00" * (LONGEST_LINE // 4)}).encode()).too_long
