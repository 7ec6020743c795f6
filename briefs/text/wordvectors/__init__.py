"""Word vectors, trimmed and packed: data. See README.md here; `build` makes it."""
