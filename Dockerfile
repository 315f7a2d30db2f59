# The product as an image for a hospital's server; docker-compose.yml says how its parts run together. Not built yet: see docs/how-to/server.md.
FROM python:3.13-slim

# No root, and nothing that this user could change but /backups.
RUN useradd --system --uid 10001 --home-dir /nonexistent --shell /usr/sbin/nologin calcinosis \
 && install -d -o calcinosis -g calcinosis -m 0700 /backups

WORKDIR /product
ENV PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    PATH=/product/.venv/bin:$PATH \
    DJANGO_SETTINGS_MODULE=calcinosis_app.settings

# The packages first: they change seldom. The same code installs them as on any machine, each against its hash.
COPY manage.py requirements.txt requirements-dev.txt ./
RUN python -c "import manage; manage.install('product')"

COPY pyproject.toml ./
COPY clinical_rules clinical_rules
COPY calcinosis_app calcinosis_app
COPY templates templates
COPY static static

USER calcinosis
EXPOSE 8000
CMD ["gunicorn", "calcinosis_app.wsgi", "--bind=0.0.0.0:8000", "--threads=8", "--worker-class=gthread", "--no-control-socket"]
