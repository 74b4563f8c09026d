"""The control API: tests, the seed and the bench arrange and observe what happens. JSON, loopback only."""
