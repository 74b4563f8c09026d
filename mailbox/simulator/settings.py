"""Django settings of the simulator. They are filled by `python -m mailbox.simulator` through SIMULATOR_* variables."""

import os
import secrets
from pathlib import Path

DATA_DIR = Path(os.environ.get("SIMULATOR_DATA", ".data/simulator")).resolve()
REPOSITORY = Path(__file__).resolve().parents[2]
STATIC_DIR = REPOSITORY / "static"

# Which applications may ask for consent: id, secret, and where people may be sent back to.
REDIRECT_URIS = os.environ.get("SIMULATOR_REDIRECT_URIS", "").split()
CLIENTS = {
    "google": (
        os.environ.get("SIMULATOR_GOOGLE_CLIENT", "simulated-google-client"),
        os.environ.get("SIMULATOR_GOOGLE_SECRET", "simulated-google-secret"),
    ),
    "microsoft": (
        os.environ.get("SIMULATOR_MICROSOFT_CLIENT", "simulated-microsoft-client"),
        os.environ.get("SIMULATOR_MICROSOFT_SECRET", "simulated-microsoft-secret"),
    ),
}
DESK_URL = os.environ.get("SIMULATOR_DESK_URL", "")  # where "To the desk" leads; empty hides the button

SECRET_KEY = secrets.token_urlsafe(32)  # nothing that outlives the process is signed
DEBUG = False
ALLOWED_HOSTS = ["127.0.0.1", "localhost", "[::1]"]
ROOT_URLCONF = "mailbox.simulator.urls"
INSTALLED_APPS = ["mailbox.simulator"]
MIDDLEWARE = [
    "mailbox.simulator.middleware.LoopbackOnly",
    "mailbox.simulator.middleware.ContentSecurity",
    "mailbox.simulator.middleware.ProviderCalls",
]
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": DATA_DIR / "simulator.sqlite3",
        "OPTIONS": {
            "timeout": 30,
            "transaction_mode": "IMMEDIATE",
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
        },
    }
}
TEMPLATES = [{"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True}]
APPEND_SLASH = False
USE_TZ = True
TIME_ZONE = os.environ.get("SIMULATOR_TIME_ZONE", "Europe/Stockholm")
USE_I18N = False
X_FRAME_OPTIONS = "SAMEORIGIN"
DATA_UPLOAD_MAX_MEMORY_SIZE = None
DATA_UPLOAD_MAX_NUMBER_FIELDS = None
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [],
    "DEFAULT_PERMISSION_CLASSES": [],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "UNAUTHENTICATED_USER": None,
}
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"stderr": {"class": "logging.StreamHandler"}},
    "loggers": {"django.request": {"handlers": ["stderr"], "level": "ERROR", "propagate": False}},
}
