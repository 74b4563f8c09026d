"""Sealing: AES-256-GCM with envelope keys, for fields, files and look-ups. See docs/adr/0003-sealing.md."""
