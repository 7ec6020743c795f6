"""Pictures of what people see: `samples` says it, `drawing` draws it, `kept` compares it with what was drawn."""
