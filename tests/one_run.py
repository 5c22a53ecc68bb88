"""What belongs to one run alone: times, names, addresses, and how often had to be asked."""

FRESH = frozenset(
    (
        *("requests", "throttled", "throttling", "inputsSha256", "firstReadAt", "lastReadAt"),
        *("startedAt", "finishedAt", "from", "to", "id", "sessions", "graph"),
    )
)


def timeless(value):
    """The same results without what differs from one run to the next."""
    if isinstance(value, dict):
        return {key: timeless(one) for key, one in value.items() if key not in FRESH}
    return [timeless(one) for one in value] if isinstance(value, list) else value
