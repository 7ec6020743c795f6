"""Reply → what one platform shows: pure functions that return plain data. Limits and escaping live only here."""
