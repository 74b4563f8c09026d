"""Two whole organizations for the guards."""

import pytest

from tests.guards.world import World, make_world


@pytest.fixture
def two_worlds(db: None) -> tuple[World, World]:
    """Acme, which is ours, and Globex, which must not see it."""
    return make_world("Acme"), make_world("Globex")
