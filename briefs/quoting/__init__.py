"""Which sentences are quoted of an article, and how they read. Every quote is verbatim, with its place."""
