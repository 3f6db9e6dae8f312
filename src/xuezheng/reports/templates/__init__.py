"""Report templates: the template language and its functions."""
