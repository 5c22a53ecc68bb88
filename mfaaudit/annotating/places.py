"""Where the change is written: beside the bundle, which stays as it is, and over nothing."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from mfaaudit.bundle import half_together, write_together
from mfaaudit.errors import OutputProblem

if TYPE_CHECKING:
    from mfaaudit.annotating.annotate import Annotated


@dataclass(frozen=True, slots=True, kw_only=True)
class Outputs:
    """The two files that may be written."""

    register: Path
    remediation: Path


def outputs_for(bundle: Path, out: Path | None) -> Outputs:
    """Their names. Raises OutputProblem if one of them exists, or lies in the bundle."""
    whole = bundle.resolve()
    register = out or whole.with_name(f"{whole.name}-exceptions-proposed.yaml")
    remediation = (out or whole.with_name(f"{whole.name}.yaml")).with_suffix("")
    made = Outputs(register=register, remediation=remediation.with_name(f"{remediation.name}-remediation.csv"))
    for path in (made.register, made.remediation):
        if path.resolve().is_relative_to(whole):
            raise OutputProblem(
                f"{path} lies in the bundle, which stays as the audit left it", hint="Give --out another folder."
            )
        if (path.exists() or path.is_symlink()) and not half_together((made.remediation, made.register)):
            raise OutputProblem(
                f"{path} exists", hint="Nothing is written over: move it away, or give --out another name."
            )
        if not path.absolute().parent.is_dir():
            raise OutputProblem(f"there is no folder {path.absolute().parent}", hint="Make it, or give --out another.")
    return made


def write(made: Annotated) -> None:
    """Both files, or as many as there is something to say in. Raises OutputProblem if the disk refuses."""
    # Half of the decisions would look like all of them.
    contents = {made.remediation_file: made.remediation_csv, made.register_file: made.register_text.encode("utf-8")}
    write_together({path: content for path, content in contents.items() if path is not None})
