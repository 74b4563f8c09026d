"""Pictures of every page: `make pictures`."""
