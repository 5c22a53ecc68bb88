"""Every fault at once: of accounts, of items in a batch, of whole requests, of the list of users."""
