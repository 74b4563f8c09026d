"""Contacts and companies: who may see them, how they are found, how files of them are read."""
