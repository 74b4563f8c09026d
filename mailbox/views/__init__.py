"""The pages about mailboxes."""
