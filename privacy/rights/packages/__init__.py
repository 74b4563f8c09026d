"""What a person gets: a copy of what is kept (Art. 15), or what the person brought along (Art. 20)."""
