"""Settings of the product. Each can be set from the environment; `.env.example` says what it means.

Nothing is guessed: outside demo mode a missing secret key stops the start, with the line that mends it.
"""

from pathlib import Path

import pghistory
from celery.schedules import schedule

from calcinosis_app.runtime import keys
from calcinosis_app.runtime.environment import boolean, database, email, one_of, required, text, whole_number, words

BASE_DIR = Path(__file__).resolve().parent.parent

# --- mode -----------------------------------------------------------------------------------------
DEMO = boolean("CALCINOSIS_DEMO", default=False)
DEBUG = False

SECRET_KEY = (
    text(keys.NAME, default=keys.OF_THE_DEMO)
    if DEMO
    else required(
        keys.NAME,
        remedy="set it to a long random text, or start a local server with `python3 manage.py up`",
    )
)
SECRET_KEY_FALLBACKS = words("CALCINOSIS_SECRET_KEY_FALLBACKS", default=[])
ALLOWED_HOSTS = words("CALCINOSIS_ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS = words("CALCINOSIS_TRUSTED_ORIGINS", default=[])

# --- apps, from the ground floor up ---------------------------------------------------------------
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "pgtrigger",
    "pghistory",
    "csp",
    "django_htmx",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "django.contrib.admin.apps.SimpleAdminConfig",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "calcinosis_app.core",
    "calcinosis_app.audit",
    "calcinosis_app.accounts",
    "calcinosis_app.rulebooks",
    "calcinosis_app.patients",
    "calcinosis_app.laboratory",
    "calcinosis_app.assessments",
    "calcinosis_app.followups",
    "calcinosis_app.watching",
    "calcinosis_app.desk",
    "calcinosis_app.api",
]

MIDDLEWARE = [
    "calcinosis_app.core.request_log.RequestLogMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "calcinosis_app.core.middleware.WholeCookiesMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "calcinosis_app.core.acting_middleware.ActingMiddleware",
    "calcinosis_app.accounts.middleware.ClinicTimeZoneMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "calcinosis_app.accounts.middleware.IdleMiddleware",
    "calcinosis_app.accounts.middleware.SecondFactorMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "calcinosis_app.rulebooks.memo.OneReleasePerRequestMiddleware",
    "calcinosis_app.core.middleware.NoStoreMiddleware",
    "calcinosis_app.core.middleware.VisibleTextMiddleware",
    "calcinosis_app.core.middleware.WholeTextMiddleware",
    "calcinosis_app.core.middleware.ConflictMiddleware",
]

ROOT_URLCONF = "calcinosis_app.urls"
WSGI_APPLICATION = "calcinosis_app.wsgi.application"

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
                "calcinosis_app.accounts.context.signed_in",
                "calcinosis_app.accounts.context.idle",
            ],
        },
    },
]

# --- data -----------------------------------------------------------------------------------------
# The application's role reads and writes rows and can do no more; `manage.py` hands the owner's address
# to the few commands that change the schema (runtime/roles.py says who may do what).
DATABASES = database("DATABASE_URL")
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
# The past is looked for by few columns, which core/past.py names: an index on every other one would only slow the writing down.
PGHISTORY_FOREIGN_KEY_FIELD = pghistory.ForeignKey(db_index=False)

# --- people ---------------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
LOGIN_URL = "/sign-in/"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/sign-in/"
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]

# Guessing is slowed down by address, and by name and address together: never by name alone, or anybody could lock
# anybody else out. The narrow limits stand first, so that one locked name does not use up its whole ward's share.
# The counts live in the database, where several web servers share them and a restart does not forget them.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "accounts_cacheentry",
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    },
}
ACCOUNT_ADAPTER = "calcinosis_app.accounts.adapters.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_RATE_LIMITS = {
    "login_failed": "5/5m/key,60/10m/ip",
    "reset_password": "3/h/key,30/h/ip",
}
# A passkey's secret is not guessed: this only keeps one address from filling the log, and a whole ward begins its day behind one.
MFA_RATE_LIMITS = {"webauthn_login": "120/m/ip"}
MFA_ADAPTER = "calcinosis_app.accounts.adapters.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_TOTP_TOLERANCE = 1
MFA_TOTP_ISSUER = "Calcinosis"
MFA_FORMS = {
    "add_webauthn": "calcinosis_app.accounts.forms.AddPasskeyForm",
    "authenticate_webauthn": "calcinosis_app.accounts.forms.UsePasskeyForm",
    "login_webauthn": "calcinosis_app.accounts.forms.SignInByPasskeyForm",
    "reauthenticate_webauthn": "calcinosis_app.accounts.forms.ConfirmByPasskeyForm",
}
# In the demo everybody knows the password, and nobody's telephone: there it is offered, not asked for.
SECOND_FACTOR_REQUIRED = not DEMO
IDLE_MINUTES = whole_number("CALCINOSIS_IDLE_MINUTES", default=30, least=5)
IDLE_WARNING_SECONDS = 120
# For how long a patient of another clinic can be read in an emergency.
EMERGENCY_HOURS = whole_number("CALCINOSIS_EMERGENCY_HOURS", default=4, least=1, most=24)

# --- mail: only what a person asked for about the own account -------------------------------------
EMAIL = email("CALCINOSIS_EMAIL_URL")
if EMAIL:
    EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    EMAIL_HOST, EMAIL_PORT, EMAIL_HOST_USER, EMAIL_HOST_PASSWORD, EMAIL_USE_TLS, EMAIL_USE_SSL = EMAIL
    EMAIL_TIMEOUT = 20
    DEFAULT_FROM_EMAIL = required("CALCINOSIS_EMAIL_FROM", remedy="set it to the address from which people get mail")
    ADDRESS = required("CALCINOSIS_ADDRESS", remedy="set it to the address under which people reach the server")
else:
    EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
    ADDRESS = text("CALCINOSIS_ADDRESS", default="http://localhost:8000")
RESET_BY_EMAIL = bool(EMAIL)

# --- what the browser is told ---------------------------------------------------------------------
SESSION_COOKIE_SECURE = not DEMO
CSRF_COOKIE_SECURE = not DEMO
SESSION_COOKIE_HTTPONLY = True
CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "calcinosis_app.core.views.form_expired"
SESSION_COOKIE_AGE = 12 * 60 * 60  # one working day
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
BEHIND_PROXY = boolean("CALCINOSIS_BEHIND_PROXY", default=False)
if BEHIND_PROXY:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    ALLAUTH_TRUSTED_PROXY_COUNT = 1
# Without a proxy nobody here speaks https, so there would be nowhere to send people to.
SECURE_SSL_REDIRECT = boolean("CALCINOSIS_SSL_REDIRECT", default=BEHIND_PROXY)
SECURE_REDIRECT_EXEMPT = [r"^healthz$"]  # asked from inside, over plain http
SECURE_HSTS_SECONDS = whole_number("CALCINOSIS_HSTS_SECONDS", default=0)
SECURE_HSTS_INCLUDE_SUBDOMAINS = boolean("CALCINOSIS_HSTS_SUBDOMAINS", default=False)
# Browsers' built-in lists take whole domains only; a clinic's server is one name in a hospital's.
SILENCED_SYSTEM_CHECKS = ["security.W021"]

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'"],
        "connect-src": ["'self'"],
        "object-src": ["'none'"],
        "base-uri": ["'none'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
    },
}

# Messages are shown as notices; these are the names of their tones.
# They may repeat what was typed about a patient, so they wait in the session, not in a cookie.
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
MESSAGE_TAGS = {10: "quiet", 20: "info", 25: "good", 30: "warning", 40: "danger"}

# --- static files ---------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
WHITENOISE_USE_FINDERS = True  # no collectstatic step before the first page

# --- language and time: stored in UTC, shown in the clinic's zone ---------------------------------
LANGUAGE_CODE = "en-gb"
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

# --- API ------------------------------------------------------------------------------------------
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "calcinosis_app.api.authentication.TokenAuthentication",
        "calcinosis_app.api.authentication.SignedInAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Calcinosis",
    "DESCRIPTION": "Decision support for calcinosis cutis. Not for emergencies.",
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",
    "SERVE_INCLUDE_SCHEMA": False,
    # The schemas are published as they stand: a hook that splits them would change what bodies are read by.
    "POSTPROCESSING_HOOKS": ["calcinosis_app.api.document.complete"],
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
}

# For each token, and for each person at the browser; nobody uses up another's share.
API_CALLS_PER_MINUTE = whole_number("CALCINOSIS_API_CALLS_PER_MINUTE", default=600, least=10)

# --- background work ------------------------------------------------------------------------------
# A task is acknowledged when it is done, and given out again when its worker died. Kombu looks for lost
# messages every interval x throttle seconds; the visibility timeout must exceed the longest task.
CELERY_BROKER_URL = text("BROKER_URL", default="")
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 300,
    "unacked_restore_interval": 5,
    "unacked_restore_throttle": 1,
}
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_TIME_LIMIT = 240
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TIMEZONE = "UTC"
# The worker or beat counts as gone after this long without a sign of life; 0 where they are watched from elsewhere.
SILENT_MINUTES = whole_number("CALCINOSIS_SILENT_MINUTES", default=5)
CELERY_BEAT_SCHEDULE = {
    "heartbeat": {
        "task": "calcinosis_app.core.tasks.heartbeat",
        "schedule": schedule(run_every=60),
        # Old ones tell nothing: a worker that was away does not wade through them.
        "options": {"expires": 120},
    },
    "once-only keys": {
        "task": "calcinosis_app.core.tasks.sweep_once_keys",
        "schedule": schedule(run_every=3600),
        "options": {"expires": 3600},
    },
    "follow-up sweep": {
        "task": "calcinosis_app.followups.tasks.sweep",
        "schedule": schedule(run_every=60),
    },
    "old dry runs": {
        "task": "calcinosis_app.laboratory.tasks.clear",
        "schedule": schedule(run_every=24 * 60 * 60),
    },
    "links to be mailed": {
        "task": "calcinosis_app.accounts.tasks.mail_links",
        "schedule": schedule(run_every=60),
    },
    "notices of emergency access": {
        "task": "calcinosis_app.accounts.tasks.mail_emergencies",
        "schedule": schedule(run_every=60),
    },
    "laboratory imports": {
        "task": "calcinosis_app.laboratory.tasks.work",
        "schedule": schedule(run_every=60),
    },
    "counts of rows": {
        "task": "calcinosis_app.watching.tasks.count",
        "schedule": schedule(run_every=600),
        "options": {"expires": 600},
    },
    "cases of the release": {
        "task": "calcinosis_app.watching.tasks.run",
        "schedule": schedule(run_every=60),
        "options": {"expires": 60},
    },
    "nightly check": {
        "task": "calcinosis_app.watching.tasks.check",
        "schedule": schedule(run_every=600),
        "options": {"expires": 600},
    },
}

# --- logs: what happened, never to whom -----------------------------------------------------------
# json: one line per request and per task, for a program that collects them. plain: for a person, and only what needs one.
LOGS = one_of("CALCINOSIS_LOGS", ("plain", "json"))
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "plain": {
            "()": "calcinosis_app.core.logs.WithoutRowValues",
            "format": "%(asctime)s %(levelname)s %(name)s: %(message)s",
        },
        "json": {"()": "calcinosis_app.core.logs.AsJson"},
    },
    "filters": {"no addresses": {"()": "calcinosis_app.core.logs.WithoutAddresses"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": LOGS, "filters": ["no addresses"]}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {
        "django": {"handlers": ["console"], "level": "WARNING", "propagate": False},
        "calcinosis_app": {"handlers": ["console"], "level": "INFO", "propagate": False},
        "calcinosis_app.work": {"level": "INFO" if LOGS == "json" else "WARNING"},
        "celery": {"handlers": ["console"], "level": "WARNING", "propagate": False},
    },
}
