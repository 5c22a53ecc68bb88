"""Which addresses a token may be sent to."""

from __future__ import annotations

from ipaddress import IPv6Address, ip_address
from urllib.parse import urlsplit

from mfaaudit.errors import UsageProblem

LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
"""To these the token may go in the clear. Names below localhost are left out: a resolver may send them elsewhere."""
PORTS = {"https": 443, "http": 80}


def graph_root(url: str) -> str:
    """The root of a Graph service given by hand, without a trailing slash.

    Raises UsageProblem unless it is https, or http to this very machine.
    """
    place = _place(url)
    if place is None or "?" in url or "#" in url:
        raise UsageProblem(
            f"--graph-url {url!r} is not the root of a web service",
            hint="Give a scheme, a host and a port, such as http://127.0.0.1:8080.",
        )
    scheme, host, _ = place
    if scheme == "http" and host not in LOOPBACK:
        raise UsageProblem(
            f"--graph-url {url!r} would send the token in the clear",
            hint="Plain http is for this machine only (127.0.0.1, localhost, [::1]); use https for any other host.",
        )
    return url.rstrip("/")


def same_service(root: str, url: str) -> bool:
    """Whether a link leads back to the service that it came from: the token must not follow it anywhere else."""
    return _place(url) is not None and _place(url) == _place(root)


def is_loopback(host: str) -> bool:
    """Whether a host is this machine: localhost and all names below it, 127.0.0.0/8, ::1."""
    name = host.lower().rstrip(".")
    if name == "localhost" or name.endswith(".localhost"):
        return True
    try:
        address = ip_address(name)
    except ValueError:
        return False
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return (mapped or address).is_loopback


def _place(url: str) -> tuple[str, str, int] | None:
    """Scheme, host and port of a web address that names nobody's password; None if it is no such address."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return None
    if parts.scheme not in PORTS or not parts.hostname or "@" in parts.netloc:
        return None
    return parts.scheme, parts.hostname, PORTS[parts.scheme] if port is None else port
