"""The entry point for a web server."""

import os

from django.core.wsgi import get_wsgi_application

from xuezheng.core.temporary_files import keep_temporary_files_home

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "xuezheng.settings")
keep_temporary_files_home()
application = get_wsgi_application()
