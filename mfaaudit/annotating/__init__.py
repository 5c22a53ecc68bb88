"""The way back: what a person noted in the workbook, as a change to the register that somebody can review."""
