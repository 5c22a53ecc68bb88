"""Conditional Access policies read into who is meant, what is asked, where and when; the facts beside build on it."""
