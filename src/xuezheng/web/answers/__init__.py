"""How pages show what figures answer."""
