"""A transport that takes no more of an answer than its bounds allow, and unpacks it as it comes."""

from __future__ import annotations

import asyncio
import time
import zlib
from collections.abc import AsyncIterator

import httpx

from mfaaudit.tenant.bounds import FIRST_BYTES, LONGEST_ANSWER, seconds_for

CODINGS = "gzip, deflate"
"""What the client asks for, and all that is unpacked; any other could only come unasked."""


class AnswerTooLong(httpx.TransportError):
    """An answer with more bytes than LONGEST_ANSWER, as they come or unpacked."""


class BoundedWire(httpx.AsyncBaseTransport):
    """Passes requests on to another transport, and bounds the answers in bytes and in seconds.

    Raises AnswerTooLong, httpx.ReadTimeout or httpx.DecodingError, all of them httpx.HTTPError, while a body is read.
    """

    def __init__(self, wire: httpx.AsyncBaseTransport) -> None:
        self._wire = wire

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """The answer, its body not read yet. Raises httpx.ReadTimeout if none begins within FIRST_BYTES seconds."""
        request.headers["accept-encoding"] = CODINGS
        try:
            async with asyncio.timeout(FIRST_BYTES):
                answer = await self._wire.handle_async_request(request)
        except TimeoutError as error:
            problem = f"no status and headers within {FIRST_BYTES:.0f} seconds"
            raise httpx.ReadTimeout(problem, request=request) from error
        if not isinstance(answer.stream, httpx.AsyncByteStream):
            raise TypeError(type(answer.stream).__name__)
        codings = [name.lower() for name in answer.headers.get_list("content-encoding", split_commas=True)]
        answer.stream = _BoundedBody(answer.stream, [name for name in codings if name != "identity"])
        # It comes out unpacked; httpx would unpack it again, and without a bound.
        answer.headers.pop("content-encoding", None)
        answer.headers.pop("content-length", None)
        return answer

    async def aclose(self) -> None:
        """Closes the transport that carries the requests."""
        await self._wire.aclose()


class _BoundedBody(httpx.AsyncByteStream):
    def __init__(self, body: httpx.AsyncByteStream, codings: list[str]) -> None:
        self._body = body
        self._codings = codings

    async def __aiter__(self) -> AsyncIterator[bytes]:
        began, came, given = time.monotonic(), 0, 0
        unpack = _unpacker(self._codings)
        async for part in self._body:
            came += len(part)
            if time.monotonic() - began > seconds_for(came):
                raise httpx.ReadTimeout(f"the body came too slowly: {came:,} bytes in {time.monotonic() - began:.0f} s")
            if came > LONGEST_ANSWER:
                raise _too_long()
            plain = part if unpack is None else unpack.take(part, LONGEST_ANSWER - given)
            given += len(plain)
            if given > LONGEST_ANSWER:
                raise _too_long()
            yield plain
        if unpack is not None:
            unpack.end()

    async def aclose(self) -> None:
        await self._body.aclose()


class _Unpacker:
    """Unpacks one coding, at most so many bytes at a time as are still allowed, and one more."""

    def __init__(self, coding: str) -> None:
        self._coding = coding
        self._stream: zlib._Decompress | None = None

    def take(self, part: bytes, allowed: int) -> bytes:
        if self._stream is None and part:
            # "deflate" is meant to have zlib's two bytes at its head, and is sent without them as well.
            bare = self._coding == "deflate" and part[0] & 0x0F != zlib.DEFLATED
            self._stream = zlib.decompressobj(-15 if bare else 31 if self._coding == "gzip" else 15)
        if self._stream is None or self._stream.eof:
            return b""
        try:
            return self._stream.decompress(part, allowed + 1)
        except zlib.error as error:
            raise httpx.DecodingError(str(error)) from error

    def end(self) -> None:
        if self._stream is not None and not self._stream.eof:
            raise httpx.DecodingError("the packed body ends too early")


def _unpacker(codings: list[str]) -> _Unpacker | None:
    if not codings:
        return None
    coding = codings[0].removeprefix("x-")
    if len(codings) > 1 or coding not in CODINGS.split(", "):
        raise httpx.DecodingError(f"the body is packed as {', '.join(codings)[:80]}, which was not asked for")
    return _Unpacker(coding)


def _too_long() -> AnswerTooLong:
    return AnswerTooLong(f"the answer has more than {LONGEST_ANSWER >> 20} MiB")
