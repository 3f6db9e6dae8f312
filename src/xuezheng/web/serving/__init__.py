"""The web server: waitress, with limits that apply before a user has logged in.

``server`` limits connections, the time that a request may take to arrive, and the bytes of its body; ``turns`` gives each client
its turn at the threads; ``admission`` determines, without the database, whether a request is a logged-in user's. Nobody who knows
the address alone, and no single clerk, can keep the pages from the others.
"""
