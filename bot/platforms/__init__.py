"""One room per platform: adapter, transport and renderer. Each SDK has its one home here."""
