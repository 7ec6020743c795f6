"""The program as its operator runs it: service, schedule, gathering beside it, platforms by their secrets, demo."""
