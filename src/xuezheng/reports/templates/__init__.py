"""Report templates: the template language, and what it may write."""
