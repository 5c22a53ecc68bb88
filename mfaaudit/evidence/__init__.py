"""Every answer of Graph, kept as it came."""
