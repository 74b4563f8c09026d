"""Every setting of Deskhero. This is the one file that reads the environment; .env.example lists the names."""

import tomllib
from pathlib import Path

import dj_database_url
from csp.constants import NONCE, NONE, SELF

from deskhero.environment import data_dir, env, env_bool, env_int, env_list, env_secret
from deskhero.production import refuse_unsafe
from deskhero.schedule import beat_schedule

BASE_DIR = Path(__file__).resolve().parent.parent
VERSION = tomllib.loads((BASE_DIR / "pyproject.toml").read_text())["project"]["version"]  # backups name it
ENVIRONMENT = env("DESKHERO_ENV", "development")
PRODUCTION = ENVIRONMENT == "production"
TEST_CLOCK = env_bool("DESKHERO_TEST_CLOCK")  # lets run_retention --now look ahead; production refuses it
DEBUG = env_bool("DESKHERO_DEBUG", False)

# Where Deskhero keeps what is not in a database: sealed files, and on a laptop the embedded services.
DATA_DIR = data_dir()

# Backups, and the erasure ledger outside every database, in two places (docs/operations.md).
BACKUPS = env("DESKHERO_BACKUPS", str(DATA_DIR / "backups"))  # a folder, or s3://bucket/prefix?endpoint=https://...
# The names by which the library of the bucket knows them (django-storages); empty: the machine's own role.
AWS_ACCESS_KEY_ID = env_secret("AWS_ACCESS_KEY_ID") or None
AWS_SECRET_ACCESS_KEY = env_secret("AWS_SECRET_ACCESS_KEY") or None
LEDGER = Path(env("DESKHERO_LEDGER", str(DATA_DIR / "ledger")))
LEDGER_COPY = Path(env("DESKHERO_LEDGER_COPY", str(DATA_DIR / "ledger-copy")))

# --- Secrets ---------------------------------------------------------------------------------------------------------
DEFAULT_SECRET_KEY = "development-only-not-a-secret"  # noqa: S105 - production refuses it
SECRET_KEY = env_secret("DESKHERO_SECRET_KEY", DEFAULT_SECRET_KEY)
ROOT_KEY = env_secret("DESKHERO_ROOT_KEY")  # 32 bytes in base64; unset on a laptop: DATA_DIR/root.key is made
ROOT_KEY_PREVIOUS = env_secret("DESKHERO_ROOT_KEY_PREVIOUS")  # during a rotation: what rotate_keys re-wraps from
KEY_CACHE_SECONDS = 60  # how long a process may use a key after it was destroyed

# --- Addresses -------------------------------------------------------------------------------------------------------
URL = env("DESKHERO_URL", "http://127.0.0.1:8000").rstrip("/")  # as people and providers reach it
ALLOWED_HOSTS = env_list("DESKHERO_HOSTS", "127.0.0.1,localhost,[::1]")
CSRF_TRUSTED_ORIGINS = [URL]
ROOT_URLCONF = "deskhero.urls"
ASGI_APPLICATION = "deskhero.asgi.application"

# --- Databases -------------------------------------------------------------------------------------------------------
# One Postgres for the data, one database of its own for the wrapped keys, so that each has its own backups.
DATABASE_URL = env_secret("DATABASE_URL", "postgres://deskhero@127.0.0.1:5432/deskhero")
VAULT_URL = env_secret("VAULT_URL", "postgres://deskhero@127.0.0.1:5432/deskhero_vault")
POOL = {"min_size": 1, "max_size": env_int("DATABASE_POOL_SIZE", 8), "timeout": 10}


def _database(url: str, pooled: bool) -> dict:
    database = dj_database_url.parse(url, conn_max_age=0 if pooled else 600, conn_health_checks=not pooled)
    options = database.setdefault("OPTIONS", {})
    options["prepare_threshold"] = 5  # lets accounts.prepared keep plans; the ORM's own cursors never do
    if pooled:
        options["pool"] = POOL
    return dict(database)


# Web threads share a pool; a worker process keeps its one connection.
DATABASE_POOL = env_bool("DATABASE_POOL", False)
DATABASES = {"default": _database(DATABASE_URL, DATABASE_POOL), "vault": _database(VAULT_URL, DATABASE_POOL)}
DATABASE_ROUTERS = ["accounts.vault.router.VaultRouter"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- Redis and Celery ------------------------------------------------------------------------------------------------
REDIS_URL = env_secret("REDIS_URL", "redis://127.0.0.1:6379/0")
CACHES = {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL}}
CELERY_BROKER_URL = REDIS_URL
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {"visibility_timeout": 900}
CELERY_TASK_DEFAULT_QUEUE = "housekeeping"
CELERY_TASK_ROUTES = {
    "mailbox.tasks.sync_mailbox": {"queue": "sync"},
    "mailbox.tasks.deliver": {"queue": "send"},
    "tickets.tasks.file_mail": {"queue": "file"},
    "tickets.file_tasks.check_files": {"queue": "file"},
    "tickets.tasks.acknowledge_mail": {"queue": "file"},
    "tickets.tasks.send_later": {"queue": "send"},
}
MAILBOX_POLL_SECONDS = env_int("MAILBOX_POLL_SECONDS", 30)
UNDO_SEND_SECONDS = env_int("UNDO_SEND_SECONDS", 10)  # an answer waits so long in the outbox and can be taken back
CELERY_BEAT_SCHEDULE = beat_schedule(MAILBOX_POLL_SECONDS)

# --- Mail providers: the defaults are the real ones ------------------------------------------------------------------
GOOGLE_CLIENT_ID = env("GOOGLE_CLIENT_ID")
GOOGLE_CLIENT_SECRET = env_secret("GOOGLE_CLIENT_SECRET")
GOOGLE_AUTH_URI = env("GOOGLE_AUTH_URI", "https://accounts.google.com/o/oauth2/v2/auth")
GOOGLE_TOKEN_URI = env("GOOGLE_TOKEN_URI", "https://oauth2.googleapis.com/token")
GOOGLE_REVOKE_URI = env("GOOGLE_REVOKE_URI", "https://oauth2.googleapis.com/revoke")
GMAIL_API_ROOT = env("GMAIL_API_ROOT", "https://gmail.googleapis.com")
MICROSOFT_CLIENT_ID = env("MICROSOFT_CLIENT_ID")
MICROSOFT_CLIENT_SECRET = env_secret("MICROSOFT_CLIENT_SECRET")
MICROSOFT_AUTHORITY = env("MICROSOFT_AUTHORITY", "https://login.microsoftonline.com/common")
GRAPH_API_ROOT = env("GRAPH_API_ROOT", "https://graph.microsoft.com/v1.0")
PROVIDER_CA_BUNDLE = env("PROVIDER_CA_BUNDLE")  # a file of certificates, where the system's store is not enough

# --- Service mail: invitations, resets, notices ----------------------------------------------------------------------
EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
EMAIL_HOST = env("EMAIL_HOST", "127.0.0.1")
EMAIL_PORT = env_int("EMAIL_PORT", 25)
EMAIL_HOST_USER = env("EMAIL_USER")
EMAIL_HOST_PASSWORD = env_secret("EMAIL_PASSWORD")
EMAIL_USE_TLS = env_bool("EMAIL_TLS", PRODUCTION)
EMAIL_TIMEOUT = 15
# Who answers for data protection at the operator: stands in letters and on pages (docs/promises, 14).
DPO_NAME, DPO_EMAIL, DPO_PHONE = env("DPO_NAME"), env("DPO_EMAIL"), env("DPO_PHONE")
# The organization through which the operator itself is reached: mail to its privacy address is the operator's case.
OPERATOR_ORGANIZATION = env("OPERATOR_ORGANIZATION")
DEFAULT_FROM_EMAIL = env("EMAIL_FROM", "Deskhero <no-reply@deskhero.example>")

# --- Applications ----------------------------------------------------------------------------------------------------
INSTALLED_APPS = [
    "privacy",
    "tickets",
    "mailbox",
    "accounts",
    "accounts.vault",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "deskhero.apps.DeskheroAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.contrib.postgres",
    "django_htmx",
    "django_prose_editor",
    "template_partials",
    "csp",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "deskhero.compression.CompressionMiddleware",  # with random bytes against BREACH; streams say they are identity
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "accounts.browser.BrowserPrivacyMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "accounts.middleware.PersonMiddleware",
    "accounts.middleware.OrganizationMiddleware",
]
FINDERS = ["django.template.loaders.filesystem.Loader", "django.template.loaders.app_directories.Loader"]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {
            "loaders": [("template_partials.loader.Loader", [("deskhero.flattening.loader.Loader", FINDERS)])],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
            ],
        },
    }
]

FORM_RENDERER = "accounts.form_renderer.QuickRenderer"

# --- People and sign-in ----------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["accounts.backends.PersonBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_ADAPTER = "accounts.adapters.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_FORMS = {"signup": "accounts.forms.SignupForm"}
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_RESEND = True
ACCOUNT_EMAIL_NOTIFICATIONS = True  # a changed password, address or second step is told by mail
ACCOUNT_MAX_EMAIL_ADDRESSES = 2  # the one in use, and the one to change to
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False  # this session goes on; all others end (accounts.receivers)
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_SESSION_REMEMBER = None
ACCOUNT_RATE_LIMITS = {"privacy_request": "10/h/ip,3/d/key"}  # of the public page; besides the library's own
MFA_ADAPTER = "accounts.adapters.MFAAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "Deskhero"
USERSESSIONS_TRACK_ACTIVITY = False
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if env_bool("DESKHERO_BEHIND_PROXY") else 0  # else X-Forwarded-For is not believed

# --- Language and time -----------------------------------------------------------------------------------------------
LANGUAGE_CODE = "en"
FORMAT_MODULE_PATH = "deskhero.formats"
LANGUAGES = [("en", "English"), ("nl", "Nederlands"), ("sv", "Svenska"), ("de", "Deutsch")]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Europe/Stockholm"

# --- Files -----------------------------------------------------------------------------------------------------------
STATIC_URL = "static/"
STATIC_ROOT = Path(env("DESKHERO_STATIC", str(DATA_DIR / "static")))
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": DATA_DIR / "files"}},
    "staticfiles": {"BACKEND": "deskhero.static_files.HashedStorage"},
    "backups": (
        {"BACKEND": "privacy.backups.bucket.BucketStorage", "OPTIONS": {"address": BACKUPS}}
        if BACKUPS.startswith("s3://")
        else {"BACKEND": "privacy.backups.folder.FolderStorage", "OPTIONS": {"location": BACKUPS}}
    ),
}
WHITENOISE_USE_FINDERS = not PRODUCTION
# What is compressed already, and the map of the editor's source, which no page asks for.
WHITENOISE_SKIP_COMPRESS_EXTENSIONS = ("jpg", "jpeg", "png", "gif", "webp", "zip", "gz", "br", "woff", "woff2", "map")
FILE_UPLOAD_HANDLERS = ["accounts.uploads.SealedUploadHandler"]  # no upload is ever plain on a disk
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
MAX_ATTACHMENT_BYTES = 25 * 1024 * 1024
MAX_REQUEST_BYTES = MAX_ATTACHMENT_BYTES + DATA_UPLOAD_MAX_MEMORY_SIZE  # deskhero.asgi refuses more
FILE_UPLOAD_MAX_MEMORY_SIZE = MAX_REQUEST_BYTES  # Django writes a larger body to a temporary file, plain

# --- Virus scanner: ClamAV's clamd (accounts.clamd) ------------------------------------------------------------------
CLAMD_URL = env("CLAMD_URL")  # unix:///run/clamav/clamd.sock, or tcp://127.0.0.1:3310; without it nothing is looked at
CLAMD_REQUIRED = env_bool("CLAMD_REQUIRED")  # uploads are refused while it does not answer; else taken, and said

# --- Browser security ------------------------------------------------------------------------------------------------
SECURE_SSL_REDIRECT = PRODUCTION and URL.startswith("https://")
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if env_bool("DESKHERO_BEHIND_PROXY") else None
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if PRODUCTION else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = PRODUCTION
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SESSION_ENGINE = "accounts.sessions"  # in the database, sealed
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = URL.startswith("https://")
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "deskhero_session", "deskhero_csrf"
X_FRAME_OPTIONS = "DENY"  # the frame of a mail says otherwise for itself (tickets.views.body)
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],
        "style-src": [SELF, NONCE],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "frame-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "manifest-src": [SELF],
    }
}

# --- The access log --------------------------------------------------------------------------------------------------
ACCESS_LOG_DAYS = env_int("ACCESS_LOG_DAYS", 400)  # how long a line is kept
ACCESS_ANCHOR_DIR = Path(env("ACCESS_ANCHOR_DIR", str(DATA_DIR / "anchors")))  # heads of the chains; another disk
ACCESS_ANCHOR_MAIL = env_bool("ACCESS_ANCHOR_MAIL", False)  # mail them to the owners each day, too
ACCESS_ALERT_TICKETS = env_int("ACCESS_ALERT_TICKETS", 200)  # opened by one person within an hour
ACCESS_ODD_HOURS = (env_int("ACCESS_ODD_FROM", 23), env_int("ACCESS_ODD_TO", 5))  # by the organization's clock

# --- Logs: ids, never names, addresses or bodies ---------------------------------------------------------------------
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {"()": "deskhero.logs.ScrubbingFormatter", "format": "%(asctime)s %(levelname)s %(name)s %(message)s"}
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": env("DESKHERO_LOG_LEVEL", "INFO")},
    "loggers": {
        "httpx": {"level": "WARNING"},
        "googleapiclient": {"level": "ERROR"},
        "celery.worker.strategy": {"level": "WARNING"},
        "celery.app.trace": {"level": "WARNING"},  # a line for each task that went well helps nobody
        "celery.beat": {"level": "WARNING"},
        "uvicorn.access": {"level": "WARNING"},
    },
}

refuse_unsafe(globals())
