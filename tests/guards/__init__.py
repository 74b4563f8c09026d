"""Guards: tests that watch the whole of Deskhero, not one part of it. Each has been seen red; its test says how."""
