"""Understanding mail: what it says, what it carries, and mail that wants to harm."""
