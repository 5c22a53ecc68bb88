"""A zip archive whose bytes depend on its content alone, so that the same audit gives the same workbook."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from mfaaudit.bundle import CHUNK

UNIX = 3


class SteadyZip(ZipFile):
    """Gives every entry the same time, system and rights."""

    def __init__(self, file: Any, time: datetime) -> None:
        super().__init__(file, "w", ZIP_DEFLATED, allowZip64=True)
        self._time = (time.year, time.month, time.day, time.hour, time.minute, time.second)

    def writestr(self, zinfo_or_arcname: Any, data: Any, *_: Any, **__: Any) -> None:
        """An entry from memory."""
        content = data.encode("utf-8") if isinstance(data, str) else data
        with self.open(self._entry(str(zinfo_or_arcname)), "w") as entry:
            entry.write(content)

    def write(self, filename: Any, arcname: Any = None, *_: Any, **__: Any) -> None:
        """An entry from a file."""
        with Path(filename).open("rb") as source, self.open(self._entry(str(arcname)), "w", force_zip64=True) as entry:
            while chunk := source.read(CHUNK):
                entry.write(chunk)

    def _entry(self, name: str) -> ZipInfo:
        entry = ZipInfo(name, self._time)
        entry.compress_type = ZIP_DEFLATED
        entry.create_system = UNIX
        entry.external_attr = 0o600 << 16
        return entry
