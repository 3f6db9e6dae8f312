"""What keeps an installation running for years: backup, restore, upgrade, keys, and the examination of all of it."""
