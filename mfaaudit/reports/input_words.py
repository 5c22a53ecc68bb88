"""How a reader proves that a report is of the evidence and the rules that lie beside it."""

from __future__ import annotations

from mfaaudit.reports.material import Material

INPUTS_LABEL = "SHA-256 of the inputs"
MANIFEST_LINE = "SHA-256 of manifest.json, as the command printed it"
"""What is left for a person to write: no report can hold the hash of a file that holds the hash of the report."""


def how_to_check(material: Material) -> str:
    """What to run in which folder, and what that does not prove."""
    bundle = "the bundle" if material.share is None else "the bundle it was copied from"
    return (
        f"Of everything that was judged and judged with. In the folder of {bundle}, `sha256sum -c inputs.sha256` "
        "checks each file, and `sha256sum inputs.sha256` gives this number. The hashes of the reports themselves stand "
        "in manifest.json, whose own hash the command prints at its end."
    )
