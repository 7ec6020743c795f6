"""CC-CEDICT, trimmed and packed: data under its own licence. See README.md here; `build` makes it."""
