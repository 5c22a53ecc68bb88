"""Which proxy leads to an address: HTTPS_PROXY, ALL_PROXY and NO_PROXY as curl reads them, never for this machine."""

from __future__ import annotations

import fnmatch
import re
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass, field
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from urllib.parse import unquote, urlsplit

import httpx

from mfaaudit.errors import UsageProblem
from mfaaudit.tenant.address import PORTS, is_loopback

IDENTITY_ENDPOINTS = ("IDENTITY_ENDPOINT", "IMDS_ENDPOINT", "MSI_ENDPOINT", "AZURE_POD_IDENTITY_AUTHORITY_HOST")
"""The variables in which a machine of Azure names the service that gives it its identity."""
LINK_LOCAL: tuple[IPv4Network | IPv6Network, ...] = (IPv4Network("169.254.0.0/16"), IPv6Network("fe80::/10"))
"""Networks that no proxy can reach; 169.254.169.254 gives a machine of Azure its tokens, in the clear."""
SYSTEM = "the system's proxy setting"
AS_ADDRESS = (
    "Set it to http://HOST:PORT or http://USER:PASSWORD@HOST:PORT. Write each special character of the password as its "
    "% code, such as %40 for @ and %23 for #."
)
_NAME = re.compile(r"[\w.*-]+")

Address = IPv4Address | IPv6Address


@dataclass(frozen=True, slots=True, kw_only=True)
class Proxy:
    """A proxy, and the variable that names it."""

    variable: str
    url: str
    """Scheme, host and port, without the credentials."""
    credentials: tuple[str, str] | None = field(default=None, repr=False)


def proxy_for(url: str, environment: Mapping[str, str]) -> Proxy | None:
    """The proxy for an address; None if it is reached directly.

    Raises UsageProblem if the variable that names the proxy, or NO_PROXY, cannot be understood.
    """
    parts = urlsplit(url)
    host, port = (parts.hostname or "").rstrip("."), parts.port or PORTS.get(parts.scheme, 443)
    if is_loopback(host) or _is_near(host, environment):
        return None
    variable, value = _named(parts.scheme, environment)
    if not value:
        variable, value = SYSTEM, _of_the_system(parts.scheme, host)
    if not value:
        return None
    _, excluded = _first_set(("no_proxy", "NO_PROXY"), environment)
    if _is_excluded(host, port, excluded):
        return None
    return _parse(variable, value)


def _is_near(host: str, environment: Mapping[str, str]) -> bool:
    """Whether a host is the machine's own identity service, or can be reached by no proxy."""
    address = _address(host)
    if address is not None and any(address in network for network in LINK_LOCAL):
        return True
    return any(_host_of(environment.get(name, "")) == host.lower() for name in IDENTITY_ENDPOINTS)


def _host_of(url: str) -> str | None:
    try:
        return urlsplit(url).hostname
    except ValueError:
        return None


def _named(scheme: str, environment: Mapping[str, str]) -> tuple[str, str]:
    for name in (f"{scheme}_proxy", "all_proxy"):
        variable, value = _first_set((name, name.upper()), environment)
        if value:
            return variable, value
    return "", ""


def _first_set(names: tuple[str, ...], environment: Mapping[str, str]) -> tuple[str, str]:
    """The first variable that is set. One in lower case that is empty switches off the one in upper case."""
    for name in names:
        if name in environment:
            return name, environment[name].strip()
    return "", ""


def _of_the_system(scheme: str, host: str) -> str:
    """The proxy in the settings of Windows or macOS, which counts only where no variable names one."""
    if urllib.request.getproxies_environment() or urllib.request.proxy_bypass(host):
        return ""
    return urllib.request.getproxies().get(scheme, "")


def _parse(variable: str, value: str) -> Proxy:
    # No error may quote the value: it may hold a password.
    try:
        parts = urlsplit(value if "://" in value else f"http://{value}")
        port = parts.port
    except ValueError:
        raise _no_proxy_address(variable, "its host or its port is malformed") from None
    if parts.scheme.startswith("socks"):
        raise UsageProblem(
            f"{variable} names a SOCKS proxy, which mfaaudit cannot use",
            hint="Name an HTTP proxy in HTTPS_PROXY, or exclude the hosts in NO_PROXY.",
        )
    if parts.scheme not in PORTS:
        raise _no_proxy_address(variable, "it begins with neither http:// nor https://")
    if parts.path.strip("/") or parts.query or parts.fragment:
        raise _no_proxy_address(variable, "something follows the host and the port")
    if not parts.hostname or not re.fullmatch(r"[\w.:%-]+", parts.hostname):
        raise _no_proxy_address(variable, "it has no host, or one with characters that no host has")
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    url = f"{parts.scheme}://{host}:{PORTS[parts.scheme] if port is None else port}"
    try:
        httpx.URL(url)
    except httpx.InvalidURL:
        raise _no_proxy_address(variable, "its host is malformed") from None
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    return Proxy(variable=variable, url=url, credentials=(user, password) if user or password else None)


def _no_proxy_address(variable: str, why: str) -> UsageProblem:
    return UsageProblem(f"{variable} is not the address of a proxy: {why}", hint=AS_ADDRESS)


def _is_excluded(host: str, port: int, excluded: str) -> bool:
    """Whether NO_PROXY names a host. Every entry is looked at, so that a malformed one never goes unnoticed."""
    matches = [_matches(entry, host.lower(), port) for entry in re.split(r"[\s,]+", excluded) if entry]
    return any(matches)


def _matches(entry: str, host: str, port: int) -> bool:
    """Whether one entry of NO_PROXY names a host: an address, a network, a domain or `*`, with or without a port."""
    if "/" in entry:
        network = _network(entry)
        address = _address(host)
        return address is not None and address in network
    name, only_port = _split_port(entry)
    if only_port is not None and only_port != port:
        return False
    named, address = _address(name), _address(host)
    if named is not None or address is not None:
        return named == address or (named is None and "*" in name and fnmatch.fnmatchcase(host, name))
    pattern = name.lower().rstrip(".").removeprefix("*").removeprefix(".")
    if "*" in pattern:
        return fnmatch.fnmatchcase(host, pattern)
    # A lone asterisk is every host.
    return not pattern or host == pattern or host.endswith(f".{pattern}")


def _network(entry: str) -> IPv4Network | IPv6Network:
    try:
        return ip_network(re.sub(r"^\[(.*)\](?=/)", r"\1", entry), strict=False)
    except ValueError:
        raise _unusable(
            entry, "it is no network", "Write a network as an address and a number of bits, such as 10.0.0.0/8"
        ) from None


def _split_port(entry: str) -> tuple[str, int | None]:
    """An entry's host, and its port if it names one. Raises UsageProblem for an entry that names no host."""
    found = re.fullmatch(r"\[(?P<v6>[^\[\]]*)\](?::(?P<v6_port>.*))?|(?P<name>[^:]+):(?P<port>[^:]*)", entry)
    if found is None:
        host, digits = entry, None
    else:
        host = found["name"] if found["v6"] is None else found["v6"]
        digits = found["v6_port"] if found["v6"] is not None else found["port"]
    if digits is not None and not (digits.isascii() and digits.isdigit() and 0 < int(digits[:6]) < 65_536):
        raise _unusable(entry, "it has no port after the colon", "Write a host and a port, such as example.com:8080")
    is_v6 = ":" in host or (found is not None and found["v6"] is not None)
    if (_address(host) is None) if is_v6 else (not _NAME.fullmatch(host) or not host.strip(".")):
        raise _unusable(entry, "it is neither a host nor an address", "Write example.com, 10.1.2.3, ::1 or 10.0.0.0/8")
    return host, None if digits is None else int(digits)


def _unusable(entry: str, why: str, how: str) -> UsageProblem:
    return UsageProblem(
        f"NO_PROXY contains {entry[:100]!r}, which cannot be used: {why}", hint=f"{how}, or remove the entry."
    )


def _address(host: str) -> Address | None:
    try:
        address = ip_address(host)
    except ValueError:
        return None
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return address if mapped is None else mapped
