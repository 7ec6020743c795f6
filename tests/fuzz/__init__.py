"""`make fuzz`: coverage-guided fuzzing of whatever strangers send. Not in CI; needs atheris, see `__main__`."""
