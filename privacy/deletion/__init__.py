"""Erasing: jobs, their steps, and what each step walks. Nothing is listed twice: the inventory says what there is."""
