"""A proxy of an office that inspects TLS: it answers for every host with a certificate of its own issuer."""

import base64
import contextlib
import datetime
import ipaddress
import json
import socket
import ssl
import threading
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import parse_qs

import uvicorn
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

GRAPH, SIGN_IN = "graph.microsoft.com", "login.microsoftonline.com"
DAY = datetime.timedelta(days=1)


class Issuer:
    """A certificate authority made for one test, and certificates of servers from it."""

    def __init__(self, folder):
        self.folder = Path(folder)
        self.folder.mkdir(exist_ok=True)
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "An office's TLS inspection")])
        authority = self._signed(self._name, self._key, x509.BasicConstraints(ca=True, path_length=0))
        self.pem = authority.public_bytes(serialization.Encoding.PEM)
        self.file = self.folder / "issuer.pem"
        self.file.write_bytes(self.pem)

    def context_for(self, host):
        """What a server that calls itself by this host needs."""
        key = ec.generate_private_key(ec.SECP256R1())
        try:
            name = x509.IPAddress(ipaddress.ip_address(host))
        except ValueError:
            name = x509.DNSName(host)
        leaf = self._signed(
            x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "a server")]), key, x509.SubjectAlternativeName([name])
        )
        file = self.folder / f"{host.replace(':', '_')}.pem"
        file.write_bytes(
            leaf.public_bytes(serialization.Encoding.PEM)
            + key.private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            )
        )
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(file)
        return context

    def _signed(self, subject, key, extension):
        now = datetime.datetime.now(datetime.UTC)
        builder = (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(self._name)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - DAY)
            .not_valid_after(now + DAY)
            .add_extension(extension, critical=isinstance(extension, x509.BasicConstraints))
        )
        return builder.sign(self._key, hashes.SHA256())


@dataclass
class Proxy:
    """What came through a proxy on this machine."""

    url: str
    issuer: Issuer
    credentials: str | None = None
    """USER:PASSWORD without which it lets nobody through."""
    connects: list = field(default_factory=list)
    """The hosts and ports that were asked for."""
    heard: list = field(default_factory=list)
    """What was sent to it in the clear."""


@contextlib.contextmanager
def proxy(folder, upstream=None, credentials=None):
    """Runs a proxy; everything that it is sent over TLS goes on to the port `upstream` of this machine."""
    listener = socket.create_server(("127.0.0.1", 0))
    listener.settimeout(0.1)
    made = Proxy(f"http://127.0.0.1:{listener.getsockname()[1]}", Issuer(folder), credentials)
    stopping, workers = threading.Event(), []

    def listen():
        while not stopping.is_set():
            with contextlib.suppress(TimeoutError):
                client, _ = listener.accept()
                worker = threading.Thread(target=_serve, args=(client, made, upstream), daemon=True)
                worker.start()
                workers.append(worker)

    thread = threading.Thread(target=listen)
    thread.start()
    yield made
    stopping.set()
    thread.join()
    listener.close()
    for worker in workers:
        worker.join(timeout=10)


def _serve(client, made, upstream):
    with client, contextlib.suppress(OSError):
        client.settimeout(10)
        head = b""
        while b"\r\n\r\n" not in head:
            part = client.recv(4096)
            if not part:
                return
            head += part
        made.heard.append(head)
        method, target, _ = head.split(b"\r\n")[0].decode().split(" ")
        wanted = "Basic " + base64.b64encode((made.credentials or "").encode()).decode()
        if method != "CONNECT":
            client.sendall(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n")
        elif made.credentials and f"proxy-authorization: {wanted}".lower() not in head.decode().lower():
            client.sendall(
                b"HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm=office\r\n"
                b"Content-Length: 0\r\nConnection: close\r\n\r\n"
            )
        else:
            made.connects.append(target)
            client.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
            context = made.issuer.context_for(target.rpartition(":")[0].strip("[]"))
            with context.wrap_socket(client, server_side=True) as inside, socket.create_connection(upstream) as outside:
                back = threading.Thread(target=_pump, args=(outside, inside), daemon=True)
                back.start()
                _pump(inside, outside)
                back.join(timeout=10)


def _pump(source, target):
    with contextlib.suppress(OSError):
        while part := source.recv(65_536):
            target.sendall(part)
    with contextlib.suppress(OSError):
        target.shutdown(socket.SHUT_WR)


@contextlib.contextmanager
def served(app):
    """Runs an ASGI application on a port of this machine, over plain http."""
    listener = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(app, log_level="critical", access_log=False, ws="none"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    yield listener.getsockname()
    server.should_exit = True
    thread.join(timeout=30)
    listener.close()


def microsoft(tenant, asked=None):
    """Graph for one simulated tenant, and beside it a sign-in service that gives an application its tokens.

    What the sign-in service is asked is added to `asked`.
    """

    async def answer(scope, receive, send):
        host = dict(scope.get("headers", ())).get(b"host", b"").decode().partition(":")[0]
        if scope["type"] != "http" or host != SIGN_IN:
            await tenant.app(scope, receive, send)
            return
        form = {name: values[0] for name, values in parse_qs((await receive()).get("body", b"").decode()).items()}
        if asked is not None:
            asked.append(form)
        token = tenant.access_token(claims=form.get("claims"))
        content = json.dumps({"token_type": "Bearer", "expires_in": 3600, "access_token": token}).encode()
        headers = [(b"content-type", b"application/json"), (b"content-length", str(len(content)).encode())]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": content})

    return answer
