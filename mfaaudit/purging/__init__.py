"""Takes the people out of bundles whose time is over, and keeps the proof that there was an audit."""
