"""The web server: `python -m deskhero.web --port 8000`. Uvicorn, with our log lines instead of its own."""

import argparse

import uvicorn

GRACE_SECONDS = 3  # open event streams end with the process; a browser connects again by itself


def main(arguments: list[str] | None = None) -> None:
    """Serve until a signal says stop."""
    parser = argparse.ArgumentParser(prog="python -m deskhero.web", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--workers", type=int, default=1)
    options = parser.parse_args(arguments)
    uvicorn.run(
        "deskhero.asgi:application",
        host=options.host,
        port=options.port,
        workers=options.workers,
        lifespan="off",
        log_config=None,  # Django's LOGGING, so that no line leaves unscrubbed
        access_log=False,
        server_header=False,
        proxy_headers=False,  # Django judges X-Forwarded-Proto itself, and only behind a proxy
        timeout_graceful_shutdown=GRACE_SECONDS,
    )


if __name__ == "__main__":
    main()
