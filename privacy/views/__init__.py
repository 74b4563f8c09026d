"""The pages about promises kept: what is being erased, what was, and the proof."""
