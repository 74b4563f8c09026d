"""What an attacker would try (SECURITY.md): a module a group, named after its numbers."""
