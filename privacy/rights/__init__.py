"""The rights of persons: how long one may wait, who is meant, what there is about them, what they get or lose."""
