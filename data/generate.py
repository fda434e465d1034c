"""Make the demo clients: ``python data/generate.py [--language fr|en] [--out DIR] [--only ID]``.

Without ``--language`` each client is written in the language it is kept in. ``--dictionary`` writes
the data dictionary ``README.md`` instead. The same bytes every time.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from generator.client import make_client
from generator.spec import CLIENT_IDS, read_spec
from generator.write import write_client

HERE = Path(__file__).resolve().parent


def main() -> None:
    """Write the folders that the command line asks for."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--language", choices=["fr", "en"], help="language of all clients (default: each its own)")
    parser.add_argument("--out", type=Path, default=HERE, help="where the folders go (default: beside this file)")
    parser.add_argument("--only", choices=CLIENT_IDS, help="one client")
    wanted = parser.parse_args()
    for client_id in [wanted.only] if wanted.only else CLIENT_IDS:
        spec = read_spec(client_id)
        write_client(make_client(spec, language=wanted.language or spec.client["language"]), wanted.out / client_id)


if __name__ == "__main__":
    main()
