"""What lies in Redis besides queues is declared, and goes by itself."""

import pytest
import redis
from django.conf import settings as configured

from accounts.live import publish
from privacy.caches import CACHES
from tests.guards.planting import Plants, plant_everything
from tickets.together import presence

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(300)]


def test_every_key_of_the_desk_is_declared_and_expires() -> None:
    client = redis.Redis.from_url(configured.REDIS_URL, decode_responses=True)
    client.flushdb()
    world = plant_everything(Plants())
    presence.look_in(world.ticket, world.agent, "page")
    publish(world.organization.pk, "ticket")

    found = [str(key) for key in client.scan_iter("desk:*")]
    kinds = {key: [one for one in CACHES if one.is_of(key)] for key in found}
    lives = {key: client.ttl(key) for key in found}
    client.flushdb()

    assert {one.pattern for known in kinds.values() for one in known} == {one.pattern for one in CACHES}
    for key, known in kinds.items():
        assert len(known) == 1, key
        assert 0 < lives[key] <= known[0].seconds, key
