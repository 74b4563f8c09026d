"""Password hashing for tests."""

from django.contrib.auth.hashers import Argon2PasswordHasher


class QuickArgon2PasswordHasher(Argon2PasswordHasher):
    """The real algorithm at its lowest cost, so that a sign-in takes no noticeable time."""

    time_cost = 1
    memory_cost = 8
    parallelism = 1
