"""One step of a DeletionJob a module."""
