"""Which sentence answers a question, as weights learned from questions with answers. See README.md here."""
