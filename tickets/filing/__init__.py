"""Filing in batches: read many mails, ask the database once, decide in memory, write once."""
