"""Which certificates are trusted: those of the system, and in addition those that a variable names."""

from __future__ import annotations

import os
import platform
import re
import ssl
from collections.abc import Iterator, Mapping
from pathlib import Path

import certifi
import truststore

from mfaaudit.errors import UsageProblem

FILES = ("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")
"""Variables that name a file with certificates; as with requests, a folder will do."""
FOLDERS = ("SSL_CERT_DIR",)
LARGEST = 16 << 20
"""Bytes of a file with certificates; Mozilla's whole list has less than one MiB."""
MOST_FILES = 5_000
SYSTEM_FILES = (
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
    "/etc/ssl/ca-bundle.pem",
    "/etc/ssl/cert.pem",
)
"""Where Linux distributions keep their list, for a Python that was built for another one."""
AS_PEM = (
    "Name a file of certificates in PEM form (it contains -----BEGIN CERTIFICATE-----), or unset the variable. The "
    "system's certificates are trusted in any case."
)
_HASHED = re.compile(r"[0-9a-f]{8}\.\d+")


def trusted(environment: Mapping[str, str]) -> ssl.SSLContext:
    """A context that checks every certificate and every host name, for all connections of a run.

    Trusts the system's certificates and, in addition, all files and folders that a variable names: where an office
    inspects TLS it often spares the sign-in service, so that one run meets certificates of both. Raises UsageProblem if
    a file or folder cannot be used.
    """
    context = _system()
    # A proxy's own issuer is enough: it need not be a root.
    context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN
    for variable in (*FILES, *FOLDERS):
        value = environment.get(variable, "")
        for name in value.split(os.pathsep) if variable in FOLDERS else [value]:
            if name.strip():
                _add(context, variable, Path(name))
    return context


def _system() -> ssl.SSLContext:
    if platform.system() in ("Windows", "Darwin"):
        # There the system itself judges a chain; only this way roots count that it fetches when they are first met.
        return truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    # Not `load_default_certs`, in which SSL_CERT_FILE takes the place of the system's own list.
    paths = ssl.get_default_verify_paths()
    for file in (paths.openssl_cafile, *SYSTEM_FILES):
        if Path(file).is_file():
            context.load_verify_locations(cafile=file)
            return context
    folder = Path(paths.openssl_capath)
    if folder.is_dir() and any(_HASHED.fullmatch(file.name) for file in folder.iterdir()):
        context.load_verify_locations(capath=str(folder))
    else:
        # A container may come without any; then Mozilla's list, which Python's own clients use.
        context.load_verify_locations(cafile=certifi.where())
    return context


def _add(context: ssl.SSLContext, variable: str, path: Path) -> None:
    if path.is_dir():
        files = [file for file in _files_in(variable, path) if _holds_certificate(file)]
        if not files:
            raise UsageProblem(f"{variable} names {path}, a folder without a certificate in PEM form", hint=AS_PEM)
    elif variable in FOLDERS:
        raise UsageProblem(f"{variable} names {path}, which is not a folder or does not exist", hint=AS_PEM)
    else:
        files = [path]
    for file in files:
        _add_file(context, variable, file)


def _files_in(variable: str, folder: Path) -> Iterator[Path]:
    try:
        for number, file in enumerate(folder.iterdir()):
            if number > MOST_FILES:
                raise UsageProblem(f"{variable} names {folder}, which has more than {MOST_FILES:,} files", hint=AS_PEM)
            if file.is_file():
                yield file
    except OSError as error:
        raise UsageProblem(f"{variable} names {folder}, which cannot be read: {error.strerror}", hint=AS_PEM) from error


def _holds_certificate(file: Path) -> bool:
    try:
        return file.stat().st_size <= LARGEST and b"-----BEGIN " in file.read_bytes()
    except OSError:
        # Of a folder, what this user may not read is not meant for them.
        return False


def _add_file(context: ssl.SSLContext, variable: str, file: Path) -> None:
    try:
        # A pipe would be waited for.
        if not file.is_file():
            raise UsageProblem(f"{variable} names {file}, which is not a file or does not exist", hint=AS_PEM)
        if file.stat().st_size > LARGEST:
            raise UsageProblem(f"{variable} names {file}, which is too large to hold certificates", hint=AS_PEM)
        context.load_verify_locations(cafile=str(file))
    except ssl.SSLError as error:
        raise UsageProblem(
            f"{variable} names {file}, which holds no certificate in PEM form, or a damaged one", hint=AS_PEM
        ) from error
    except OSError as error:
        raise UsageProblem(f"{variable} names {file}, which cannot be read: {error.strerror}", hint=AS_PEM) from error
