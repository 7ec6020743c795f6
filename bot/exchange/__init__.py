"""What comes in and goes out: what a team has set up, feeds as OPML, starter packs."""
