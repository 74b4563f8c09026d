"""Simulated Microsoft: the identity platform and Graph mail."""
