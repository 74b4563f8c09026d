"""Words of the page language that only the desk needs."""
