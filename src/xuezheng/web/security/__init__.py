"""What keeps strangers out and records who has seen whom."""
