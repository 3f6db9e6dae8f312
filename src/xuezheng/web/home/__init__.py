"""The home page, the dashboards, help, search and background jobs."""
