"""Backups the application owns: sealed under a key each, catalogued, verified, expired with proof, brought back."""
