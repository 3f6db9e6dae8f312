"""Django's settings. A district changes them by environment variables only.

``XUEZHENG_HOME``            the data folder (default ``./xuezheng-data``)
``XUEZHENG_DATABASE_URL``    the database (default SQLite in the data folder)
``XUEZHENG_HOSTS``           names under which the pages are served, by comma (default: this machine only)
``XUEZHENG_HTTPS``           1 when a proxy in front serves the pages by HTTPS and sets X-Forwarded-Proto
``XUEZHENG_TRUSTED_PROXY``   the address of that proxy as the server sees it, e.g. 127.0.0.1: of it alone forwarded headers are believed
``XUEZHENG_URL``             how people reach the pages, e.g. https://xz.example.gov.cn: links to be passed on begin with it
``XUEZHENG_HSTS_DAYS``       for how many days browsers must use HTTPS only (HSTS) (default 365; 0 for never)
``XUEZHENG_IDLE_MINUTES``     minutes without use after which a session ends (default 30)
``XUEZHENG_SESSION_HOURS``    hours after which a session ends in any case (default 12)
``XUEZHENG_CONFIRMED_MINUTES``  minutes for which a typed password confirms sensitive steps (default 5)
``XUEZHENG_PASSWORD_PROFILE``  ``dengbao`` for the rules of 等级保护: three character classes, 90 days, not the last five (default: ``default``)
``XUEZHENG_PASSWORD_LENGTH``  how many characters a password has at least (default 10)
``XUEZHENG_PASSWORD_MAX_DAYS``  after how many days a password has to be changed (default by the profile: never, or 90)
``XUEZHENG_LOCK_PAIR``, ``XUEZHENG_LOCK_ADDRESS``, ``XUEZHENG_LOCK_ACCOUNT``  failures until an account is locked at an address
                             (default 5), an address for all (30), an account everywhere (30); ``XUEZHENG_LOCK_MINUTES`` is how long it lasts (30)
``XUEZHENG_TOTP_ROLES``      roles, by comma, that must set up a second factor, e.g. administrator,office
``XUEZHENG_OIDC_ISSUER``     the address of an OpenID Connect platform; with ``XUEZHENG_OIDC_CLIENT_ID`` and
                             ``XUEZHENG_OIDC_CLIENT_SECRET`` or ``…_SECRET_FILE``; ``XUEZHENG_OIDC_TITLE`` is the label of its button
``XUEZHENG_SEPARATED_ROLES``  1 to have the security officer confirm rights and the auditor read logs, not the administrators
``XUEZHENG_LOOKS_KEPT_DAYS``  days for which the log of access to persons is kept (default 1095)
``XUEZHENG_API_PER_MINUTE``   requests that a program may make in a minute (default 60)
``XUEZHENG_BACKUP_DAYS``      after how many days without a good backup administrators are warned (default 2)
``XUEZHENG_BACKUP_PASSPHRASE_FILE``  the file that holds the passphrase of backups
``XUEZHENG_FREE_MEGABYTES``  megabytes of disk that must stay free: below that no large write is begun (default 300)
``XUEZHENG_AREAS_PATH``      a further folder of areas beside those of the package
"""

import os

from csp.constants import NONE, SELF
from django.contrib.messages import constants
from django.utils.functional import lazy

from xuezheng import registry
from xuezheng.core import log_files
from xuezheng.core.data_folder import locate_home
from xuezheng.core.database_url import SQLITE, database_settings
from xuezheng.core.environment import read_flag, read_number
from xuezheng.core.keys import keys
from xuezheng.core.public_address import parse_origin, parse_proxy
from xuezheng.web.security.oidc_settings import read_oidc

# The folder is not made here: whoever only reads the settings, such as the type checker, leaves nothing behind.
HOME = locate_home()
# Read when it is first needed: what needs no key (makemigrations, the documentation) runs in a folder without any.
SECRET_KEY = lazy(lambda: keys().django, str)()
DEBUG = False
ALLOWED_HOSTS = os.environ.get("XUEZHENG_HOSTS", "localhost,127.0.0.1,[::1]").split(",")
PUBLIC_URL = parse_origin(os.environ.get("XUEZHENG_URL", ""))
TRUSTED_PROXY = parse_proxy(os.environ.get("XUEZHENG_TRUSTED_PROXY", ""))
if PUBLIC_URL:
    ALLOWED_HOSTS.append(PUBLIC_URL.host)
    # A proxy that does not pass the name on as the browser wrote it must not shut everybody out.
    CSRF_TRUSTED_ORIGINS = [str(PUBLIC_URL)]

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
    "xuezheng.policy",
    "xuezheng.jobs",
    "xuezheng.linkage",
    "xuezheng.plans",
    "xuezheng.reports.templates",
    "xuezheng.reports.releases",
    "xuezheng.operations",
    "xuezheng.web",
    *registry.area_packages(),
]
MIDDLEWARE = [
    "xuezheng.web.serving.request_log.log_requests",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "xuezheng.web.serving.error_pages.refuse_unreadable",
    "django_htmx.middleware.HtmxMiddleware",
    "xuezheng.web.serving.admission.admit",
    "xuezheng.web.login.sessions.limit_session",
    "xuezheng.web.login.own_account.require_credentials",
    "xuezheng.web.serving.unused.refuse_unused",
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
# What GB/T 22239 is commonly held to ask for (等保), or the default, which asks for length rather than for odd characters.
PASSWORD_PROFILE = os.environ.get("XUEZHENG_PASSWORD_PROFILE", "default")
_PROFILES = {
    "default": {"length": 10, "classes": 1, "history": 1, "max_days": 0},
    "dengbao": {"length": 10, "classes": 3, "history": 5, "max_days": 90},
}
if PASSWORD_PROFILE not in _PROFILES:
    raise ValueError(f"XUEZHENG_PASSWORD_PROFILE“{PASSWORD_PROFILE}”不认识，可写：{'、'.join(_PROFILES)}")
_PROFILE = _PROFILES[PASSWORD_PROFILE]
PASSWORD_MAX_DAYS = read_number("PASSWORD_MAX_DAYS", _PROFILE["max_days"])
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "xuezheng.records.passwords.LengthValidator",
        "OPTIONS": {"shortest": read_number("PASSWORD_LENGTH", _PROFILE["length"], least=8)},
    },
    {"NAME": "xuezheng.records.passwords.GuessableValidator"},
    {"NAME": "xuezheng.records.passwords.CommonValidator"},
    {"NAME": "xuezheng.records.passwords.HistoryValidator", "OPTIONS": {"kept": _PROFILE["history"]}},
]
if _PROFILE["classes"] > 1:
    AUTH_PASSWORD_VALIDATORS.insert(
        1,
        {"NAME": "xuezheng.records.passwords.ClassesValidator", "OPTIONS": {"classes": _PROFILE["classes"]}},
    )
# Guessing stops after so many failures of an account at an address, from an address, of an account: see web.lockouts.
LOCK_PAIR = read_number("LOCK_PAIR", 5, least=1)
LOCK_ADDRESS = read_number("LOCK_ADDRESS", 30, least=1)
LOCK_ACCOUNT = read_number("LOCK_ACCOUNT", 30, least=1)
AXES_HANDLER = "xuezheng.web.security.lockouts.LockoutHandler"
AXES_FAILURE_LIMIT = LOCK_PAIR
AXES_COOLOFF_TIME = read_number("LOCK_MINUTES", 30, least=1) / 60
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_LOCKOUT_TEMPLATE = "web/locked.html"
AXES_VERBOSE = False
# 三员分立: administrator, security officer and auditor are three people.
SEPARATED_ROLES = read_flag("SEPARATED_ROLES")
# A session ends after so long without use, and after so long in all; who has typed the password lately need not again.
IDLE_MINUTES = read_number("IDLE_MINUTES", 30)
SESSION_HOURS = read_number("SESSION_HOURS", 12)
CONFIRMED_MINUTES = read_number("CONFIRMED_MINUTES", 5)
SESSION_COOKIE_AGE = SESSION_HOURS * 3600
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True

# Roles that cannot work without a second factor.
TOTP_ROLES = tuple(filter(None, os.environ.get("XUEZHENG_TOTP_ROLES", "").replace(" ", "").split(",")))
ROLES = ("office", "section", "leader", "clerk", "administrator", "security", "auditor")
if unknown := [role for role in TOTP_ROLES if role not in ROLES]:
    raise ValueError(f"XUEZHENG_TOTP_ROLES中的{'、'.join(unknown)}不是角色，可写：{'、'.join(ROLES)}")
# Log-in by a platform that speaks OpenID Connect; empty where there is none.
OIDC = read_oidc(os.environ)

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

# Whether a request came by HTTPS is told by the server, which believes the trusted proxy alone.
HTTPS = read_flag("HTTPS")
CSRF_COOKIE_SECURE = SESSION_COOKIE_SECURE = HTTPS
SECURE_HSTS_SECONDS = read_number("HSTS_DAYS", 365) * 86_400 if HTTPS else 0
# With "no-referrer" a browser sends "Origin: null", and no form of the page would be accepted.
SECURE_REFERRER_POLICY = "same-origin"

LOGGING = log_files.configuration()

# An administrator's home page warns when the last good backup is older than so many days.
BACKUP_DAYS = read_number("BACKUP_DAYS", 2)
# How many questions a program may ask in a minute by one token.
API_PER_MINUTE = read_number("API_PER_MINUTE", 60)
# How long a line of the access log is kept; network logs must be for six months (网络安全法 art. 21).
ACCESS_LOG_KEPT_DAYS = read_number("LOOKS_KEPT_DAYS", 1095)

# What is sent is never a file with a name: of that nothing is left when the process is killed.
FILE_UPLOAD_HANDLERS = [
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "xuezheng.web.ui.file_transfer.UnnamedFileUploadHandler",
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
