"""The desk's room: what its screens read, and who looks at which case just now."""
