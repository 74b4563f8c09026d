"""Addresses of our own pages, each worked out once: a list has one in every line."""

from functools import lru_cache

from django.urls import reverse

MOST = 4096


@lru_cache(maxsize=MOST)
def address_of(name: str, *arguments: object) -> str:
    """Return the address of a page, as reverse(name, args=arguments) does; ids and our own words only."""
    return reverse(name, args=arguments)
