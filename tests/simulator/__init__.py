"""The simulator, proved with the real client libraries."""
