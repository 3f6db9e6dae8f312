"""The third-party JavaScript and CSS of the pages, in the versions of the npm lock file beside this module."""
