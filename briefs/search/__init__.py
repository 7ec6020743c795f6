"""A look-up: its words, the candidates, their order by BM25, and how sure it is that an article answers."""
