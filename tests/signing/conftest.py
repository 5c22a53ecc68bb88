"""A signed bundle, without running an audit: what is signed is bytes, and a manifest is a few of them."""

import json
import os
from hashlib import sha256

import pytest


@pytest.fixture
def bundle(tmp_path):
    """A folder with a manifest that is true."""
    folder = tmp_path / "bundle"
    (folder / "evidence").mkdir(parents=True)
    content = {"report.html": b"<p>\r\n", "evidence/users.jsonl.gz": os.urandom(300)}
    files = []
    for name, made in content.items():
        (folder / name).write_bytes(made)
        files.append({"path": name, "sha256": sha256(made).hexdigest(), "bytes": len(made)})
    text = json.dumps({"schema": 2, "files": files}, indent=2) + "\r\n"
    (folder / "manifest.json").write_bytes(text.encode())
    return folder


@pytest.fixture
def manifest(bundle):
    return bundle / "manifest.json"
