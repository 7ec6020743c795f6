"""The chat side of Briefbot: commands, rendering, adapters, delivery, schedule, the program."""
