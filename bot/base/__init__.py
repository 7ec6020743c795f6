"""What every room of the bot uses: replies, catalogues, calendar, logs, leader election, the web server."""
