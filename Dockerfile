# The production image: the locked dependencies and the product, nothing that builds, tests or simulates.
FROM python:3.11.13-slim-bookworm AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
WORKDIR /srv/deskhero
COPY requirements/base.txt requirements/base.txt
RUN python -m venv /opt/venv && /opt/venv/bin/pip install --require-hashes -r requirements/base.txt
COPY . .
RUN DESKHERO_STATIC=/srv/static DESKHERO_DATA=/tmp/data /opt/venv/bin/python manage.py collectstatic --no-input \
    && /opt/venv/bin/python -m compileall -q accounts deskhero mailbox privacy tickets

FROM python:3.11.13-slim-bookworm
RUN groupadd --gid 10001 deskhero \
    && useradd --uid 10001 --gid 10001 --no-create-home --shell /usr/sbin/nologin deskhero \
    && install -d -o deskhero -g deskhero -m 0700 /data
COPY --from=build /opt/venv /opt/venv
COPY --from=build /srv/static /srv/static
COPY --from=build /srv/deskhero /srv/deskhero
ENV PATH=/opt/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 \
    DESKHERO_ENV=production DESKHERO_DATA=/data DESKHERO_STATIC=/srv/static
WORKDIR /srv/deskhero
USER 10001:10001
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=15s --timeout=10s --start-period=30s CMD ["python", "-m", "deskhero.healthcheck", "web"]
CMD ["python", "-m", "deskhero.web", "--host", "0.0.0.0", "--workers", "2"]
