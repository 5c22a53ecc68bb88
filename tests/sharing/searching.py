"""Looks for words in every byte that a reader of a folder could get at: files, parts of archives, packed data."""

import base64
import binascii
import json
import re
import zipfile
import zlib
from functools import lru_cache
from io import BytesIO

PACKED = re.compile(rb"[A-Za-z0-9+/_-]{64,}={0,2}")
GZIP_OR_ZLIB, BARE = 47, -15


def layers(content):
    """The bytes themselves, and whatever they turn out to be a wrapping of."""
    yield content
    if content.startswith(b"PK\x03\x04"):
        with zipfile.ZipFile(BytesIO(content)) as archive:
            for name in archive.namelist():
                yield name.encode()
                yield from layers(archive.read(name))
    for found in PACKED.finditer(content):
        for unpacked in _unpacked(found[0]):
            yield from layers(unpacked)


def _unpacked(text):
    text = text.rstrip(b"=").replace(b"-", b"+").replace(b"_", b"/")
    try:
        raw = base64.b64decode(text + b"=" * (-len(text) % 4))
    except binascii.Error:
        return
    yield raw
    for way in (GZIP_OR_ZLIB, BARE):
        try:
            yield zlib.decompressobj(way).decompress(raw)
        except zlib.error:
            continue


NAMED = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'"}
ESCAPES = (
    (re.compile(r"&#(\d+);"), lambda found: chr(int(found[1]))),
    (re.compile(r"&#x([0-9a-f]+);"), lambda found: chr(int(found[1], 16))),
    (re.compile(r"\\u([0-9a-f]{4})"), lambda found: chr(int(found[1], 16))),
    (re.compile(r"&(amp|lt|gt|quot|apos);"), lambda found: NAMED[found[1]]),
)


def strings_of(suffix, content):
    """Every text in a file of JSON as it was meant, and again without the marks that keep it from being markup."""
    lines = {".json": [content], ".ndjson": content.splitlines()}.get(suffix, ())
    for line in lines:
        for text in _texts(json.loads(line)):
            yield text
            if "\\" in text:
                yield text.replace("\\", "")


def _texts(part):
    if isinstance(part, str):
        yield part
    elif isinstance(part, list):
        for one in part:
            yield from _texts(one)
    elif isinstance(part, dict):
        for name, one in part.items():
            yield name
            yield from _texts(one)


@lru_cache(maxsize=8)
def text_of(folder):
    """All that a folder says, in lower case, without escapes, and with one space wherever there are several.

    Of a folder that nobody changes: what it said is remembered.
    """
    parts = []
    for path in sorted(folder.rglob("*")):
        parts.append(path.name.encode())
        if path.is_file():
            content = path.read_bytes()
            parts += layers(content)
            parts += [one.encode("utf-8", "replace") for one in strings_of(path.suffix, content)]
    text = b"\n".join(parts).decode("utf-8", "replace").lower()
    for pattern, meaning in ESCAPES:
        text = pattern.sub(meaning, text)
    return " ".join(text.split())


def found_in(text, words):
    """Those of the words that the text holds, whatever their case."""
    return {word for word in words if " ".join(word.lower().split()) in text}
