"""Who is listed: what people decided, what the rules ask for, what a night proves, the life of entries."""
