"""Report templates: the template language, the functions that templates may call, and the bureau's templates."""
