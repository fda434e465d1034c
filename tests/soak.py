"""Runs that are disturbed at random moments, each followed by one that resumes and must end in the bytes of a calm one.

``python tests/soak.py 100`` kills parent, child or both a hundred times, fills the disk ten times and takes rights
away ten times; it says what each round did, sums up in its last line, and ends with 1 when anything was wrong.
"""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from client_files import PROFILE, write_client
from stand_in import hash_tree, write_exhibit_notebook

PROGRAM = """
import sys
from pathlib import Path
from salesmodel_kit.batch.interrupts import notice_interrupts
from salesmodel_kit.batch.run import run_notebooks
from salesmodel_kit.batch.settings import Settings
if __name__ == "__main__":
    place, out, jobs, fresh = Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]), sys.argv[4] == "fresh"
    clients, notebooks = sorted(place.glob("client-*")), sorted(place.glob("*.ipynb"))
    try:
        with notice_interrupts():
            results = run_notebooks(clients, notebooks=notebooks, out=out,
                                    settings=Settings(jobs=jobs, fresh=fresh, engine="fork"))
    except KeyboardInterrupt:
        sys.exit(130)
    for result in results:
        print(result.sentence or result.status, file=sys.stderr)
    sys.exit(0 if all(result.is_complete for result in results) else 1)
"""
CLIENTS = ("alpha", "beta")
#: What tells a time, a page that tells what came of the last run, and where a batch keeps its lock.
TIMED = ("run.json", "manifest.jsonl", "index.html")
_DISK = 4_000_000
_LONGEST = 300.0


def read_session(number: int) -> tuple[str, int]:
    """Return state and session of a process; those of one that is gone say so."""
    try:
        fields = Path(f"/proc/{number}/stat").read_text().rsplit(")", 1)[1].split()
    except OSError:
        return "Z", 0
    return fields[0], int(fields[3])


def is_alive(number: int) -> bool:
    """Return whether a process lives; one that waits to be collected does not."""
    return read_session(number)[0] != "Z"


def list_session(leader: int) -> list[int]:
    """Return the living processes that a run has started, itself included."""
    numbers = (int(path.name) for path in Path("/proc").glob("[0-9]*"))
    return sorted(number for number in numbers if (found := read_session(number))[0] != "Z" and found[1] == leader)


@contextmanager
def make_short_folder() -> Iterator[Path]:
    """Give a folder for temporary files: paths of sockets must be short."""
    folder = Path(tempfile.mkdtemp(prefix="k", dir="/tmp"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def open_up(folder: Path) -> None:
    """Give the rights to a folder and everything below it back."""
    folder.chmod(0o755)
    for path in folder.iterdir():
        if path.is_dir():
            open_up(path)


@dataclass
class Soak:
    """Two clients in two states each, and what a calm run makes of both.

    Parameters
    ----------
    place : pathlib.Path
        Holds clients, notebook and results.
    short : pathlib.Path
        For temporary files.
    chance : random.Random
        Says when and what.
    """

    place: Path
    short: Path
    chance: random.Random

    def __post_init__(self) -> None:
        """Run both states calmly."""
        self.place.mkdir(parents=True, exist_ok=True)
        (self.place / "program.py").write_text(PROGRAM, encoding="utf-8")
        write_exhibit_notebook(self.place / "01_first.ipynb", "import time\ntime.sleep(0.2)")
        self.out, self.state, self.wanted, self.seconds = self.place / "out", 0, [], 0.0
        for state in (0, 1):
            self.set_state(state)
            began = time.monotonic()
            calm = self.place / f"calm-{state}"
            code, said = self.wait(self.start(out=calm))
            self.seconds = time.monotonic() - began
            assert code == 0, said
            self.wanted.append(hash_tree(calm, skip=TIMED))
        assert not set(self.wanted[0].items()) & {(name, digest) for name, digest in self.wanted[1].items()
                                                  if name.endswith("report.html")}

    def set_state(self, state: int) -> None:
        """Put the clients into one of their two states."""
        self.state = state
        for name in CLIENTS:
            shutil.rmtree(self.place / f"client-{name}", ignore_errors=True)
            profile = PROFILE.replace("id: acme", f"id: {name}").replace("name: Acme", f"name: State {state}")
            write_client(self.place / f"client-{name}", client_yaml=profile)

    def start(self, *before: str, out: Path | None = None) -> subprocess.Popen[str]:
        """Start a run that makes what is not there yet."""
        words = [*before, sys.executable, *map(str, (self.place / "program.py", self.place, out or self.out, 2, ""))]
        return subprocess.Popen(words, start_new_session=True, stderr=subprocess.PIPE, text=True,
                                env={**os.environ, "TMPDIR": str(self.short)})

    def wait(self, process: subprocess.Popen[str]) -> tuple[int, str]:
        """Return how a run ended and what it said; nothing that it has started may live on."""
        said = process.communicate(timeout=_LONGEST)[1]
        end = time.monotonic() + 20
        while left := list_session(process.pid):
            assert time.monotonic() < end, f"processes live on: {left}"
            time.sleep(0.02)
        return process.returncode, said

    def disturb(self, kind: str) -> str:
        """Disturb a run, look at what it left, resume it and compare; return what was done.

        Raises
        ------
        AssertionError
            Something was lost, or the resumed run did not end in the bytes of a calm one.
        """
        before = self.state
        self.set_state(1 - before)
        if self.chance.random() < 1 / 3:
            shutil.rmtree(self.out, ignore_errors=True)
        done = {"kill": self.kill, "disk": self.fill, "rights": self.revoke}[kind]()
        return f"{done}; {self.resume()}"

    def kill(self) -> str:
        """Kill parent, child or both at a random moment of a run; one that ended before is started again."""
        while True:
            process = self.start()
            moment = self.wait_for_moment(process)
            below = [number for number in list_session(process.pid) if number != process.pid]
            if process.poll() is None:
                break
            self.wait(process)
            self.set_state(1 - self.state)
        name = self.chance.choice(["parent", "child", "both"] if below else ["parent"])
        victims = {"parent": [process.pid], "child": [self.chance.choice(below or [0])], "both": [process.pid, *below]}
        for victim in victims[name]:
            with suppress(ProcessLookupError):
                os.kill(victim, signal.SIGKILL)
        code, said = self.wait(process)
        assert code in ((0,) if name == "child" else (-signal.SIGKILL,)), (name, code, said)
        self.look_whole()
        return f"{name} killed {moment}"

    def is_about_to_publish(self) -> bool:
        """Return whether a client's results are complete in the hidden folder of a run."""
        try:
            return any(self.out.glob(".run-*/*/run.json"))
        except FileNotFoundError:  # the folder went away while we looked into it
            return False

    def wait_for_moment(self, process: subprocess.Popen[str]) -> str:
        """Wait for some moment of a run: half of them any, half of them about when a client is published."""
        end = time.monotonic() + self.chance.uniform(0.05, self.seconds)
        if self.chance.random() < 0.5:
            with suppress(subprocess.TimeoutExpired):
                process.wait(max(0.0, end - time.monotonic()))
            return "at any moment"
        while process.poll() is None and not self.is_about_to_publish():
            time.sleep(0.001)
        time.sleep(self.chance.choice([0.0, self.chance.uniform(0, 0.02), self.chance.uniform(0, 0.3)]))
        return "while publishing"

    def fill(self) -> str:
        """Let a run find so little room that it stops somewhere, then make room again."""
        self.out.mkdir(exist_ok=True)
        kept = {path.relative_to(self.out): path.read_bytes() for path in self.out.rglob("*") if path.is_file()}
        made = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={_DISK}", "none", str(self.out)],
                              capture_output=True, text=True)
        assert made.returncode == 0, f"no small disk can be mounted here: {made.stderr.strip()}"
        try:
            for name, content in kept.items():
                (self.out / name).parent.mkdir(parents=True, exist_ok=True)
                (self.out / name).write_bytes(content)
            found = os.statvfs(self.out)
            room = self.chance.randrange(sum(self.measure(self.place / f"calm-{self.state}") for _ in CLIENTS))
            with (self.out / "ballast").open("wb") as stream:
                os.posix_fallocate(stream.fileno(), 0, max(1, found.f_bavail * found.f_frsize - room))
            code, said = self.wait(self.start())
            assert (code, "full" in said) in ((0, False), (1, True)), (code, said)
            assert "Traceback" not in said or "SalesModelError" in said.splitlines()[-1], said
            self.look_whole()
            (self.out / "ballast").unlink()
            self.resume()
            made_there = {path.relative_to(self.out): path.read_bytes() for path in self.out.rglob("*")
                          if path.is_file()}
        finally:
            subprocess.run(["umount", str(self.out)], check=True)
        for name, content in made_there.items():
            (self.out / name).parent.mkdir(parents=True, exist_ok=True)
            (self.out / name).write_bytes(content)
        return f"disk with {room // 1000} kB left, run ended with {code}"

    def measure(self, folder: Path) -> int:
        """Return the bytes of every file below a folder."""
        return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())

    def revoke(self) -> str:
        """Take the rights to a folder of the results away at a random moment, and give them back afterwards."""
        # whoever may do everything would not notice: the run gives that up
        without = ["setpriv", "--bounding-set=-all", "--inh-caps=-all"] if os.geteuid() == 0 else []
        self.out.mkdir(exist_ok=True)
        process = self.start(*without)
        moment = self.wait_for_moment(process)
        folders = [self.out, *(path for path in self.out.rglob("*") if path.is_dir())]
        folder = self.chance.choice([self.out, self.chance.choice(folders)])
        with suppress(FileNotFoundError):  # it has just been moved
            folder.chmod(self.chance.choice([0o500, 0]))
        code, said = self.wait(process)
        open_up(self.out)
        assert code in (0, 1), (code, said)
        assert code == 0 or "Nothing can be written" in said or "error" in said.lower(), said
        self.look_whole()
        return f"rights to {'the batch' if folder == self.out else 'a folder'} taken {moment}, run ended with {code}"

    def look_whole(self) -> None:
        """Look whether every client has whole results of before or of now, or none where it had none."""
        for name in CLIENTS:
            if not (self.out / name).exists():
                continue
            found = hash_tree(self.out / name, skip=TIMED)
            wholes = [{path.removeprefix(f"{name}/"): digest for path, digest in wanted.items()
                       if path.startswith(f"{name}/")} for wanted in self.wanted]
            assert found in wholes, f"{name} is a part: {sorted(found)}"

    def resume(self) -> str:
        """Run once more and compare everything with the calm run."""
        code, said = self.wait(self.start())
        assert code == 0, said
        assert hash_tree(self.out, skip=TIMED) == self.wanted[self.state], "other bytes than a calm run's"
        lines = [json.loads(line) for line in (self.out / "manifest.jsonl").read_text().splitlines()]
        assert sorted(line["client"] for line in lines) == list(CLIENTS), lines
        page = (self.out / "index.html").read_text(encoding="utf-8")
        assert all(f'href="{name}/report.html"' in page for name in CLIENTS), "the page misses a client"
        hidden = [path.name for path in self.out.iterdir() if path.name.startswith(".")]
        hidden += [path.name for path in self.short.iterdir() if path.name.startswith("salesmodel-run-")]
        assert not hidden, f"left behind: {hidden}"
        counts = Counter(line["status"] for line in lines)
        return "resumed: " + ", ".join(f"{number} {status}" for status, number in sorted(counts.items()))


def main(rounds: int, *, seed: int, say: Callable[[str], object]) -> int:
    """Disturb runs; return how many rounds went wrong."""
    few = max(1, rounds // 10)
    kinds = ["kill"] * rounds + ["disk"] * few + ["rights"] * few
    chance = random.Random(seed)
    chance.shuffle(kinds)
    faults, began = Counter[str](), time.monotonic()
    with make_short_folder() as short, tempfile.TemporaryDirectory() as place:
        soak = Soak(Path(place), short, chance)
        say(f"seed {seed}; a calm run takes {soak.seconds:.1f} s")
        for number, kind in enumerate(kinds, start=1):
            start = time.monotonic()
            try:
                done = soak.disturb(kind)
            except Exception as error:  # a fault ends its round, not the others
                faults[kind] += 1
                done = f"FAULT, {kind}: {type(error).__name__}: {error}"
                shutil.rmtree(soak.out, ignore_errors=True)
            say(f"{number:4d}/{len(kinds)}  {time.monotonic() - start:5.1f} s  {done}")
    counts = Counter(kinds)
    said = ", ".join(f"{counts[kind]} × {kind} ({faults[kind]} faults)" for kind in sorted(counts))
    say(f"{'FAILED' if faults else 'OK'}: {said}; {time.monotonic() - began:.0f} s, seed {seed}")
    return sum(faults.values())


def say_line(line: str) -> None:
    """Write a line at once."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    given = int(os.environ.get("SALESMODEL_SOAK_SEED") or random.SystemRandom().randrange(10**6))
    many = int(sys.argv[1]) if len(sys.argv) > 1 else 100
    sys.exit(1 if main(many, seed=given, say=say_line) else 0)
