"""How a sentence reads alone, as weights learned from readers' verdicts. See README.md here; `build` makes them."""
