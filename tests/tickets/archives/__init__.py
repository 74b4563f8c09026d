"""Old mail in files."""
