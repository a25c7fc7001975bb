"""Settings, from the environment only. Every name is documented in docs/configuration.md (a test checks it).

Nothing here starts a server: `apps.core.servers.locator` does, when the first connection is made.
"""

import os
import re
import secrets
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import environ
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from apps.core.servers.places import Places

env = environ.Env()
BASE_DIR = Path(__file__).resolve().parent.parent

# --- places and addresses -------------------------------------------------------------------------------------------
DATA_DIR = Path(env.str("DOCINTEL_DATA_DIR", default=str(BASE_DIR / "var"))).absolute()
PLACES = Places(DATA_DIR)
HOST = env.str("DOCINTEL_HOST", default="127.0.0.1")
PORT = env.int("DOCINTEL_PORT", default=8000)
BASE_URL = env.str("DOCINTEL_BASE_URL", default=f"http://{'[::1]' if HOST == '::1' else HOST}:{PORT}").rstrip("/")
BASE_HOST = urlsplit(BASE_URL).hostname or HOST
LOOPBACK = {"127.0.0.1", "::1", "localhost"}
ON_LOOPBACK = HOST in LOOPBACK and BASE_HOST in LOOPBACK  # behind a proxy on the same host others come in too
EMBEDDED_DATABASE = not env.str("DATABASE_URL", default="")
EMBEDDED_BROKER = not env.str("REDIS_URL", default="")
DEBUG = env.bool("DOCINTEL_DEBUG", default=False)


def _secret_key() -> str:
    """Give the configured key, or one generated once into the data folder (mode 0600)."""
    configured: str = env.str("DOCINTEL_SECRET_KEY", default="")
    if configured:
        return configured
    path = DATA_DIR / "secret_key"
    try:
        return path.read_text().strip()
    except FileNotFoundError:
        pass
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        partial = path.with_name(f"secret_key.{os.getpid()}")
        partial.touch(mode=0o600)
        partial.write_text(secrets.token_urlsafe(50))
        with suppress(FileExistsError):  # the first of several processes wins
            os.link(partial, path)
        partial.unlink()
        return path.read_text().strip()
    except OSError:  # a read-only place, where only `analyze` and the like can run: nothing outlives the process
        return secrets.token_urlsafe(50)


SECRET_KEY = _secret_key()
# No "*", on loopback neither: a stranger's page whose name is made to point here (DNS rebinding) must get no answer.
ALLOWED_HOSTS = env.list(
    "DOCINTEL_ALLOWED_HOSTS",
    default=[f"[{BASE_HOST}]" if ":" in BASE_HOST else BASE_HOST, "localhost", "127.0.0.1", "[::1]"],
)
CSRF_TRUSTED_ORIGINS = [BASE_URL]

# --- applications ---------------------------------------------------------------------------------------------------
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.contrib.postgres",
    "apps.accounts.admin_apps.AdminSiteConfig",
    "rest_framework",
    "drf_spectacular",
    "django_filters",
    "django_htmx",
    "template_partials",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.usersessions",
    *env.list("DOCINTEL_SOCIAL_PROVIDERS", default=[]),
    "apps.core",
    "apps.accounts",
    "apps.documents",
    "apps.extraction",
    "apps.classification",
    "apps.search",
    "apps.review",
    "apps.pipeline",
    "apps.insights",
    "apps.api",
    "apps.web",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "apps.accounts.sessions.SessionsSeen",
    "django_htmx.middleware.HtmxMiddleware",
]
ROOT_URLCONF = "docintel.urls"
WSGI_APPLICATION = "docintel.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "apps.web.context.workspace",
            ],
        },
    },
]

# --- database, broker, cache ----------------------------------------------------------------------------------------
DATABASES: dict[str, dict[str, Any]]
if EMBEDDED_DATABASE:
    DATABASES = {
        "default": {
            "ENGINE": "apps.core.postgres",
            "NAME": "docintel",
            "USER": "docintel",
            "HOST": str(PLACES.sockets),
            "PORT": "5432",
            "OPTIONS": {"prepare_threshold": 5},  # not by itself elsewhere: some poolers cannot keep statements
        }
    }
else:
    DATABASES = {"default": {**env.db_url("DATABASE_URL"), "ENGINE": "apps.core.postgres"}}
DATABASES["default"] |= {"CONN_MAX_AGE": 300, "CONN_HEALTH_CHECKS": True, "ATOMIC_REQUESTS": False}
# Parameters travel beside the statement, so that the server need not read and plan a frequent one each time.
DATABASES["default"]["OPTIONS"] = {
    "application_name": "docintel",
    "server_side_binding": True,
    **DATABASES["default"].get("OPTIONS", {}),
}
REDIS_URL = env.str("REDIS_URL", default="") or f"unix://{PLACES.valkey_socket}"
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": "docintel",
        "TIMEOUT": 300,
        "OPTIONS": {"pool_class": "apps.core.broker.LocatedPool"},
    }
}
SESSION_ENGINE = "django.contrib.sessions.backends.cached_db"

# --- Celery ---------------------------------------------------------------------------------------------------------
CELERY_BROKER_URL = REDIS_URL.replace("unix://", "redis+socket://", 1).replace("?db=", "?virtual_host=")
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = False  # the row is the job, the message only a doorbell: it may be lost without harm
CELERY_TASK_DEFAULT_QUEUE = "reading"
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_DB_REUSE_MAX = 1_000  # tasks are short and many: opening a connection for each would cost more than most of them
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_WORKER_SEND_TASK_EVENTS = False
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {"visibility_timeout": 3600, "socket_keepalive": True}
CELERY_TIMEZONE = "UTC"
CELERY_BEAT_SCHEDULE = {"tidy": {"task": "pipeline.tidy", "schedule": 3600, "options": {"queue": "reading"}}}

# --- storage and static files ---------------------------------------------------------------------------------------
STORAGES = {
    "default": {
        "BACKEND": env.str("DOCINTEL_STORAGE", default="django.core.files.storage.FileSystemStorage"),
        "OPTIONS": env.json("DOCINTEL_STORAGE_OPTIONS", default={"location": str(DATA_DIR / "blobs")}),
    },
    "staticfiles": {"BACKEND": "apps.web.storage.HashedStaticStorage"},
}
STATIC_URL = "static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
WHITENOISE_USE_FINDERS = DEBUG
FILE_UPLOAD_TEMP_DIR = None
DATA_UPLOAD_MAX_NUMBER_FILES = 500
FORM_RENDERER = "django.forms.renderers.DjangoTemplates"

# --- accounts -------------------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = env.str("DOCINTEL_EMAIL_VERIFICATION", default="optional")
ACCOUNT_ADAPTER = "apps.accounts.adapters.AccountAdapter"
ACCOUNT_SIGNUP_FORM_CLASS = "apps.accounts.forms.SignupForm"
SOCIALACCOUNT_AUTO_SIGNUP = False  # new people pass our own form, which knows who may sign up
SOCIALACCOUNT_PROVIDERS = env.json("DOCINTEL_SOCIAL_PROVIDER_OPTIONS", default={})
USERSESSIONS_TRACK_ACTIVITY = True  # the page tells when a session was last used; SessionsSeen notes it
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("DOCINTEL_PROXY_COUNT", default=0)
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_ALLOW_UNVERIFIED_EMAIL = True  # where verification is optional, a second factor must not need it
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = ON_LOOPBACK
SIGNUP = env.str("DOCINTEL_SIGNUP", default="open" if ON_LOOPBACK else "invitation")
EMAIL_FILE_PATH = str(DATA_DIR / "mail")
vars().update(env.email_url("EMAIL_URL", default="filemail://"))
EMAIL_BACKEND = vars()["EMAIL_BACKEND"]
if EMAIL_BACKEND.endswith("filebased.EmailBackend"):
    EMAIL_FILE_PATH = EMAIL_FILE_PATH or str(DATA_DIR / "mail")
EMAIL_TIMEOUT = 20  # seconds: a mail server that is silent must not hold a web thread for ever
DEFAULT_FROM_EMAIL = env.str("DOCINTEL_FROM_EMAIL", default="docintel@localhost")

# --- security -------------------------------------------------------------------------------------------------------
SECURE_HTTPS = BASE_URL.startswith("https://")
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_HTTPS
CSRF_FAILURE_VIEW = "apps.web.errors.csrf_failure"
SESSION_COOKIE_NAME = f"docintel_session_{PORT}"  # several installations on one host keep their logins apart
CSRF_COOKIE_NAME = f"docintel_csrf_{PORT}"
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if SECURE_HTTPS else None
SECURE_HSTS_SECONDS = 31_536_000 if SECURE_HTTPS else 0
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "manifest-src": [SELF],
    },
}

# --- language and time ----------------------------------------------------------------------------------------------
LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English")]
TIME_ZONE = "UTC"
USE_TZ = True


# --- limits and processes -------------------------------------------------------------------------------------------
def _device() -> str:
    """Give what models compute on; a name that means nothing ends every process before it does anything."""
    asked: str = env.str("DOCINTEL_DEVICE", default="") or "auto"
    if not re.fullmatch(r"auto|cpu|cuda(:\d+)?", asked):
        raise ImproperlyConfigured(f"DOCINTEL_DEVICE is {asked!r}: it has to be auto, cpu, cuda or cuda:NUMBER")
    return asked


WORKERS = env.int("DOCINTEL_WORKERS", default=os.cpu_count() or 1)
SAMPLE_DATA = env.bool("DOCINTEL_SAMPLE_DATA", default=EMBEDDED_DATABASE)
MAX_UPLOAD_MB = env.int("DOCINTEL_MAX_UPLOAD_MB", default=200)
MAX_PAGES = env.int("DOCINTEL_MAX_PAGES", default=20_000)
PARTS_DEPTH = env.int("DOCINTEL_PARTS_DEPTH", default=3)
PARTS_COUNT = env.int("DOCINTEL_PARTS_COUNT", default=500)
PARTS_MB = env.int("DOCINTEL_PARTS_MB", default=512)
PARTS_IN_ALL = env.int("DOCINTEL_PARTS_IN_ALL", default=5_000)
CHILD_MEMORY_MB = env.int("DOCINTEL_CHILD_MEMORY_MB", default=1_024)
FILE_TIMEOUT_S = env.int("DOCINTEL_FILE_TIMEOUT", default=120)
OCR_LANGUAGES = env.list("DOCINTEL_OCR_LANGUAGES", default=["eng", "deu", "fra"])
OCR_ACCURATE = env.bool("DOCINTEL_OCR_ACCURATE", default=True)
TESSDATA = env.str("DOCINTEL_TESSDATA", default="")
LEASE_S = env.int("DOCINTEL_LEASE_SECONDS", default=30)
SWEEP_S = env.float("DOCINTEL_SWEEP_SECONDS", default=2.0)
ENCODER = env.str("DOCINTEL_ENCODER", default="all-MiniLM-L6-v2")
ENTITIES_MODEL = env.str("DOCINTEL_ENTITIES_MODEL", default="")
TYPE_MODEL = env.str("DOCINTEL_TYPE_MODEL", default="")
DEVICE = _device()
TRASH_DAYS = env.int("DOCINTEL_TRASH_DAYS", default=30)
METRICS_TOKEN = env.str("DOCINTEL_METRICS_TOKEN", default="")

# --- REST API -------------------------------------------------------------------------------------------------------
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "apps.api.authentication.TokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["apps.api.permissions.HasScope"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PAGINATION_CLASS": "apps.api.pagination.CursorPagination",
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_THROTTLE_CLASSES": ["apps.api.throttling.TokenThrottle"],
    "DEFAULT_THROTTLE_RATES": {"token": env.str("DOCINTEL_API_RATE", default="100/s")},
    "EXCEPTION_HANDLER": "apps.api.errors.handle",
    "DEFAULT_VERSIONING_CLASS": None,
    "PAGE_SIZE": 50,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "docintel",
    "VERSION": "1",
    "OAS_VERSION": "3.1.1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "ENUM_GENERATE_CHOICE_DESCRIPTION": False,
    "POSTPROCESSING_HOOKS": ["apps.api.schema.complete"],
}

# --- logging --------------------------------------------------------------------------------------------------------
LOG_LEVEL = env.str("DOCINTEL_LOG_LEVEL", default="INFO")
LOGGING_CONFIG = "apps.core.logs.configure"
LOGGING = {"level": LOG_LEVEL}
