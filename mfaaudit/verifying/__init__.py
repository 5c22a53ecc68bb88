"""Whether a bundle is whole and unaltered, and whether its results follow from its evidence."""
