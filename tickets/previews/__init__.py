"""Files of a mail, looked at without running or opening anything of theirs in the reader's browser."""
