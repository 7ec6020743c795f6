"""Weights that tell the language of a word: data under its own licence. See README.md here; `build` makes it."""
