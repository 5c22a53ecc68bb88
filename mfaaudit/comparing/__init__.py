"""Two bundles or more: what changed, for whom, and why; in a folder of its own."""
