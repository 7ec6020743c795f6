"""From "it is time" to "it stands in the channel": composed once, never lost, not posted twice."""
