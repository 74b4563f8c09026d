"""Pages for people: the customer's mail program and the box of service mail."""
