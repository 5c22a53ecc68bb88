"""One reader of JSON: whatever comes, a value that every file can hold, or a ValueError."""

import json
import re
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import mfaaudit
from mfaaudit.evidence.response import Response
from mfaaudit.json_reading import DEEPEST, GIVEN_TWICE, UNREADABLE, mended, read_json, read_json_as_it_came

HALVES = st.characters(categories=["Cs"]) | st.sampled_from(["\ud83d", "\ude00", "\ufffd", "D800", "d800", "\\", '"'])
TEXTS = st.lists(st.text(max_size=3) | HALVES, max_size=4).map("".join)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63) + 1, 2**63 - 1) | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
)


@given(VALUES)
def test_any_value_can_be_written_to_a_file_and_is_read_the_same_again(value):
    read = read_json(json.dumps(value))

    written = json.dumps(read, ensure_ascii=False).encode("utf-8")
    assert read_json(written) == read
    assert read_json_as_it_came(json.dumps(value)) == json.loads(json.dumps(value))


@given(VALUES)
def test_what_is_sound_stays_as_it_is(value):
    sound = json.loads(re.sub(r"\\u[dD][89a-fA-F]..", "", json.dumps(value)))

    assert read_json(json.dumps(sound)) == sound
    assert read_json(json.dumps(sound, ensure_ascii=False).encode()) == sound


def test_halves_are_spelled_out_in_values_and_keys_and_stay_apart():
    assert read_json(rb'{"\ud800": ["a\udfffb", "\ud83d\ude00", "\ude00\ud83d"]}') == {
        "\ufffdD800": ["a\ufffdDFFFb", "\U0001f600", "\ufffdDE00\ufffdD83D"]
    }
    assert len({read_json(f'"{half}"') for half in (r"\ud800", r"\ud801", r"\udc00", "\ufffd", "")}) == 5
    assert mended("\ufffdD800") == "\ufffdD800"


def test_halves_that_come_as_bytes_are_spelled_out_too():
    assert read_json(b'["\xed\xa0\x80"]') == ["\ufffdD800"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-32-be"])
def test_every_encoding_that_json_has_had(encoding):
    assert read_json('{"a": "Zoë"}'.encode(encoding)) == {"a": "Zoë"}


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1e400", "-1e999", "9" * 5_000, "-" + "9" * 20])
def test_a_number_without_a_value_is_marked_and_is_no_number(number):
    (value,) = read_json(f"[{number}]")

    assert list(value) == [UNREADABLE]
    assert number.startswith(value[UNREADABLE].rstrip("…"))


@pytest.mark.parametrize(
    ("members", "kind"),
    [
        ('"a": 1, "a": 2', dict),
        ('"a": true, "a": 1', dict),
        ('"a": {}, "a": {"b": 1}', list),
        ('"a": [], "a": {}', str),
    ],
)
def test_a_member_that_is_given_twice_is_neither_of_the_two(members, kind):
    value = read_json(f"{{{members}}}")["a"]

    assert type(value) is kind
    assert GIVEN_TWICE in json.dumps(value)


def test_a_member_that_is_given_twice_alike_is_that_one():
    assert read_json('{"a": [1], "b": 2, "a": [1]}') == {"a": [1], "b": 2}


@pytest.mark.parametrize("ends", [("[", "]"), ('{"a":', "}"), ('["]]]]", ', "]"), ('[{"[": ', "}]")])
def test_depth_is_bounded_whatever_the_brackets_stand_in(ends):
    left, right = ends
    levels = DEEPEST // (left.count("[") + left.count("{") - ('"[' in left))
    assert read_json(left * levels + "1" + right * levels)
    for depth in (levels + 1, 900, 5_000, 1_000_000):
        with pytest.raises(ValueError, match="nested"):
            read_json(left * depth + "1" + right * depth)


def test_a_text_full_of_brackets_is_read_as_fast_as_any_other():
    text = json.dumps(["[" * 1_000_000 + "]" * 1_000_000])
    began = time.process_time()

    assert len(read_json(text)[0]) == 2_000_000
    assert time.process_time() - began < 2


@pytest.mark.parametrize("text", [b"", b"\xff", b'{"a": ', b'{"a": "\xff"}', b"<html>", b"1 2", b'"\x00"', b"\xef\xbb"])
def test_what_is_no_json_is_a_value_error(text):
    with pytest.raises(ValueError):  # noqa: PT011 - whichever of its kinds
        read_json(text)


@given(st.binary())
def test_any_bytes_are_a_body_or_none(body):
    response = Response(source="users", method="GET", url="", read_at=None, status=200, body=body)
    json.dumps(response.json(), ensure_ascii=False).encode()


def test_nothing_else_in_the_program_reads_json():
    package = Path(mfaaudit.__file__).parent
    readers = {
        path.relative_to(package).as_posix()
        for path in package.rglob("*.py")
        if re.search(r"json\.loads?\(|JSONDecoder\(|from_json\(", path.read_text(encoding="utf-8"))
    }
    # The simulated tenant knows nothing of the program.
    assert {path for path in readers if not path.startswith("simulated/")} == {"json_reading.py"}
