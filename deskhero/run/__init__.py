"""`make run`: everything a newcomer needs, started in order, watched together, stopped together."""
