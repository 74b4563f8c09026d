"""What the operator's data protection officer sees and decides, in Django admin."""
