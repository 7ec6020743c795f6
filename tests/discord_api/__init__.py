"""What goes out to Discord, held to Discord's own description of its interface."""
