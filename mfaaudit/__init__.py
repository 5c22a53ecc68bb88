"""Proves which MFA state every user of a Microsoft Entra tenant is in, and judges it."""

__version__ = "0.1.0"
