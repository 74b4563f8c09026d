"""Why a request did not leave, or its answer was not taken."""


class EgressRefused(Exception):
    """The request did not leave or its answer was not taken; `why` is one of our words and safe in a log."""

    def __init__(self, why: str) -> None:
        """Keep the word."""
        super().__init__(why)
        self.why = why
