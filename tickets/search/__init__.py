"""Search over ciphertext: keyed codes of words, asked with the codes of the same words. See docs/search.md."""
