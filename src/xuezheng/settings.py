"""Django's settings. A district changes them by environment variables only.

``XUEZHENG_HOME``            the data folder (default ``./xuezheng-data``)
``XUEZHENG_DATABASE_URL``    the database (default SQLite in the data folder)
``XUEZHENG_HOSTS``           names under which the pages are served, by comma (default: this machine only)
``XUEZHENG_HTTPS``           1 when a proxy in front serves the pages by HTTPS and sets X-Forwarded-Proto
``XUEZHENG_TRUSTED_PROXY``   the address of that proxy as the server sees it, e.g. 127.0.0.1: of it alone forwarded headers are believed
``XUEZHENG_URL``             how people reach the pages, e.g. https://xz.example.gov.cn: links that are handed over begin so
``XUEZHENG_HSTS_DAYS``       for how many days browsers come by HTTPS alone (default 365; 0 for never)
``XUEZHENG_IDLE_MINUTES``     after how long without use a session ends (default 30)
``XUEZHENG_SESSION_HOURS``    after how long a session ends in any case (default 12)
``XUEZHENG_CONFIRMED_MINUTES``  for how long a typed password holds for steps that weigh (default 5)
``XUEZHENG_PASSWORD_PROFILE``  dengbao for passwords as 等级保护 asks for them: three classes, 90 days, the last five (default: default)
``XUEZHENG_PASSWORD_LENGTH``  how many characters a password has at least (default 10)
``XUEZHENG_PASSWORD_MAX_DAYS``  after how many days a password has to be changed (default by the profile: never, or 90)
``XUEZHENG_LOCK_PAIR``, ``XUEZHENG_LOCK_ADDRESS``, ``XUEZHENG_LOCK_ACCOUNT``  failures until an account is locked at an address
                             (default 5), an address for all (30), an account everywhere (30); ``XUEZHENG_LOCK_MINUTES`` for how long (30)
``XUEZHENG_TOTP_ROLES``      roles, by comma, that must set up a second factor, e.g. administrator,office
``XUEZHENG_OIDC_ISSUER``     the address of an OpenID Connect platform; with ``XUEZHENG_OIDC_CLIENT_ID`` and
                             ``XUEZHENG_OIDC_CLIENT_SECRET`` or ``…_SECRET_FILE``; ``XUEZHENG_OIDC_TITLE`` is what the button says
``XUEZHENG_SEPARATED_ROLES``  1 to have the security officer confirm rights and the auditor read logs, not the administrators
``XUEZHENG_LOOKS_KEPT_DAYS``  for how many days it is kept who looked at which persons (default 1095)
``XUEZHENG_API_PER_MINUTE``   how many questions a program may ask in a minute (default 60)
``XUEZHENG_AREAS_PATH``      a further folder of areas beside those of the package
"""

import os

import dj_database_url
from csp.constants import NONE, SELF
from django.contrib.messages import constants

from xuezheng import registry
from xuezheng.home import home, keys
from xuezheng.oidc_settings import read_oidc
from xuezheng.origins import parse_origin, parse_proxy


def _read_number(name: str, default: int, least: int = 0) -> int:
    text = os.environ.get(f"XUEZHENG_{name}", "").strip() or str(default)
    if not (text.isascii() and text.isdigit() and len(text) < 10 and int(text) >= least):
        raise ValueError(f"XUEZHENG_{name}“{text}”应为不小于{least}的整数，如{default}")
    return int(text)


HOME = home()
SECRET_KEY = keys().django
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
    "xuezheng.jobs",
    "xuezheng.linkage",
    "xuezheng.plans",
    "xuezheng.reports.releases",
    "xuezheng.operations",
    "xuezheng.web",
    *registry.area_packages(),
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "xuezheng.web.sessions.hold_session",
    "xuezheng.web.own_account.require_credentials",
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

if url := os.environ.get("XUEZHENG_DATABASE_URL"):
    DATABASES = {"default": dj_database_url.parse(url, conn_max_age=60)}
else:
    DATABASES = {
        "default": {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": str(HOME / "xuezheng.sqlite3"),
            "CONN_MAX_AGE": 60,
        }
    }
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # IMMEDIATE takes the write lock at the start of a transaction, so that two writers wait instead of
    # failing; journal mode DELETE because SQLite 3.40, which Debian 12 ships, can corrupt a WAL. What does not fit the
    # cache stays in memory until the commit: else a large import would lock readers out from there on.
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 30,
        "init_command": "PRAGMA journal_mode=DELETE; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; PRAGMA cache_spill=OFF",
    }
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
PASSWORD_MAX_DAYS = _read_number("PASSWORD_MAX_DAYS", _PROFILE["max_days"])
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "xuezheng.records.passwords.LengthValidator",
        "OPTIONS": {"shortest": _read_number("PASSWORD_LENGTH", _PROFILE["length"], least=8)},
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
LOCK_PAIR = _read_number("LOCK_PAIR", 5, least=1)
LOCK_ADDRESS = _read_number("LOCK_ADDRESS", 30, least=1)
LOCK_ACCOUNT = _read_number("LOCK_ACCOUNT", 30, least=1)
AXES_HANDLER = "xuezheng.web.lockouts.LockoutHandler"
AXES_FAILURE_LIMIT = LOCK_PAIR
AXES_COOLOFF_TIME = _read_number("LOCK_MINUTES", 30, least=1) / 60
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_LOCKOUT_TEMPLATE = "web/locked.html"
AXES_VERBOSE = False
# 三员分立: administrator, security officer and auditor are three people.
SEPARATED_ROLES = os.environ.get("XUEZHENG_SEPARATED_ROLES") == "1"
# A session ends after so long without use, and after so long in all; who has typed the password lately need not again.
IDLE_MINUTES = int(os.environ.get("XUEZHENG_IDLE_MINUTES", "30"))
SESSION_HOURS = int(os.environ.get("XUEZHENG_SESSION_HOURS", "12"))
CONFIRMED_MINUTES = int(os.environ.get("XUEZHENG_CONFIRMED_MINUTES", "5"))
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
HTTPS = os.environ.get("XUEZHENG_HTTPS") == "1"
CSRF_COOKIE_SECURE = SESSION_COOKIE_SECURE = HTTPS
SECURE_HSTS_SECONDS = _read_number("HSTS_DAYS", 365) * 86_400 if HTTPS else 0
# With "no-referrer" a browser sends "Origin: null", and no form of the page would be accepted.
SECURE_REFERRER_POLICY = "same-origin"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"terminal": {"class": "logging.StreamHandler", "level": "ERROR"}},
    "loggers": {"django.request": {"handlers": ["terminal"], "level": "ERROR"}},
}

# How many questions a program may ask in a minute by one token.
API_PER_MINUTE = int(os.environ.get("XUEZHENG_API_PER_MINUTE", "60"))
# How long a line of the log of looks is kept; network logs must be for six months (网络安全法 art. 21).
LOOKS_KEPT_DAYS = int(os.environ.get("XUEZHENG_LOOKS_KEPT_DAYS", "1095"))

LANGUAGE_CODE = "zh-hans"
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True
STATIC_URL = "static/"
WHITENOISE_USE_FINDERS = True
WHITENOISE_ALLOW_ALL_ORIGINS = False
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
# HTTPS and its cookies are the proxy's and XUEZHENG_HTTPS's business.
SILENCED_SYSTEM_CHECKS = ["security.W004", "security.W008", "security.W012", "security.W016"]
