"""The desk: tickets, messages, contacts, and what can be done with them."""
