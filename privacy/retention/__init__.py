"""Retention rules: what is due, what it would be on another day, and how it goes."""
