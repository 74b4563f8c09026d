"""How dates are written where a page says no more about it: the day before the month, and 24 hours."""
