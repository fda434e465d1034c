"""Make the demo clients: ``python data/generate.py [--language fr|en] [--out DIR] [--only ID]``.

Without ``--language`` each client is written in the language it is kept in. ``--dictionary`` writes
the data dictionary ``README.md`` instead. The same bytes every time.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from generator.client import DemoClient, make_client
from generator.dictionary import write_dictionary
from generator.spec import CLIENT_IDS, read_spec
from generator.write import write_client

HERE = Path(__file__).resolve().parent


def main() -> None:
    """Write the folders that the command line asks for."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--language", choices=["fr", "en"], help="language of all clients (default: each its own)")
    parser.add_argument("--out", type=Path, default=HERE, help="where the folders go (default: beside this file)")
    parser.add_argument("--only", choices=CLIENT_IDS, help="one client")
    parser.add_argument("--dictionary", action="store_true", help="write README.md, not the folders")
    wanted = parser.parse_args()
    if wanted.dictionary:
        text = write_dictionary([_make(client_id) for client_id in CLIENT_IDS])
        wanted.out.mkdir(parents=True, exist_ok=True)
        (wanted.out / "README.md").write_bytes(text.encode("utf-8"))
        return
    for client_id in [wanted.only] if wanted.only else CLIENT_IDS:
        write_client(_make(client_id, wanted.language), wanted.out / client_id)


def _make(client_id: str, language: str | None = None) -> DemoClient:
    spec = read_spec(client_id)
    return make_client(spec, language=language or spec.client["language"])


if __name__ == "__main__":
    main()
