"""What sealing can refuse. None of these texts says anything about the content."""


class SealingError(Exception):
    """A value could not be opened: altered, moved to another row, or sealed with a key we do not hold."""


class KeyDestroyed(SealingError):
    """The key was destroyed on purpose; what it sealed is gone."""


class KeyMissing(SealingError):
    """No such key was ever made."""
