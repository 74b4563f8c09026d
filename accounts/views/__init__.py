"""Pages about people and organizations."""
