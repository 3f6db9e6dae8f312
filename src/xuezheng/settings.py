"""Django's settings. A district changes them by environment variables only.

``XUEZHENG_HOME``            the data folder (default ``./xuezheng-data``)
``XUEZHENG_DATABASE_URL``    the database (default SQLite in the data folder)
``XUEZHENG_HOSTS``           names under which the pages are served, by comma (default: this machine only)
``XUEZHENG_HTTPS``           1 when a proxy in front serves the pages by HTTPS and sets X-Forwarded-Proto
``XUEZHENG_IDLE_MINUTES``     after how long without use a session ends (default 30)
``XUEZHENG_SESSION_HOURS``    after how long a session ends in any case (default 12)
``XUEZHENG_CONFIRMED_MINUTES``  for how long a typed password holds for steps that weigh (default 5)
``XUEZHENG_LOOKS_KEPT_DAYS``  for how many days it is kept who looked at which persons (default 1095)
``XUEZHENG_API_PER_MINUTE``   how many questions a program may ask in a minute (default 60)
``XUEZHENG_BACKUP_DAYS``      after how many days without a good backup administrators are warned (default 2)
``XUEZHENG_BACKUP_PASSPHRASE_FILE``  the file that holds the passphrase of backups
``XUEZHENG_FREE_MEGABYTES``  how much of the disk must stay free: below it nothing that writes much is begun (default 300)
``XUEZHENG_AREAS_PATH``      a further folder of areas beside those of the package
"""

import os

from csp.constants import NONE, SELF
from django.contrib.messages import constants
from django.utils.functional import lazy

from xuezheng import logs, registry
from xuezheng.databases import SQLITE, database_settings
from xuezheng.home import home, keys

HOME = home()
# Read when it is first needed: what needs no key (makemigrations, the documentation) runs in a folder without any.
SECRET_KEY = lazy(lambda: keys().django, str)()
DEBUG = False
ALLOWED_HOSTS = os.environ.get("XUEZHENG_HOSTS", "localhost,127.0.0.1,[::1]").split(",")

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "axes",
    "csp",
    "django_htmx",
    "simple_history",
    "xuezheng.records",
    "xuezheng.jobs",
    "xuezheng.linkage",
    "xuezheng.plans",
    "xuezheng.reports.releases",
    "xuezheng.operations",
    "xuezheng.web",
    *registry.area_packages(),
]
MIDDLEWARE = [
    "xuezheng.web.request_log.log_requests",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "xuezheng.web.failures.refuse_unreadable",
    "django_htmx.middleware.HtmxMiddleware",
    "xuezheng.web.serving.admission.admit",
    "xuezheng.web.sessions.hold_session",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "simple_history.middleware.HistoryRequestMiddleware",
    "axes.middleware.AxesMiddleware",
]
ROOT_URLCONF = "xuezheng.urls"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]
MESSAGE_TAGS = {constants.ERROR: "danger"}  # as the look calls it
WSGI_APPLICATION = "xuezheng.wsgi.application"

DATABASES = {"default": database_settings(os.environ.get("XUEZHENG_DATABASE_URL"), HOME)}
if DATABASES["default"]["ENGINE"] == SQLITE:
    # Freezing reads through a connection of its own, which an in-memory database would not show.
    DATABASES["default"]["TEST"] = {"NAME": HOME / "test.sqlite3"}

AUTH_USER_MODEL = "records.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
PASSWORD_HASHERS = ["xuezheng.records.passwords.PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.5
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_LOCKOUT_TEMPLATE = "web/locked.html"
AXES_VERBOSE = False
# A session ends after so long without use, and after so long in all; who has typed the password lately need not again.
IDLE_MINUTES = int(os.environ.get("XUEZHENG_IDLE_MINUTES", "30"))
SESSION_HOURS = int(os.environ.get("XUEZHENG_SESSION_HOURS", "12"))
CONFIRMED_MINUTES = int(os.environ.get("XUEZHENG_CONFIRMED_MINUTES", "5"))
SESSION_COOKIE_AGE = SESSION_HOURS * 3600
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True

LOGIN_URL = "web:login"
LOGIN_REDIRECT_URL = "web:home"
LOGOUT_REDIRECT_URL = "web:login"

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "form-action": [SELF],
    }
}

HTTPS = os.environ.get("XUEZHENG_HTTPS") == "1"
if HTTPS:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
CSRF_COOKIE_SECURE = SESSION_COOKIE_SECURE = HTTPS

LOGGING = logs.configuration()

# An administrator's home page warns when the last good backup is older than so many days.
BACKUP_DAYS = int(os.environ.get("XUEZHENG_BACKUP_DAYS", "2"))
# How many questions a program may ask in a minute by one token.
API_PER_MINUTE = int(os.environ.get("XUEZHENG_API_PER_MINUTE", "60"))
# How long a line of the log of looks is kept; network logs must be for six months (网络安全法 art. 21).
LOOKS_KEPT_DAYS = int(os.environ.get("XUEZHENG_LOOKS_KEPT_DAYS", "1095"))

# What is sent is never a file with a name: of that nothing is left when the process is killed.
FILE_UPLOAD_HANDLERS = [
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "xuezheng.web.files.UnnamedFileUploadHandler",
]
LANGUAGE_CODE = "zh-hans"
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True
STATIC_URL = "static/"
WHITENOISE_USE_FINDERS = True
WHITENOISE_ALLOW_ALL_ORIGINS = False
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
# HTTPS and its cookies are the proxy's and XUEZHENG_HTTPS's business.
SILENCED_SYSTEM_CHECKS = ["security.W004", "security.W008", "security.W012", "security.W016"]
