"""Which articles tell the same event: one story, one item, also when it goes on for weeks."""
