"""Holds two or more audits of one tenant against each other, and writes what changed into a folder of its own."""
