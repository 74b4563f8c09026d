"""The finder: walks the data inventory for everything about one person, in steps that can be cut short anywhere."""
