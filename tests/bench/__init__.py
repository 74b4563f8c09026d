"""The bench: how fast, how heavy, beside the targets. `python -m tests.bench`, with --quick for a look in seconds."""
