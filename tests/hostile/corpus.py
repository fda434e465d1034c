"""Clients that mean harm: each writes itself into a folder; texts that other programs would run."""

from __future__ import annotations

import io
import os
import zipfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from client_files import PROFILE, list_rows, make_sheets, write_book, write_client

#: What a text field may hold and a page must show as it is.
TEXTS: tuple[str, ...] = (
    "<script>window.harm=1</script>",
    "<img src=x onerror=window.harm=1>",
    "</title></style></script><h1 id=harm>",
    "<a href='javascript:window.harm=1'>a</a>",
    "[link](javascript:window.harm=1) **bold** # head",
    "![x](http://127.0.0.1:9/x.png)",
    "{{ 7*191 }}{% for i in range(9) %}",
    "{{ cycler.__init__.__globals__.os.system('touch HARM') }}",
    "{0.__class__} {client} %s %(name)s ${HOME}",
    "$\\frac{1}{2}$ \\input{/etc/passwd}",
    "=HYPERLINK(\"http://127.0.0.1:9\")",
    "=cmd|' /C calc'!A0",
    "+1+1",
    "@SUM(1)",
    "__import__('os').system('touch HARM')",
    "\"; import os; os.system('touch HARM') #",
    "a\u202egpj.exe",
    "\u0430cme \u2215 \uff0e\uff0e\uff0f",
    "]]><!--",
    "a\u0001b\u001b[31mc\u0007",
    "x" * 180,
)
#: Ids that must not become the name of a folder.
IDS: tuple[str, ...] = (
    "../evil", "..", "a/b", "a\\b", "/tmp/evil", "CON", "nul", "Com1", "lpt9", "a" * 65, "\u0430cme", "a.b", "acme.",
    "a b", "-rf", "{client}", "$HOME", "acme%2f", "a\u0000b", "\uff0e\uff0e", ".run-x",
)


def write_texts(folder: Path, *, name: str = "texts") -> Path:
    """Write a sound client with a hostile text in every field that takes text."""
    import csv

    def table(header: str, rows: Iterator[tuple[str, ...]]) -> str:
        stream = io.StringIO(newline="")
        writer = csv.writer(stream)
        writer.writerow(header.split(","))
        writer.writerows(rows)
        return stream.getvalue()

    n_texts = len(TEXTS)
    accounts = ((f"A{n}", text, f"S{n % 3}", "10" if n % 2 else "0", str(1000 * (n + 1)), "R1", "3", "20", text, text)
                for n, text in enumerate(TEXTS))
    segments = ((f"S{n}", TEXTS[n], "1000000", "0.1", "4") for n in range(3))
    reps = (("R1", TEXTS[0], "field"), ("R2", TEXTS[6], "inside"))
    criteria = [list_rows(line)[0] for line in (
        "growth,,attractiveness,benefit,-0.05,0.15,10,,", "know_how,,competitive_strength,benefit,1,5,10,n,r",
        "projects,,potential,benefit,1,5,10,n,r", "distance,,chance,cost,300,0,10,,")]
    for at, row in enumerate(criteria):
        row[1] = TEXTS[at * 2 % n_texts]
    quoted = TEXTS[0].replace("'", "''")
    profile = PROFILE.replace("id: acme", f"id: {name}").replace("name: Acme", f"name: '{quoted}'")
    profile += f"assumptions:\n  detour_factor:\n    value: 1.3\n    unit: '{quoted}'\n    source: '{TEXTS[6]}'\n"
    return write_client(
        folder, client_yaml=profile,
        accounts_csv=table("account,name,segment,sales_per_year,potential_per_year,owner,projects,distance,sector,city",
                           accounts),
        segments_csv=table("segment,label,size_per_year,growth,know_how", segments),
        criteria_csv=table("criterion,label,axis,direction,worst,best,weight,level_1,level_5",
                           (tuple(cell or "" for cell in row) for row in criteria)),
        reps_csv=table("rep,name,role", reps),
    )


def name_client(folder: Path) -> str:
    """Return a profile whose id is the folder's name."""
    return PROFILE.replace("id: acme", f"id: {folder.name}")


def write_yaml(folder: Path, text: str) -> Path:
    """Write a client whose ``client.yaml`` ends with a text."""
    return write_client(folder, client_yaml=name_client(folder) + text)


_LAUGHS = "a: &a [x,x,x,x,x,x,x,x,x]\n" + "".join(
    f"{name}: &{name} [{','.join([f'*{former}'] * 9)}]\n" for former, name in zip("abcdefgh", "bcdefghi", strict=True))
_TAGS: Mapping[str, str] = {
    "apply": "extra: !!python/object/apply:os.system ['touch HARM']\n",
    "name": "extra: !!python/name:os.system\n",
    "own": "extra: !exec touch\n",
    "anchor": "extra: &a [*a]\n",
    "merge": "<<: {id: ../evil}\n",
    "deep": "extra: " + "[" * 5_000 + "]" * 5_000 + "\n",
    "twice": "id: other\n",
    "bomb": _LAUGHS,
}


def write_zip_bomb(folder: Path) -> Path:
    """Write a workbook that is small and unpacks to 300 MB."""
    folder.mkdir()
    path = folder / "client.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive, \
            archive.open("xl/worksheets/sheet1.xml", "w") as stream:
        for _ in range(300):
            stream.write(bytes(1_000_000))
    return folder


def write_entities(folder: Path) -> Path:
    """Write a workbook whose sheet begins with entities that grow without end, or read a file."""
    folder.mkdir()
    path = write_book(folder / "client.xlsx", make_sheets())
    entities = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    head = f'<!DOCTYPE x [<!ENTITY l0 "ha"><!ENTITY f SYSTEM "file:///etc/passwd">{entities}]>'
    content = io.BytesIO()
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(content, "w") as new:
        for name in old.namelist():
            data = old.read(name)
            if name == "xl/worksheets/sheet1.xml":
                data = head.encode() + data.replace(b"<sheetData>", b"<sheetData><row><c t='inlineStr'><is><t>&l9;&f;"
                                                                    b"</t></is></c></row>")
            new.writestr(name, data)
    path.write_bytes(content.getvalue())
    return folder


def write_external_link(folder: Path) -> Path:
    """Write a workbook with a formula that reads another workbook, on a server."""
    folder.mkdir()
    sheets = make_sheets()
    sheets["accounts"][1][1] = "='[http://127.0.0.1:9/x.xlsx]Sheet1'!A1"
    write_book(folder / "client.xlsx", sheets)
    return folder


def write_link(folder: Path, *, name: str, target: str) -> Path:
    """Write a client of which one file is a link that points outside."""
    write_client(folder, client_yaml=name_client(folder))
    (folder / name).unlink(missing_ok=True)
    (folder / name).symlink_to(target)
    return folder


def write_pipe(folder: Path, name: str) -> Path:
    """Write a client of which one file is a pipe that nobody writes to: whoever opens it waits for ever."""
    write_client(folder, client_yaml=name_client(folder))
    (folder / name).unlink(missing_ok=True)
    os.mkfifo(folder / name)
    return folder


#: Name -> writes a client that must be refused.
REFUSED: Mapping[str, Callable[[Path], Path]] = {
    **{f"id {at}": (lambda folder, text=text: write_client(
        folder, client_yaml=PROFILE.replace("id: acme", "id: " + repr(text)))) for at, text in enumerate(IDS)},
    **{f"yaml {name}": (lambda folder, text=text: write_yaml(folder, text)) for name, text in _TAGS.items()},
    "zip bomb": write_zip_bomb,
    "entities": write_entities,
    "external link": write_external_link,
    "link to a file": lambda folder: write_link(folder, name="accounts.csv", target="/etc/passwd"),
    "link to a device": lambda folder: write_link(folder, name="accounts.csv", target="/dev/zero"),
    "link to nothing": lambda folder: write_link(folder, name="reps.csv", target="../nowhere"),
    "link to the profile": lambda folder: write_link(folder, name="client.yaml", target="/etc/hostname"),
    "link to another's run": lambda folder: write_link(folder, name="previous_run", target="../sound"),
    "blank name": lambda folder: write_client(
        folder, client_yaml=name_client(folder).replace("name: Acme", "name: ' '")),
    "pipe for a table": lambda folder: write_pipe(folder, "accounts.csv"),
    "pipe for the profile": lambda folder: write_pipe(folder, "client.yaml"),
    "pipe for the journal": lambda folder: write_pipe(folder, "decisions.jsonl"),
}
