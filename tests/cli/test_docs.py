"""The docs: every command in them is run, what is generated is current, every link leads somewhere."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

import click
import pyrage
import pytest

from archive.ssh.keys import write_new_key
from archive_cli.main import COMMANDS, main
from docs.generating.pages import PAGES, files
from tests.world import World
from tests.world.proxies import SocksProxy
from tests.world.time_authority import (
    NEEDS_OPENSSL,
    NEEDS_SSH_KEYGEN,
    OPENSSL,
    SSH_KEYGEN,
    Way,
    make_chain,
    make_reply,
    pem,
    serve,
    wall_clock,
)

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
WRITTEN = sorted(place for place in DOCS.rglob("*.md") if place.relative_to(ROOT).as_posix() not in PAGES)
CONSOLE = re.compile(r"^```console\n(.*?)^```", re.DOTALL | re.MULTILINE)
SET_UP = ("make demo", "python3 -m venv .venv", ". .venv/bin/activate", "pip install '.[video]'")
CITED = ("https://sn4hr.org/?p=55768", "https://drive.google.com/file/d/1o-KAWNsfrHq6hAEDozEArdP3wEp2Tje6/view")
WRITTEN_REFERENCE = ("bag-format", "command-line", "disclosure", "ledger")
"""Pages of the reference that are written by hand."""
posix = pytest.mark.skipif(os.name != "posix", reason="the docs' commands are for a POSIX shell")


def commands(page: Path) -> list[tuple[str, int]]:
    """The commands of a page with the exit code that it states, 0 where it states none."""
    found = []
    for block in CONSOLE.findall(page.read_text("utf-8")):
        for line in block.splitlines():
            assert line.startswith("$ "), f"{page.name}: {line!r} is no command"
            command, _, stated = line.removeprefix("$ ").partition("    # exit code ")
            found.append((command, int(stated or 0)))
    return found


def needs(page: Path) -> list[str]:
    stated = re.match(r"<!-- test: begins with (.*) -->", page.read_text("utf-8"))
    return stated[1].split(", ") if stated else []


@dataclass
class Desk:
    """What the pages take for granted, made once, and copied to the folder of each page."""

    folder: Path
    world: World
    proxy: SocksProxy
    tsa: str
    made: set[str] = field(default_factory=set)

    def run(self, command: str, folder: Path) -> subprocess.CompletedProcess[str]:
        environment = {name: value for name, value in os.environ.items() if not name.startswith("ARCHIVE_")}
        environment |= {"PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}", "ARCHIVE_CONFIG": ""}
        return subprocess.run(
            ["bash", "-c", self.led_here(command)],
            cwd=folder, env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False,
        )  # fmt: skip

    def led_here(self, command: str) -> str:
        """The command with what leads it to loopback, and without what only a person can do."""
        if command.startswith("archive fetch"):
            way = self.world.cli_args
            if "--proxy" in command:
                command = command.replace("socks5h://127.0.0.1:9050", self.proxy.url)
                way = ["--no-browser", "--cacert", self.world.ca_file]
            command += f" --delay 0 --no-media {shlex.join(way)}"
        if "--tsa" in command:
            command = f"{command.replace('https://tsa.example/tsr', self.tsa)} --allow-private"
        if command.startswith("archive keygen"):
            command += " --no-passphrase"
        return f"{command} --no-open" if command.startswith("archive view") else command

    def lay(self, name: str, folder: Path) -> None:
        if name not in self.made:
            {"R1": self._bag, "demo/R210517": self._demo}.get(name, lambda: None)()
            self.made.add(name)
        for place in self.folder.glob(f"{name}*" if name != "trust" else name):
            target = folder / place.relative_to(self.folder)
            target.parent.mkdir(parents=True, exist_ok=True)
            (shutil.copytree if place.is_dir() else shutil.copy)(place, target)

    def _bag(self) -> None:
        made = self.run("archive fetch report.pdf -o R1", self.folder)
        assert made.returncode == 0, made.stderr

    def _demo(self) -> None:
        made = self.run(f"archive fetch {ROOT}/manifests/examples/R210517/report.txt -o demo/R210517", self.folder)
        assert made.returncode in (0, 1), made.stderr


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    folder = tmp_path_factory.mktemp("desk")
    chain = make_chain(name="Docs Time")
    write_report(folder / "report.pdf")
    (folder / "screenshot.png").write_bytes(bytes.fromhex("89504e470d0a1a0a") + b"a picture")
    (folder / "authority-root.pem").write_bytes(pem(chain.root))
    identity = pyrage.x25519.Identity.generate()
    (folder / "archive.key").write_text(f"{identity}\n")
    (folder / "archive.pub").write_text(f"{identity.to_public()}\n")
    key = write_new_key(folder / "my-key", None)
    (folder / "trust").mkdir()
    (folder / "trust/allowed_signers").write_text(f'collector-7 namespaces="archive-bag" {key.text}\n')
    shutil.copy(ROOT / "archive/verify/alone/verify.py", folder)
    (folder / "demo").mkdir()
    with ExitStack() as stack:
        world = stack.enter_context(World())
        proxy = stack.enter_context(SocksProxy(world))
        tsa = stack.enter_context(serve(lambda query: make_reply(query, chain, Way(time=wall_clock()))))
        yield Desk(folder, world, proxy, tsa.url)  # type: ignore[arg-type]


def write_report(place: Path) -> None:
    from reportlab.pdfgen.canvas import Canvas

    canvas = Canvas(str(place))
    for line, url in enumerate(CITED):
        canvas.drawString(40, 700 - 40 * line, f"As reported at {url}")
        canvas.linkURL(url, (40, 690 - 40 * line, 500, 720 - 40 * line))
    canvas.save()




@posix
@pytest.mark.timeout(900)  # a page is a dozen programs one after the other; a busy machine takes its time over each
@pytest.mark.skipif(OPENSSL is None, reason=NEEDS_OPENSSL)
@pytest.mark.skipif(SSH_KEYGEN is None, reason=NEEDS_SSH_KEYGEN)
@pytest.mark.parametrize("page", [page for page in WRITTEN if commands(page)], ids=lambda page: page.stem)
def test_every_command_of_a_page_does_what_the_page_says(page: Path, desk: Desk, tmp_path: Path) -> None:
    for name in needs(page):
        desk.lay(name, tmp_path)
    for name, content in re.findall(r'^```toml title="(.*?)"\n(.*?)^```', page.read_text("utf-8"), re.DOTALL | re.MULTILINE):
        (tmp_path / name).write_text(content)
    here = tmp_path
    for command, expected in commands(page):
        if command in SET_UP:
            continue
        if command.startswith("cd "):
            here = (here / command.removeprefix("cd ")).resolve()
            continue
        if command.endswith('"$(cat digest.txt)"'):  # the partner tells it by telephone
            (here / "digest.txt").write_text(f"sha256:{sha256(here / 'R1/tagmanifest-sha256.txt')}")
        done = desk.run(command, here)
        assert done.returncode == expected, f"{command}\n{done.stdout}\n{done.stderr}"


def sha256(place: Path) -> str:
    import hashlib

    return hashlib.sha256(place.read_bytes()).hexdigest()


def test_what_a_person_sets_up_once_is_there() -> None:
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["optional-dependencies"]
    for text in [*SET_UP, *re.findall(r"`\[(\w+)\]`", (DOCS / "howto/install.md").read_text("utf-8"))]:
        for named in re.findall(r"\[([\w,]+)\]", text):
            assert set(named.split(",")) <= set(extras)
    told = {line for page in WRITTEN for line, _ in commands(page)}
    assert set(SET_UP) <= told


def test_what_is_generated_is_what_the_code_says() -> None:
    stale = []
    for place, text in files().items():
        written = (ROOT / place).read_text("utf-8")
        # How lines of help are folded is click's affair, and changes with it.
        same = written.split() == text.split() if place.endswith("commands.md") else written == text
        stale += [] if same else [place]
    assert stale == [], "run: python -m docs.generate"


def test_no_page_and_no_schema_is_left_over() -> None:
    there = {place.relative_to(ROOT).as_posix() for place in (DOCS / "reference").iterdir()}
    there |= {
        place.relative_to(ROOT).as_posix() for place in (ROOT / "manifests/archive_manifests/schemas").glob("*.json")
    }
    assert there - {f"docs/reference/{name}.md" for name in WRITTEN_REFERENCE} == set(files())


@pytest.mark.parametrize("page", ["docs/explanation/architecture.md", "CONTRIBUTING.md", "SECURITY.md", "README.md"])
def test_every_file_that_a_page_names_exists(page: str) -> None:
    named = re.findall(r"`((?:archive|cli|manifests|tests|docs)/[\w./-]+)`", (ROOT / page).read_text("utf-8"))
    assert [path for path in named if not (ROOT / path).exists()] == []


def test_the_architecture_names_every_package_of_the_library() -> None:
    text = (DOCS / "explanation/architecture.md").read_text("utf-8")
    packages = {place.parent.name for place in (ROOT / "archive").glob("*/__init__.py")}
    assert {name for name in packages if f"`{name}/`" not in text} == set()


def test_every_command_and_switch_has_its_place_in_the_reference() -> None:
    told = (DOCS / "reference/commands.md").read_text("utf-8")
    for name in COMMANDS:
        part = told.partition(f"### archive {name}\n")[2].partition("### archive ")[0]
        command = main.get_command(None, name)  # type: ignore[arg-type]
        assert command is not None
        switches = [option for param in command.params for option in param.opts if option.startswith("--")]
        assert [switch for switch in switches if switch not in part] == [], name


def anchors(page: Path) -> set[str]:
    headings = re.findall(r"^#+ (.*)$", page.read_text("utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-") for heading in headings}


def test_every_link_inside_the_docs_leads_somewhere() -> None:
    broken = []
    for page in DOCS.rglob("*.md"):
        for target in re.findall(r"\[[^\]]*\]\(([^)]+)\)", page.read_text("utf-8")):
            if re.match(r"[a-z]+:", target):
                continue
            name, _, anchor = target.partition("#")
            place = (page.parent / name).resolve() if name else page
            if not place.is_file() or (anchor and anchor not in anchors(place)):
                broken.append(f"{page.relative_to(DOCS)} -> {target}")
    assert broken == []


def test_the_list_of_contents_names_every_page_once() -> None:
    listed = re.findall(r": ([\w/-]+\.md)$", (ROOT / "mkdocs.yml").read_text("utf-8"), re.MULTILINE)
    assert sorted(listed) == sorted(page.relative_to(DOCS).as_posix() for page in DOCS.rglob("*.md"))


def every_command() -> Iterator[click.Command]:
    """Every command, and those below it where it is a group."""
    for name in COMMANDS:
        command = main.get_command(click.Context(main), name)
        assert command is not None
        yield command
        if isinstance(command, click.Group):
            below = (command.get_command(click.Context(command), each) for each in command.list_commands(click.Context(command)))
            yield from (each for each in below if each is not None)


def test_pages_speak_only_of_switches_that_are_there() -> None:
    known = {option for command in every_command() for param in command.params for option in param.opts}
    known |= {"--config", "--version", "--help", "--validate", "--quiet"}
    dask = ("host", "protocol", "no-dashboard", "nworkers", "nthreads", "tls-ca-file", "tls-cert", "tls-key")
    known |= {f"--{name}" for name in dask}
    for page in WRITTEN:
        catalogue = set(re.findall(r"(?<![\w-])--[a-z][a-z0-9-]+", page.read_text("utf-8")))
        assert catalogue <= known, page.name


@pytest.mark.parametrize("name", ["ledger", "record", "event"])
def test_what_we_write_is_as_the_schemas_say(name: str, desk: Desk, tmp_path: Path) -> None:
    import json

    import jsonschema

    from archive_manifests import schemas

    desk.lay("R1", tmp_path)
    place = {
        "ledger": "data/sources.json", "record": "data/provenance/records.jsonl", "event": "data/provenance/events.jsonl",
    }[name]  # fmt: skip
    text = (tmp_path / "R1" / place).read_text("utf-8")
    schema = json.loads(schemas.text(name))
    jsonschema.Draft202012Validator.check_schema(schema)
    for stated in [text] if name == "ledger" else text.splitlines():
        jsonschema.validate(json.loads(stated), schema)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(json.loads((text if name == "ledger" else text.splitlines()[0]).replace('":', '_":')), schema)


def test_a_source_manifest_is_as_the_schema_says() -> None:
    import json

    import jsonschema

    from archive_manifests import schemas

    manifest = tomllib.loads((ROOT / "manifests/examples/R210517/sources.toml").read_text("utf-8"))
    jsonschema.validate(manifest, json.loads(schemas.text("source-manifest")))
    manifest["source"][0]["skipp"] = True
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(manifest, json.loads(schemas.text("source-manifest")))


def test_the_layout_names_every_file_of_a_bag(desk: Desk, tmp_path: Path) -> None:
    desk.lay("R1", tmp_path)
    told = (DOCS / "reference/layout.md").read_text("utf-8").partition("NAME.seal/")[0]
    named = re.findall(r"^ +([\w./-]+?)(?:/(?:SOURCE/)?)?  ", told, re.MULTILINE)
    for place in (tmp_path / "R1").rglob("*"):
        inside = place.relative_to(tmp_path / "R1").as_posix().removeprefix("data/").removeprefix("provenance/")
        assert any(inside == name or inside.startswith(f"{name}/") or name.startswith(f"{inside}/") for name in named) or (
            inside in ("data", "provenance")
        ), inside
