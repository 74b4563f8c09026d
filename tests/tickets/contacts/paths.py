"""Where the pages of contacts and companies are."""

from django.urls import reverse


def at(name, *args):
    """Return an address at Acme."""
    return reverse(f"tickets:{name}", args=["acme", *args])
