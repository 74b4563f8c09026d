"""Erasing a person inside other people's tickets: blacked out there, deleted elsewhere, and not taken in again."""
