"""Legal holds: what they cover, what is put aside for them, who reads it."""
