# The production image: the locked dependencies and the product, nothing that builds, tests or simulates.
FROM python:3.11.13-slim-bookworm AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
WORKDIR /srv/deskhero
COPY requirements/base.txt requirements/base.txt
RUN python -m venv /opt/venv && /opt/venv/bin/pip install --require-hashes -r requirements/base.txt
COPY . .
RUN DESKHERO_STATIC=/srv/static DESKHERO_DATA=/tmp/data /opt/venv/bin/python manage.py collectstatic --no-input \
    && /opt/venv/bin/python -m compileall -q accounts deskhero mailbox privacy tickets

# pg_dump and pg_restore of the server's own version, with the libraries a slim image lacks: backups need them.
FROM postgres:18.1-bookworm AS client
RUN mkdir -p /client/bin /client/lib \
    && cp /usr/lib/postgresql/18/bin/pg_dump /usr/lib/postgresql/18/bin/pg_restore /client/bin/ \
    && ldd /client/bin/pg_dump /client/bin/pg_restore | awk '$3 ~ "^/" {print $3}' | sort -u \
    | grep -vE '/(libc|libm|libdl|libpthread|libresolv)\.so' | xargs -I{} cp -L {} /client/lib/

FROM python:3.11.13-slim-bookworm
COPY --from=client /client/bin /usr/local/bin
COPY --from=client /client/lib /usr/local/lib
RUN ldconfig
RUN groupadd --gid 10001 deskhero \
    && useradd --uid 10001 --gid 10001 --no-create-home --shell /usr/sbin/nologin deskhero \
    && install -d -o deskhero -g deskhero -m 0700 /data /backups /ledger /ledger-copy
COPY --from=build /opt/venv /opt/venv
COPY --from=build /srv/static /srv/static
COPY --from=build /srv/deskhero /srv/deskhero
ENV PATH=/opt/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 \
    DESKHERO_ENV=production DESKHERO_DATA=/data DESKHERO_STATIC=/srv/static \
    DESKHERO_BACKUPS=/backups DESKHERO_LEDGER=/ledger DESKHERO_LEDGER_COPY=/ledger-copy
WORKDIR /srv/deskhero
USER 10001:10001
VOLUME /data /backups /ledger /ledger-copy
EXPOSE 8000
HEALTHCHECK --interval=15s --timeout=10s --start-period=30s CMD ["python", "-m", "deskhero.healthcheck", "web"]
CMD ["python", "-m", "deskhero.web", "--host", "0.0.0.0", "--workers", "2"]
