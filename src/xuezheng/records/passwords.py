"""How passwords are kept."""

from django.contrib.auth.hashers import Argon2PasswordHasher


class PasswordHasher(Argon2PasswordHasher):
    """Argon2id with 19 MiB of memory, two passes and one thread, as the OWASP Password Storage Cheat Sheet advises.

    Django's own 100 MiB and eight threads take a fifth of a second of the processor for each login: a hundred schools that
    log in at once would keep all others waiting. A hash of other parameters is renewed when its owner next logs in.
    """

    time_cost = 2
    memory_cost = 19 * 1024
    parallelism = 1
