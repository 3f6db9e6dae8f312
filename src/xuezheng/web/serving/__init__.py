"""The web server: waitress, with limits that hold before anybody has logged in.

``server`` bounds connections, the time that a request may take to arrive, and the bytes of its body; ``turns`` gives each client
its turn at the threads; ``admission`` determines, without the database, who has logged in. Nobody who knows the address alone, and no
single clerk, can keep the pages from the others.
"""
