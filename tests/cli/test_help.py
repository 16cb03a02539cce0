from __future__ import annotations

import importlib
import pkgutil
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator

import click
import pytest
from click.testing import CliRunner, Result

import archive
from archive.version import __version__
from archive.words import load
from archive_cli.glossary import explain, known_words
from archive_cli.help_layout import SECTIONS, sections
from archive_cli.main import COMMANDS, main
from archive_cli.topics import TOPICS, text
from archive_manifests.errors import ArchiveError
from archive_manifests.finding_codes import CATALOGUE
from archive_manifests.findings import QUESTIONS, Kind, Outcome, Severity, State
from archive_manifests.ledger import REASONS, Status


def run(*arguments: str, width: int | None = None) -> Result:
    return CliRunner().invoke(main, list(arguments), prog_name="archive", terminal_width=width)


def command_of(name: str) -> click.Command:
    found = main.get_command(click.Context(main), name)
    assert found is not None
    return found


def options_of(name: str) -> Iterator[click.Option]:
    return (param for param in command_of(name).params if isinstance(param, click.Option))


def examples_of(name: str) -> list[str]:
    return re.findall(r"^ +(archive .*)$", run(name, "--help", width=400).stdout.partition("Example:")[2], re.MULTILINE)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_says_what_it_does_and_shows_how_in_an_example_that_parses(name: str) -> None:
    shown = run(name, "--help")
    assert shown.exit_code == 0
    assert shown.stdout.count("\n  Example:\n") == 1
    examples = examples_of(name)
    assert examples
    assert "\\b" not in shown.stdout
    for example in examples:
        words = shlex.split(example)
        assert words[:2] == ["archive", name]
        command = command_of(name)
        command.make_parser(click.Context(command)).parse_args(words[2:])


@pytest.mark.parametrize("name", COMMANDS)
def test_every_switch_of_every_command_is_explained(name: str) -> None:
    unexplained = [option.opts for option in options_of(name) if not (option.help or "").strip()]
    assert unexplained == []


@pytest.mark.parametrize("name", COMMANDS)
@pytest.mark.parametrize("width", [80, 200])
def test_help_fits_the_terminal_and_never_more_than_a_hundred_columns(name: str, width: int) -> None:
    shown = run(name, "--help", width=min(width, 100)).stdout
    written = [line for line in shown.splitlines() if not line.strip().startswith("archive ")]
    assert [line for line in written if len(line) > min(width, 100)] == []
    assert [line for line in shown.splitlines() if len(line) > 100] == []


def test_help_uses_a_wide_terminal_up_to_a_hundred_columns() -> None:
    with click.Context(main, terminal_width=None, max_content_width=100, info_name="archive") as ctx:
        assert main.context_settings["max_content_width"] == ctx.max_content_width == 100


def test_the_list_of_commands_puts_each_under_what_one_does_with_it() -> None:
    shown = run("--help").stdout
    assert "Others" not in dict(sections(COMMANDS))
    assert re.findall(r"^([A-Z][\w ]+):$", shown, re.MULTILINE) == ["Options", *dict(sections(COMMANDS))]
    listed = re.findall(r"^  ([a-z][a-z-]+)  ", shown, re.MULTILINE)
    assert sorted(listed) == sorted(COMMANDS)
    assert not re.search(r"^  .*\.\.\.$", shown, re.MULTILINE), "the first sentence of a command says all, shortly"


def test_a_command_that_no_heading_names_is_still_listed() -> None:
    assert list(sections(["cite", "dance"])) == [("Make a bag", ["cite"]), ("Others", ["dance"])]


def test_many_switches_stand_under_headings() -> None:
    for name in COMMANDS:
        if len(list(options_of(name))) > 12:
            headings = re.findall(r"^([A-Z][\w ]+):$", run(name, "--help").stdout, re.MULTILINE)
            assert len(headings) >= 3, f"{name}: give it cls=Grouped"


@pytest.mark.parametrize(
    ("words", "meant"),
    [
        (["ftech"], "no command 'ftech'; did you mean fetch?"),
        (["xyzzy"], "no command 'xyzzy'; `archive --help`"),
        (["fetch", "--jbos", "3"], "no option --jbos; did you mean --jobs"),
        (["fetch"], "INPUT... is missing; see `archive fetch --help`"),
        (["keygen"], "--output is missing; see `archive keygen --help`"),
        (["fetch", "x", "--jobs", "many"], "--jobs: 'many' is no number"),
        (["help", "payload-alterd"], "did you mean payload-altered"),
        (["help", "exitcodes"], "did you mean exit-codes"),
        (["--frobnicate"], "no option --frobnicate; see `archive --help`"),
    ],
)
def test_wrong_usage_is_one_line_that_says_what_was_meant_and_where_to_read(words: list[str], meant: str) -> None:
    done = run(*words)
    assert (done.exit_code, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    assert done.stderr.startswith("archive: ")
    assert meant in done.stderr


def test_a_mistyped_word_cannot_write_to_the_terminal() -> None:
    for words in (["\x1b[31mfetch"], ["fetch", "--\x1b[31mfetch"], ["fetch", "x\x1b[31mfetch"]):
        done = run(*words)
        assert "\x1b" not in done.output
        assert "\\x1b[31mfetch" in done.stderr


def test_nothing_typed_is_answered_with_the_help() -> None:
    done = run()
    assert (done.exit_code, done.stdout) == (2, "")
    assert done.stderr.startswith("Usage: archive")


def test_topics_are_listed_with_what_each_is_about() -> None:
    shown = run("help").stdout
    assert [line.split()[0] for line in shown.splitlines() if line.startswith("  ")] == list(TOPICS)


@pytest.mark.parametrize("topic", TOPICS)
def test_every_topic_fits_eighty_columns_and_has_no_mark_left(topic: str) -> None:
    shown = run("help", topic)
    assert (shown.exit_code, shown.stdout) == (0, text(topic))
    lines = shown.stdout.splitlines()
    assert [line for line in lines if len(line) > 80] == []
    assert [line for line in lines if line.startswith("@") or line != line.rstrip()] == []


def test_the_verdicts_are_those_of_the_ledger() -> None:
    observed = text("verdicts")
    heads = re.findall(r"^([a-z][a-z-]+) +\((a gap|no gap)\)", observed, re.MULTILINE)
    assert heads == [(status.value, "a gap" if status.is_gap else "no gap") for status in Status]
    reasons = re.findall(r"^  ([a-z0-9-]+)  ", observed, re.MULTILINE)
    assert reasons == [reason for status in Status for reason in sorted(REASONS[status])]


def test_the_findings_are_those_of_the_catalogue() -> None:
    observed = text("findings")
    assert re.findall(r"^  ([a-z0-9-]+)(?:  |$)", observed, re.MULTILINE) == sorted(
        CATALOGUE, key=lambda code: list(dict.fromkeys(row.question for row in CATALOGUE.values())).index(
            CATALOGUE[code].question
        )
    )


@pytest.mark.parametrize("code", ["payload-altered", "package-top"])
def test_the_code_of_a_finding_is_explained(code: str) -> None:
    shown = run("help", code).stdout
    assert CATALOGUE[code].says in shown
    assert f"{CATALOGUE[code].severity}, concerns {CATALOGUE[code].question}" in shown


def printed_words() -> list[str]:
    """Every term of ours that the program prints beside sentences: verdicts, reasons, questions, states, kinds."""
    words = load()
    labels = [words.sentence(f"status.{status}.label") for status in Status]
    questions = [words.sentence(f"cli.question.{question}") for question in (*QUESTIONS, "origin")]
    states = [words.sentence(f"cli.state.{state}") for state in State]
    reasons = [reason for status in Status for reason in sorted(REASONS[status])]
    beside = ["leaf", "drift", "bracket", "slip-sheet"]
    return [*beside, *labels, *map(str, Status), *reasons, *QUESTIONS, *questions, *states, *map(str, (*Outcome, *Kind, *Severity))]


@pytest.mark.parametrize("word", sorted(set(printed_words())))
def test_every_word_that_the_program_prints_is_explained(word: str) -> None:
    done = run("help", *word.split())
    assert (done.exit_code, word.lower() in done.stdout.lower()) == (0, True), done.output


@pytest.mark.parametrize("word", ["memento", "ledger", "hollow", "who", "fingerprint", "captured with gaps", "Work folder", "seals"])
def test_a_term_is_explained_in_any_case_and_number(word: str) -> None:
    assert run("help", *word.split()).exit_code == 0


def test_every_explanation_fits_the_terminal_and_names_only_commands_that_are_there() -> None:
    for word in known_words():
        text = explain(word)
        assert text is not None, word
        assert [line for line in text.splitlines() if len(line) > 80] == [], word
        assert set(re.findall(r"(?:`|: )archive ([a-z][a-z-]+)", text)) <= set(COMMANDS), word


def test_help_explains_commands_too() -> None:
    assert run("help", "verify").stdout == run("verify", "--help").stdout


def test_topics_speak_only_of_commands_and_switches_that_are_there() -> None:
    known = {name for command in COMMANDS for option in options_of(command) for name in option.opts}
    known |= {name for param in main.params for name in param.opts} | {"--help"}
    for topic in TOPICS:
        observed = text(topic)
        assert set(re.findall(r"(?<![\w-])--[a-z][a-z-]*", observed)) <= known, topic
        assert set(re.findall(r"(?:`|^ +|: )archive ([a-z][a-z-]+)", observed, re.MULTILINE)) <= set(COMMANDS), topic
        for name in set(re.findall(r"^        ([a-z-, ]+):", observed, re.MULTILINE)) if topic == "exit-codes" else ():
            assert set(name.split(", ")) <= set(COMMANDS)


def test_the_exit_codes_are_those_that_errors_have() -> None:
    for module in pkgutil.walk_packages(archive.__path__, "archive."):
        if "video" not in module.name and "browser" not in module.name:
            importlib.import_module(module.name)
    raised = {error.exit_code for error in _below(ArchiveError)}
    observed = {int(code) for code in re.findall(r"^ {2,4}(\d+)   ", text("exit-codes"), re.MULTILINE)}
    assert observed == {0, 1, 2, 3, 130}
    assert raised <= observed


def _below(kind: type[ArchiveError]) -> Iterator[type[ArchiveError]]:
    yield kind
    for each in kind.__subclasses__():
        yield from _below(each)


def test_the_version_is_reported_without_loading_what_only_commands_need() -> None:
    observed = "import sys; from archive_cli.main import main\ntry: main(['--version'])\nexcept SystemExit: pass\nprint(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", observed], capture_output=True, text=True, check=True)
    version, loaded = done.stdout.splitlines()
    assert version == f"archive, version {__version__}"
    heavy = {"requests", "lxml", "rich", "msgspec", "tomllib", "cryptography", "archive.capture", "archive_manifests"}
    assert heavy & set(loaded.split()) == set()


def test_headings_name_no_command_twice() -> None:
    named = [name for names in SECTIONS.values() for name in names]
    assert len(named) == len(set(named))
