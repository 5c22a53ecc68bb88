"""Which addresses a token may be sent to."""

from __future__ import annotations

from urllib.parse import urlsplit

from mfaaudit.errors import UsageProblem

LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


def graph_root(url: str) -> str:
    """The root of a Graph service given by hand, without a trailing slash.

    Raises UsageProblem unless it is https, or http to this very machine.
    """
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.username or parts.query or parts.fragment:
        raise UsageProblem(
            f"--graph-url {url!r} is not the root of a web service",
            hint="Give a scheme, a host and a port, such as http://127.0.0.1:8080.",
        )
    if parts.scheme == "http" and parts.hostname not in LOOPBACK:
        raise UsageProblem(
            f"--graph-url {url!r} would send the token in the clear",
            hint="Plain http is for this machine only (127.0.0.1, localhost, [::1]); use https for any other host.",
        )
    return url.rstrip("/")


def same_service(root: str, url: str) -> bool:
    """Whether a link leads back to the service that it came from: the token must not follow it anywhere else."""
    ours, theirs = urlsplit(root), urlsplit(url)
    return (ours.scheme, ours.hostname, ours.port) == (theirs.scheme, theirs.hostname, theirs.port)
