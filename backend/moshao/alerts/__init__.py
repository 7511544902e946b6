"""The bell: it rings, or a human knows that it did not."""
