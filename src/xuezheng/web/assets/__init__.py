"""The JavaScript and CSS that pages use, by the npm lock file beside this module."""
