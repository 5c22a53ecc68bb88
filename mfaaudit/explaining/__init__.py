"""One user: every rule, the values that it saw, where and when they were read, and what would change it."""
