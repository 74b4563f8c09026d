"""Mail in and out: mailboxes, what arrived, what is to leave, and the providers."""
