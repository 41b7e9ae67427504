"""All settings. Every choice a deployment makes is an environment variable; `.env.example` explains each.

The defaults are those of a production site: DEBUG off, HTTPS on, no secret key. `make run` writes
a `.env` for one machine with the few values that differ there.
"""

from pathlib import Path

import environ
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

BASE_DIR = Path(__file__).resolve().parent.parent

env = environ.Env()
# What is in the environment already wins. ENV_FILE names another file, or none if it is empty.
if env_file := env.str("ENV_FILE", default=str(BASE_DIR / ".env")):
    environ.Env.read_env(env_file)

# Where everything lives that is made at run time and never committed.
DATA_DIR = Path(env.str("DATA_DIR", default=str(BASE_DIR / "var")))
DATA_DIR.mkdir(parents=True, exist_ok=True)

# --- Security -------------------------------------------------------------------------------

DEBUG = env.bool("DEBUG", default=False)
# Off only where nobody but this machine can reach the site.
HTTPS = env.bool("HTTPS", default=True)

SECRET_KEY = env.str("SECRET_KEY", default="")
if not SECRET_KEY:
    raise ImproperlyConfigured(
        "SECRET_KEY is not set. `make run` writes one into .env; on a server, set it in the environment "
        "to a long random string (see .env.example)."
    )

# Keys that were used before: what they signed stays valid until they are taken out.
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])

ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["127.0.0.1", "localhost"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])

SECURE_SSL_REDIRECT = HTTPS
SESSION_COOKIE_SECURE = HTTPS
CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = True
CSRF_COOKIE_HTTPONLY = False  # the desk's scripts read the token from the cookie
SECURE_HSTS_SECONDS = env.int("HSTS_SECONDS", default=31_536_000) if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS and env.bool("HSTS_SUBDOMAINS", default=True)
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
BEHIND_PROXY = env.bool("BEHIND_PROXY", default=False)
# How many proxies there are in front; the API's limits tell clients apart by it.
NUM_PROXIES = env.int("NUM_PROXIES", default=int(BEHIND_PROXY))
if BEHIND_PROXY:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],  # Django admin's icons are data: images in its style sheets
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "object-src": [NONE],
    }
}

# --- Applications ---------------------------------------------------------------------------

INSTALLED_APPS = [
    "newsroom.apps.NewsroomConfig",
    "newsroom.apps.NewsroomAdminConfig",
    "articles.apps.ArticlesConfig",
    "sources.apps.SourcesConfig",
    "record.apps.RecordConfig",
    "django_filters",
    "django_htmx",
    "csp",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "django_prose_editor",  # for its file of scripts alone
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.humanize",
    "django.contrib.sitemaps",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.forms",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "newsroom.middleware.PublicGZipMiddleware",
    "django.middleware.http.ConditionalGetMiddleware",
    "newsroom.middleware.PublicPageMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "newsroom.time_zones.time_zone_middleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]

ROOT_URLCONF = "newsroom.urls"
WSGI_APPLICATION = "newsroom.wsgi.application"

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
                "newsroom.context_processors.site",
            ],
        },
    },
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

# --- Database -------------------------------------------------------------------------------

DATABASES = {"default": env.db("DATABASE_URL", default=f"sqlite:///{DATA_DIR / 'db.sqlite3'}")}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["OPTIONS"] = {
        # Take the write lock when a transaction opens, so that two writers wait for one another
        # instead of one failing half-way through (https://sqlite.org/lang_transaction.html).
        "transaction_mode": "IMMEDIATE",
        "timeout": 30,  # seconds to wait for that lock: the busy timeout
        "init_command": (
            "PRAGMA journal_mode = WAL;"
            "PRAGMA synchronous = NORMAL;"  # safe against a crash of the process under WAL
            "PRAGMA mmap_size = 268435456;"
            "PRAGMA cache_size = -32000;"  # KiB
            "PRAGMA temp_store = MEMORY;"
        ),
    }
    # Django itself turns foreign keys on for every SQLite connection.
    # A file for tests too: in memory all threads share one connection's locks, and a browser's second request at a
    # time fails where in production it waits.
    DATABASES["default"]["TEST"] = {"NAME": str(DATA_DIR / "test.sqlite3")}
# A connection serves the next request of its thread too: opening SQLite with its PRAGMAs takes 4 ms. Import workers
# are spawned and open their own.
DATABASES["default"]["CONN_MAX_AGE"] = env.int("CONN_MAX_AGE", default=60)
DATABASES["default"]["CONN_HEALTH_CHECKS"] = True

DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

CACHES = {"default": env.cache("CACHE_URL", default="locmemcache://")}
#: For how long a story's page, once made, may be used again while nothing on record has changed it. 0, or with DEBUG: never.
STORY_SECONDS = env.int("STORY_SECONDS", default=60)
#: A cache in front of the site that is to forget what changed, and the name it knows the site by (newsroom.cache_purge).
PURGE_URL = env.str("PURGE_URL", default="")
PURGE_HOST = env.str("PURGE_HOST", default="")  # empty: the first of ALLOWED_HOSTS that is a name

# --- People ---------------------------------------------------------------------------------

AUTH_USER_MODEL = "newsroom.User"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
LOGIN_URL = "admin:login"

# --- Language and time ----------------------------------------------------------------------

# One language for the site: the reader's browser does not change the months' names under an article,
# and a cache needs to keep one copy of a page.
LANGUAGE_CODE = env.str("LANGUAGE_CODE", default="en-gb")
TIME_ZONE = env.str("TIME_ZONE", default="UTC")
USE_I18N = True
LOCALE_PATHS = [BASE_DIR / "newsroom" / "locale"]  # `make messages` collects the words to translate there
USE_TZ = True

# --- Files ----------------------------------------------------------------------------------

STATIC_URL = "static/"
STATIC_ROOT = DATA_DIR / "static"
MEDIA_URL = "media/"
MEDIA_ROOT = Path(env.str("MEDIA_ROOT", default=str(DATA_DIR / "media")))
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": (
            "django.contrib.staticfiles.storage.StaticFilesStorage"
            if DEBUG
            else "whitenoise.storage.CompressedManifestStaticFilesStorage"
        )
    },
}

# An article may have 5 MB of text; that, and the form around it, must come in from the editor's browser.
DATA_UPLOAD_MAX_MEMORY_SIZE = 12_000_000  # bytes, uploaded files not counted
# A long story's form: 200 claims with their hops, anchors and quantities have about 40 fields each.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000

# --- The newspaper itself -------------------------------------------------------------------

SITE_NAME = env.str("SITE_NAME", default="On the Record")
# Font files (TrueType or OpenType) for share pictures in scripts that the project's own font lacks.
SHARE_FONTS = env.list("SHARE_FONTS", default=[])

# --- The API --------------------------------------------------------------------------------

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["articles.api.authentication.ApiKeyAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.AllowAny"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["articles.api.parsers.BoundedJSONParser"],
    "DEFAULT_FILTER_BACKENDS": ["articles.api.filters.FilterBackend"],
    "DEFAULT_PAGINATION_CLASS": "articles.api.pagination.KeysetPagination",
    "DEFAULT_THROTTLE_CLASSES": [
        "rest_framework.throttling.AnonRateThrottle",
        "rest_framework.throttling.UserRateThrottle",
    ],
    "DEFAULT_THROTTLE_RATES": {
        "anon": env.str("API_RATE", default="120/min"),
        "user": env.str("API_RATE_WITH_KEY", default="600/min"),
    },
    # Clients are told apart by the address that the last of these proxies saw. X-Forwarded-For has it; what a client
    # itself wrote there does not count.
    "NUM_PROXIES": NUM_PROXIES,
    "DEFAULT_SCHEMA_CLASS": "articles.api.schema.Schema",
    "EXCEPTION_HANDLER": "articles.api.responses.problem",
}
SPECTACULAR_SETTINGS = {
    "TITLE": SITE_NAME,
    "DESCRIPTION": "Who said what: articles, claims, sources and ledgers. Reading is public; writing needs a key.",
    "VERSION": "1",
    "SERVERS": [{"url": "/"}],
    "SCHEMA_PATH_PREFIX": "/api",
    "SERVE_PUBLIC": True,
    "SERVE_INCLUDE_SCHEMA": False,
    "COMPONENT_SPLIT_REQUEST": True,
    "ENUM_GENERATE_CHOICE_DESCRIPTION": False,
    "ENUM_NAME_OVERRIDES": {
        "ReviewEnum": "articles.api.serializers.REVIEWS",
        "SourceKindEnum": "articles.api.serializers.SOURCE_KINDS",
        "HopKindEnum": "articles.api.serializers.HOP_KINDS",
        "CorrectionKindEnum": "articles.api.serializers.CORRECTION_KINDS",
    },
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
}

# --- Logging --------------------------------------------------------------------------------

LOG_LEVEL = env.str("LOG_LEVEL", default="WARNING")
LOGGERS = ("articles.importing", "articles.extraction", "articles.publishing", "articles.api")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["console"], "level": LOG_LEVEL},
    "loggers": {name: {"level": LOG_LEVEL} for name in LOGGERS},
}
