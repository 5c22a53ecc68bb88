"""What is written down is what came, and what is damaged is never taken for whole."""

import gzip
import json
from datetime import UTC, datetime

import pytest

from mfaaudit.errors import BundleProblem
from mfaaudit.evidence.journal import MEMBER, Journal, file_name, read_journal
from mfaaudit.evidence.response import Response

NOW = datetime(2026, 3, 1, 12, 0, 0, 123000, tzinfo=UTC)


def response(body: bytes = b'{"value": []}', **changes) -> Response:
    given = {
        "source": "users",
        "method": "GET",
        "url": "https://graph.microsoft.com/v1.0/users",
        "read_at": NOW,
        "status": 200,
        "headers": {"request-id": "r-1"},
    }
    return Response(**(given | {"body": body} | changes))


@pytest.mark.parametrize(
    "body",
    [b"", b"{}", b'{"a": "\\ud800"}', '{"name": "Zoë\u2028"}'.encode(), b"\xff\xfe broken", b'{"cut": ', b"\x00\r\n"],
)
def test_a_body_is_kept_byte_for_byte(tmp_path, body):
    with Journal(tmp_path) as journal:
        journal.append(response(body))

    assert [one.body for one in read_journal(tmp_path, "users")] == [body]


def test_every_other_fact_survives_the_round_trip(tmp_path):
    sent = response(status=0, problem="ReadTimeout: ", request='{"requests":[]}', attempt=3, headers={})

    with Journal(tmp_path) as journal:
        journal.append(sent)

    assert list(read_journal(tmp_path, "users")) == [sent]


def test_answers_come_back_in_order_across_blocks(tmp_path):
    bodies = [f'{{"n": {n}, "pad": "{"x" * 2000}"}}'.encode() for n in range(3 * MEMBER // 2000)]

    with Journal(tmp_path) as journal:
        for body in bodies:
            journal.append(response(body))

    assert [one.body for one in read_journal(tmp_path, "users")] == bodies


def test_before_a_folder_is_known_answers_wait(tmp_path):
    with Journal() as journal:
        journal.append(response())
        journal.open(tmp_path)

    assert len(list(read_journal(tmp_path, "users"))) == 1


def test_public_tools_can_read_it(tmp_path):
    with Journal(tmp_path) as journal:
        journal.append(response(b'{"value": [1]}'))

    line = json.loads(gzip.decompress((tmp_path / file_name("users")).read_bytes()))
    assert json.loads(line["body"]) == {"value": [1]}
    assert line["headers"]["request-id"] == "r-1"


def test_files_are_for_their_owner_only(tmp_path):
    with Journal(tmp_path) as journal:
        journal.append(response())

    assert (tmp_path / file_name("users")).stat().st_mode & 0o077 == 0


def test_a_file_that_breaks_off_is_refused(tmp_path):
    with Journal(tmp_path) as journal:
        journal.append(response(b'{"n": 1}'))
    path = tmp_path / file_name("users")
    path.write_bytes(path.read_bytes()[:-9])

    with pytest.raises(BundleProblem, match="ends in the middle"):
        list(read_journal(tmp_path, "users"))


def test_what_has_settled_can_be_read_while_more_is_written(tmp_path):
    with Journal(tmp_path) as journal:
        journal.append(response(b'{"n": 1}'))
        journal.settle()
        assert [one.body for one in read_journal(tmp_path, "users")] == [b'{"n": 1}']
        journal.append(response(b'{"n": 2}'))

    assert [one.body for one in read_journal(tmp_path, "users")] == [b'{"n": 1}', b'{"n": 2}']


@pytest.mark.parametrize("line", [b"not json\n", b"{}\n", b'{"source": 1}\n', b"[]\n"])
def test_a_line_that_is_none_of_ours_is_refused(tmp_path, line):
    (tmp_path / file_name("users")).write_bytes(gzip.compress(line))

    with pytest.raises(BundleProblem, match=r"users\.jsonl\.gz, line 1"):
        list(read_journal(tmp_path, "users"))


def test_a_file_that_is_no_gzip_is_refused(tmp_path):
    (tmp_path / file_name("users")).write_bytes(b"plain text")

    with pytest.raises(BundleProblem, match="damaged"):
        list(read_journal(tmp_path, "users"))


def test_a_source_that_was_never_asked_has_no_answers(tmp_path):
    assert list(read_journal(tmp_path, "users")) == []
