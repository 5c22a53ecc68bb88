"""One answer of Graph as it came, with what is needed to find it again: endpoint, status, request-id, time."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from mfaaudit.sources.source import Source
from mfaaudit.words import Reason

KEPT_HEADERS = (
    "content-type",
    "date",
    "request-id",
    "client-request-id",
    "retry-after",
    "x-ms-resource-unit",
    "x-ms-throttle-limit-percentage",
    "x-ms-throttle-scope",
    "x-ms-throttle-information",
    "x-ms-ags-diagnostic",
)
"""The headers that say where an answer came from and what it cost; the others are the network's business."""

NOT_PREMIUM = "Authentication_RequestFromNonPremiumTenantOrB2CTenant"


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """One answer, or the lack of one."""

    source: str
    """The name of the source, or `$batch`."""
    method: str
    url: str
    read_at: datetime
    status: int
    """The HTTP status; 0 if no answer came."""
    problem: str = ""
    """Why no answer came."""
    headers: Mapping[str, str] = field(default_factory=dict)
    request: str = ""
    """The body that was sent."""
    body: bytes = b""
    attempt: int = 1

    @property
    def ok(self) -> bool:
        """Whether Graph gave what it was asked for."""
        return 200 <= self.status < 300

    @property
    def request_id(self) -> str:
        """What Microsoft's support asks for; empty if Graph sent none."""
        return self.headers.get("request-id", "")

    def json(self) -> Any:
        """The body as JSON, or None if it is none: a cut or garbled body is no answer."""
        try:
            return json.loads(self.body)
        except (ValueError, RecursionError):
            return None

    def number(self) -> int | None:
        """The body as the bare number that a `$count` is, or None if it is none."""
        text = self.body.decode("utf-8-sig", "replace").strip() if self.ok else ""
        return int(text) if text.isascii() and text.isdigit() else None

    def to_line(self) -> bytes:
        """One line of JSON, the body inside as the text that came."""
        record: dict[str, Any] = {
            "source": self.source,
            "method": self.method,
            "url": self.url,
            "readAt": self.read_at.isoformat(timespec="milliseconds"),
            "attempt": self.attempt,
            "status": self.status,
        }
        if self.problem:
            record["problem"] = self.problem
        record["headers"] = dict(self.headers)
        if self.request:
            record["request"] = self.request
        try:
            record["body"] = self.body.decode("utf-8")
        except UnicodeDecodeError:
            record["bodyBase64"] = base64.b64encode(self.body).decode("ascii")
        return json.dumps(record, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"

    @classmethod
    def from_line(cls, line: bytes) -> Response:
        """What `to_line` wrote. Raises ValueError, TypeError or KeyError if the line is something else."""
        record = json.loads(line)
        if not isinstance(record, dict):
            raise TypeError(type(record).__name__)
        encoded = record.get("bodyBase64")
        body = record["body"].encode() if encoded is None else base64.b64decode(encoded, validate=True)
        return cls(
            source=record["source"],
            method=record["method"],
            url=record["url"],
            read_at=datetime.fromisoformat(record["readAt"]),
            attempt=record["attempt"],
            status=record["status"],
            problem=record.get("problem", ""),
            headers=record["headers"],
            request=record.get("request", ""),
            body=body,
        )


def error_code(body: Any) -> str:
    """Graph's error code, which may be empty; empty too if the body holds no error."""
    error = body.get("error") if isinstance(body, dict) else None
    code = error.get("code") if isinstance(error, dict) else None
    return code if isinstance(code, str) else ""


def reason_of(status: int, body: Any, *, problem: str = "", source: Source | None = None) -> Reason:
    """Why an answer gives no value: from the status and the error code, never from the message.

    `source` tells a beta report that a national cloud does not have from one that broke.
    """
    if status == 0:
        return Reason.TIMEOUT if "Timeout" in problem else Reason.SERVER_ERROR
    if status == 403 and error_code(body) == NOT_PREMIUM:
        return Reason.NO_LICENSE
    if status in (401, 403):
        return Reason.NO_PERMISSION
    if status in (400, 404) and source is not None and source.global_cloud_only:
        return Reason.CLOUD_UNSUPPORTED
    if status in (404, 410):
        return Reason.NOT_FOUND
    if status == 429:
        return Reason.THROTTLED
    # An answer that came and cannot be read is as good as none; what was in it is in the evidence.
    return Reason.SERVER_ERROR
