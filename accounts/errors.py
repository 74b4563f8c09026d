"""What an action says when it declines."""


class ActionRefused(Exception):
    """An action declines; its text is a sentence for the person who asked, and nothing has changed."""
