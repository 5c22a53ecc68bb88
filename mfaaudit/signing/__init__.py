"""Who vouches for a bundle, and since when it exists: detached signatures and time stamps over its manifest."""
