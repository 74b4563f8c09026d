"""What can be done with a person's request, from its coming in to its closing letter."""
