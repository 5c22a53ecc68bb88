"""One answer of Graph as it came, with what is needed to find it again: endpoint, status, request-id, time."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from mfaaudit.evidence.service import Service
from mfaaudit.json_reading import mended, read_json, read_json_as_it_came
from mfaaudit.sources.source import Shape, Source
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

LONGEST_LINE = 16 << 20
"""Bytes; a full page of users has less than one MiB. Whoever reads the evidence again has a bound by it."""
MOST_DIGITS = 15
"""Of a count; no directory has more users, and tables hold no larger numbers."""
_KINDS = {"source": str, "method": str, "url": str, "readAt": str, "attempt": int, "status": int, "headers": dict}
_OPTIONAL_KINDS = {"problem": str, "request": str, "body": str, "bodyBase64": str}

NOT_PREMIUM = "Authentication_RequestFromNonPremiumTenantOrB2CTenant"
NOT_ACCEPTED = "InvalidAuthenticationToken"
"""Of the token itself: it is missing, bad, or has run out."""
NO_P2 = "AadPremiumLicenseRequired"
"""How role management refuses a tenant without Microsoft Entra ID P2, and with 400."""

ANY = Service()
"""A workforce tenant in the global cloud."""

FOR_ALL = (Reason.NO_PERMISSION, Reason.NO_LICENSE)
"""A report that is refused for one user for these reasons is refused for everybody."""


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
    """Which one it was for this request; 0 if nothing was sent."""

    @property
    def ok(self) -> bool:
        """Whether Graph gave what it was asked for."""
        return 200 <= self.status < 300

    @property
    def unconnected(self) -> bool:
        """Whether not even a connection to the service could be had."""
        return self.problem.startswith(("ConnectError", "ConnectTimeout"))

    @property
    def too_long(self) -> bool:
        """Whether it is longer than the evidence takes; no byte becomes more than six when it is written down."""
        return len(self.body) > LONGEST_LINE // 8 and len(self.to_line()) > LONGEST_LINE

    @property
    def request_id(self) -> str:
        """What Microsoft's support asks for; empty if Graph sent none."""
        return self.headers.get("request-id", "")

    @property
    def client_request_id(self) -> str:
        """What we had called the request, as Graph repeats it; empty if it did not."""
        return self.headers.get("client-request-id", "")

    def json(self) -> Any:
        """The body as JSON, or None if it is none: a cut or garbled body is no answer."""
        try:
            return read_json(self.body)
        except ValueError:
            return None

    def number(self) -> int | None:
        """The body as the bare number that a `$count` is, or None if it is none."""
        text = self.body.decode("utf-8-sig", "replace").strip() if self.ok else ""
        return int(text) if text.isascii() and text.isdigit() and len(text) <= MOST_DIGITS else None

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
        return json.dumps(mended(record), ensure_ascii=False, separators=(",", ":")).encode() + b"\n"

    @classmethod
    def from_line(cls, line: bytes) -> Response:
        """What `to_line` wrote. Raises ValueError, TypeError or KeyError if the line is something else."""
        record = read_json_as_it_came(line)
        if not isinstance(record, dict):
            raise TypeError(type(record).__name__)
        _check_kinds(record)
        encoded = record.get("bodyBase64")
        # The body is the bytes that came; half a surrogate pair was never among them.
        body = record.pop("body").encode() if encoded is None else base64.b64decode(encoded, validate=True)
        record = mended(record)
        read_at = datetime.fromisoformat(record["readAt"])
        if read_at.tzinfo is None:
            raise ValueError("readAt has no zone")
        return cls(
            source=record["source"],
            method=record["method"],
            url=record["url"],
            read_at=read_at,
            attempt=record["attempt"],
            status=record["status"],
            problem=record.get("problem", ""),
            headers=record["headers"],
            request=record.get("request", ""),
            body=body,
        )


def _check_kinds(record: Mapping[str, Any]) -> None:
    given = [(name, record[name], kind) for name, kind in _KINDS.items()]
    given += [(name, record[name], kind) for name, kind in _OPTIONAL_KINDS.items() if name in record]
    _check_each(given)
    _check_each([(name, value, str) for name, value in record["headers"].items()])


def _check_each(given: Iterable[tuple[str, Any, type]]) -> None:
    for name, value, kind in given:
        # True is an int as well.
        if type(value) is not kind:
            raise TypeError(f"{name} is {str(value)[:80]!r}")


def error_code(body: Any) -> str:
    """Graph's error code, which may be empty; empty too if the body holds no error."""
    error = body.get("error") if isinstance(body, dict) else None
    code = error.get("code") if isinstance(error, dict) else None
    return code if isinstance(code, str) else ""


def is_token_refused(status: int, body: Any) -> bool:
    """Whether it is the token that is refused, as one that has run out is, and not the read."""
    return status == 401 and error_code(body) == NOT_ACCEPTED


def is_garbled(source: Source, response: Response) -> bool:
    """Whether an answer that says it is well holds nothing that the source could mean: a passing fault of the way."""
    if not response.ok:
        return False
    if source.shape is Shape.COUNT:
        return response.number() is None
    body = response.json()
    if not isinstance(body, dict):
        return True
    return source.shape is Shape.PAGES and not isinstance(body.get("value"), list)


def next_link(response: Response) -> Any:
    """The address of the next page, as it came; None if this is the last one, or no page."""
    return link_in(response.json() if response.ok else None)


def link_in(body: Any) -> Any:
    """The address of the next page in a page's body, as it came: whatever is not null must be followed to the end."""
    return body.get("@odata.nextLink") if isinstance(body, dict) else None


def objects_in(page: Response) -> Iterator[Mapping[str, Any]]:
    """The objects on one page of a collection; none if it is no page."""
    body = page.json() if page.ok else None
    rows = body.get("value") if isinstance(body, dict) else None
    return (row for row in (rows if isinstance(rows, list) else ()) if isinstance(row, dict))


def reason_of(
    status: int, body: Any, *, problem: str = "", source: Source | None = None, service: Service = ANY
) -> Reason:
    """Why an answer gives no value: from the status and the error code, never from the message.

    `source` tells a beta report that a national cloud does not have from one that broke, and `service` what a tenant of
    another type or in another cloud does not have from what was refused.
    """
    if status == 0:
        return Reason.TIMEOUT if "Timeout" in problem else Reason.SERVER_ERROR
    if status == 403 and error_code(body) == NOT_PREMIUM and service.for_customers:
        # The code stands for both, and for this tenant it is not the license.
        return Reason.CLOUD_UNSUPPORTED
    if (status == 403 and error_code(body) == NOT_PREMIUM) or (status in (400, 403) and error_code(body) == NO_P2):
        return Reason.NO_LICENSE
    if status in (401, 403):
        return Reason.NO_PERMISSION
    if status in (400, 404) and source is not None and source.global_cloud_only:
        return Reason.CLOUD_UNSUPPORTED
    if status in (400, 404, 501) and service.lacks_features and not (status == 404 and _of_one_object(source)):
        return Reason.CLOUD_UNSUPPORTED
    if status in (404, 410):
        return Reason.NOT_FOUND
    if status == 429:
        return Reason.THROTTLED
    # An answer that came and cannot be read is as good as none; what was in it is in the evidence.
    return Reason.SERVER_ERROR


def _of_one_object(source: Source | None) -> bool:
    return source is not None and "{id}" in source.path
