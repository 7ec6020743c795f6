"""One module per platform: translate, ask the desk, translate back. Each SDK has its one home here."""
