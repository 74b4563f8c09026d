"""python -m mailbox.simulator: simulated Google and Microsoft, and the customer's mail program."""

import argparse
import asyncio
import os
import sys
from pathlib import Path


def arguments(argv: list[str] | None = None) -> argparse.Namespace:
    """What the command line asks for; port 0 takes a free one and simulator.json in the data folder tells which."""
    parser = argparse.ArgumentParser(prog="python -m mailbox.simulator", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder for the database, certificates and uploads")
    parser.add_argument("--https-port", type=int, default=0)
    parser.add_argument("--http-port", type=int, default=0)
    parser.add_argument("--smtp-port", type=int, default=0)
    parser.add_argument("--redirect-uri", action="append", default=[], help="where consent may send people back to")
    parser.add_argument("--desk-url", default="", help="the desk's address, for the button on the customer's page")
    parser.add_argument(
        "--client",
        action="append",
        default=[],
        metavar="PROVIDER=ID:SECRET",
        help="an application to accept instead of the simulated one",
    )
    parser.add_argument("--exit-with-parent", action="store_true", help="stop when the starting process is gone")
    return parser.parse_args(argv)


def main() -> None:
    """Set the environment of the settings, then serve."""
    asked = arguments()
    parent = os.getppid() if asked.exit_with_parent else 0
    os.environ["DJANGO_SETTINGS_MODULE"] = "mailbox.simulator.settings"
    os.environ["SIMULATOR_DATA"] = str(asked.data.resolve())
    os.environ["SIMULATOR_REDIRECT_URIS"] = " ".join(asked.redirect_uri)
    os.environ["SIMULATOR_DESK_URL"] = asked.desk_url
    for entry in asked.client:
        provider, _, pair = entry.partition("=")
        client, colon, secret = pair.partition(":")
        if provider not in ("google", "microsoft") or not colon:
            sys.exit("--client is written google=ID:SECRET or microsoft=ID:SECRET.")
        os.environ[f"SIMULATOR_{provider.upper()}_CLIENT"] = client
        os.environ[f"SIMULATOR_{provider.upper()}_SECRET"] = secret
    asked.data.mkdir(parents=True, exist_ok=True, mode=0o700)

    import django

    django.setup(set_prefix=False)
    from mailbox.simulator.server import prepare, serve

    prepare(asked.data.resolve())
    try:
        asyncio.run(serve(asked.data.resolve(), asked.https_port, asked.http_port, asked.smtp_port, parent))
    except OSError as error:
        sys.exit(f"The simulator could not listen: {error}")


if __name__ == "__main__":
    main()
