"""No answer uses up memory or time: it is cut off within its bounds, and says why."""

import asyncio
import gzip
import time
import tracemalloc
import zlib
from unittest.mock import patch

import httpx
import pytest
from leaping_loop import hurried

from mfaaudit.evidence.response import reason_of
from mfaaudit.tenant.bounds import FIRST_BYTES, GRACE, LONGEST_ANSWER, SECONDS_PER_MIB
from mfaaudit.tenant.graph import Graph
from mfaaudit.tenant.sign_in import GivenToken
from mfaaudit.words import Reason

ROOT = "https://graph.microsoft.com"
MIB = 1 << 20


class Body(httpx.AsyncByteStream):
    """A body in parts, with a pause in seconds before each; counts what was taken of it."""

    def __init__(self, parts, pause=0.0):
        self._parts, self._pause = parts, pause
        self.taken = 0
        self.closed = False

    async def __aiter__(self):
        for part in self._parts:
            await asyncio.sleep(self._pause)
            self.taken += len(part)
            yield part

    async def aclose(self):
        self.closed = True


def answer_to(reply):
    """One answer as the program takes it, on a clock that leaps over pauses."""

    async def work():
        graph = Graph(ROOT, GivenToken("t0k3n"), [f"{ROOT}/.default"], transport=httpx.MockTransport(reply))
        try:
            return await graph.send("users", f"{ROOT}/v1.0/users")
        finally:
            await graph.close()

    with (
        asyncio.Runner(loop_factory=hurried) as runner,
        patch.object(time, "monotonic", runner.get_loop().time),
    ):
        return runner.run(work())


def answered(body, **headers):
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return answer_to(lambda _: httpx.Response(200, stream=body, headers=named))


def packed(size, wbits=31):
    """That many bytes of spaces, packed, without ever holding them."""
    packer, piece = zlib.compressobj(9, wbits=wbits), b" " * MIB
    yield from (packer.compress(piece) for _ in range(size // MIB))
    yield packer.flush()


@pytest.mark.parametrize(("coding", "wbits"), [("gzip", 31), ("x-gzip", 31), ("deflate", 15), ("deflate", -15)])
def test_a_small_body_that_unpacks_to_300_mib_is_cut_off_within_its_bound(coding, wbits):
    body = Body(list(packed(300 * MIB, wbits)))
    tracemalloc.start()
    try:
        answer = answered(body, content_encoding=coding)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()

    assert (answer.status, answer.body) == (0, b"")
    assert answer.problem == "AnswerTooLong: the answer has more than 16 MiB"
    assert reason_of(0, None, problem=answer.problem) is Reason.SERVER_ERROR
    assert peak < 4 * LONGEST_ANSWER
    assert body.closed


def test_a_body_that_never_ends_is_cut_off():
    def forever():
        while True:
            yield b" " * MIB

    body = Body(forever())
    answer = answered(body)

    assert "more than 16 MiB" in answer.problem
    assert body.taken <= LONGEST_ANSWER + MIB


def test_packed_bytes_that_unpack_to_nothing_are_bounded_too():
    def forever():
        yield zlib.compressobj(wbits=31).flush(zlib.Z_SYNC_FLUSH)
        while True:
            yield b"\x00\x00\x00\xff\xff" * 100_000

    body = Body(forever())

    assert "more than 16 MiB" in answered(body, content_encoding="gzip").problem
    assert body.taken <= LONGEST_ANSWER + MIB


def test_a_byte_a_second_is_cut_off_and_is_a_timeout():
    body = Body((b" " for _ in range(10**9)), pause=1.0)
    answer = answered(body)

    assert answer.problem.startswith("ReadTimeout: the body came too slowly")
    assert reason_of(0, None, problem=answer.problem) is Reason.TIMEOUT
    assert body.taken < 2 * GRACE


def test_a_slow_body_is_taken_while_it_is_not_slower_than_its_bound():
    pieces = [b"x" * (MIB // 8)] * 64
    answer = answered(Body(pieces, pause=SECONDS_PER_MIB / 8))

    assert (answer.status, answer.body) == (200, b"".join(pieces))


def test_an_answer_that_never_begins_is_a_timeout():
    async def silent(_):
        await asyncio.sleep(10**9)

    answer = answer_to(silent)

    assert answer.problem == f"ReadTimeout: no status and headers within {FIRST_BYTES:.0f} seconds"


@pytest.mark.parametrize("size", [1, 10, 10_000])
@pytest.mark.parametrize("coding", ["gzip", "deflate", "identity", ""])
def test_an_honest_answer_comes_as_it_was_sent(coding, size):
    text = b'{"value": "' + b"y" * size + b'"}'
    sent = {"gzip": gzip.compress, "deflate": zlib.compress}.get(coding, bytes)(text)
    parts = [sent[place : place + 7] for place in range(0, len(sent), 7)]

    assert answered(Body(parts), **({"content_encoding": coding} if coding else {})).body == text


@pytest.mark.parametrize(
    ("coding", "body", "why"),
    [
        ("gzip", gzip.compress(b"{}" * 50)[:-9], "ends too early"),
        ("gzip", b"{}", "incorrect header"),
        ("br", b"{}", "packed as br, which was not asked for"),
        ("gzip, gzip", gzip.compress(gzip.compress(b"{}")), "packed as gzip, gzip"),
    ],
    ids=["cut", "plain", "another coding", "twice"],
)
def test_a_body_that_is_packed_badly_is_no_answer(coding, body, why):
    answer = answered(Body([body]), content_encoding=coding)

    assert answer.status == 0
    assert answer.problem.startswith("DecodingError: ")
    assert why in answer.problem


def test_nothing_but_what_is_unpacked_within_bounds_is_asked_for():
    seen = []

    def reply(request):
        seen.append(request.headers["accept-encoding"])
        return httpx.Response(200, json={})

    answer_to(reply)
    assert seen == ["gzip, deflate"]
