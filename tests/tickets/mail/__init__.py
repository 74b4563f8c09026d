"""Tests of understanding mail; they need no database."""
