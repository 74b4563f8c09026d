"""What the launcher's children find in their environment: the simulator in the place of both providers."""

import json
import os
from collections.abc import Mapping
from pathlib import Path

from deskhero.embedded.common import Layout, is_locked
from deskhero.environment import env

LAPTOP_POLL_SECONDS = "5"


def surroundings(layout: Layout, web_port: int, ports: Mapping[str, int]) -> dict[str, str]:
    """Return the variables; a provider the person at the shell has configured stays as it is."""
    https = f"https://127.0.0.1:{ports['https']}"
    bundle = str(simulator_folder(layout) / "bundle.pem")
    variables = {
        "DESKHERO_DATA": str(layout.data),
        "DESKHERO_URL": env("DESKHERO_URL", f"http://127.0.0.1:{web_port}"),
        "MAILBOX_POLL_SECONDS": env("MAILBOX_POLL_SECONDS", LAPTOP_POLL_SECONDS),
    }
    if not env("GOOGLE_CLIENT_ID"):
        variables |= {
            "GOOGLE_CLIENT_ID": "simulated-google-client",
            "GOOGLE_CLIENT_SECRET": "simulated-google-secret",
            "GOOGLE_AUTH_URI": f"{https}/google/o/oauth2/v2/auth",
            "GOOGLE_TOKEN_URI": f"{https}/google/token",
            "GOOGLE_REVOKE_URI": f"{https}/google/revoke",
            "GMAIL_API_ROOT": https,
        }
    if not env("MICROSOFT_CLIENT_ID"):
        variables |= {
            "MICROSOFT_CLIENT_ID": "simulated-microsoft-client",
            "MICROSOFT_CLIENT_SECRET": "simulated-microsoft-secret",
            "MICROSOFT_AUTHORITY": f"{https}/microsoft/common",
            "GRAPH_API_ROOT": f"{https}/graph/v1.0",
        }
    if not env("PROVIDER_CA_BUNDLE"):
        variables["PROVIDER_CA_BUNDLE"] = bundle  # ours alone: httplib2 stops where its own name holds no file yet
    if not env("EMAIL_HOST"):
        variables |= {"EMAIL_HOST": "127.0.0.1", "EMAIL_PORT": str(ports["smtp"])}
    return variables


def simulator_folder(layout: Layout) -> Path:
    """Return the folder of the simulator's own mailboxes and certificates."""
    return layout.data / "simulator"


def publish(layout: Layout, variables: Mapping[str, str]) -> None:
    """Leave the variables where commands typed in another shell find them."""
    file = layout.run / "surroundings.json"
    file.touch(mode=0o600)
    file.write_text(json.dumps(dict(variables)))


def adopt(data: Path) -> None:
    """Give this process the surroundings of the desk that runs in this folder, if one does; what is set stays."""
    layout = Layout(data)
    if is_locked(layout.launcher_lock) and (file := layout.run / "surroundings.json").exists():
        for name, value in json.loads(file.read_text()).items():
            os.environ.setdefault(name, value)
