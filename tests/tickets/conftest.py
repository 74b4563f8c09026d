"""Tests of the desk run inside Acme's scope where they ask for it."""

import pytest


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Open the scope last: people and companies of a test are made outside of it."""
    for item in items:
        names = getattr(item, "fixturenames", [])
        if "scope" in names:
            names.remove("scope")
            names.append("scope")
