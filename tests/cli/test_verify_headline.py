"""The first sentence of `archive verify`: of the bag, whatever is wrong with the seal beside it."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from archive.seal.sealing import SealOrder, seal_bag
from archive.ssh.allowed_signers import entry_line
from archive.verify.result.headline import Headline, headline_of
from archive.words import load
from archive_cli.main import main
from archive_manifests.finding_codes import make_finding
from archive_manifests.findings import Answer, State
from tests.world.sealed_bag import file_key, make_bag
from tests.world.time_authority import NOW

KEY = file_key(1)
PLAIN = {"data/letter.txt": b"a testimony\n"}
FORGED = {"data/letter.txt": b"A TESTIMONY\n"}
HEADLINES = {
    "en": ("CHANGED since anna sealed it.", "Signed: not as it is now; the signature is valid", "NOT THE BAG"),
    "ar": ("تغيّرت بعد أن ختمها anna.", "موقّعة: ليس كما هي الآن", "ليست هذه الحقيبة التي أعطيت بصمتها"),
    "fr": ("MODIFIÉ depuis que anna l'a scellé.", "Signé : pas tel qu'il est", "CE N'EST PAS LE PAQUET"),
    "es": ("MODIFICADO desde que anna lo selló.", "Firmado: no tal como está", "NO ES EL PAQUETE"),
}
OF_THE_SEAL = {
    "en": "SEAL: NOT TO BE RELIED ON AS A WHOLE. Errors in it, above: ",
    "ar": "الختم: لا يُعتمد عليه كله.",
    "fr": "SCEAU : NON FIABLE EN ENTIER.",
    "es": "SELLO: NO FIABLE EN SU CONJUNTO.",
}


@pytest.fixture
def sealed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A bag of another program, sealed and signed by anna, whom `trust` names."""
    monkeypatch.chdir(tmp_path)
    bag = make_bag(tmp_path / "R1", PLAIN)
    seal_bag(bag, tmp_path / "R1.seal", SealOrder((KEY,)), None, None, NOW)
    Path("trust").mkdir()
    Path("trust/allowed_signers").write_text(f"{entry_line('anna')(KEY.public_key)}\n")
    return bag


def run(*arguments: str, language: str = "en") -> Result:
    return CliRunner().invoke(main, ["verify", "-q", "R1", *arguments], env={"ARCHIVE_LANGUAGE": language})


def errors(*arguments: str) -> list[str]:
    found = json.loads(run("--json", *arguments).stdout)["findings"]
    return [one["code"] for one in found if one["severity"] == "error"]


def forge(bag: Path) -> str:
    """Replace the payload and every manifest; the fingerprint that the bag had."""
    before: str = json.loads(run("--json").stdout)["tagmanifest"]
    shutil.rmtree(bag)
    make_bag(bag, FORGED)
    return before


@pytest.mark.parametrize("language", HEADLINES)
def test_a_bag_altered_after_sealing_is_said_to_have_changed_since(sealed: Path, language: str) -> None:
    changed, signed, _ = HEADLINES[language]
    forge(sealed)
    result = run("--trust", "trust", language=language)
    first = result.stdout.splitlines()[0]
    assert result.exit_code == 1
    assert first.startswith(f"R1: {changed}") and signed in first
    assert "--expect" not in result.stdout
    assert OF_THE_SEAL[language] not in result.stdout
    assert errors("--trust", "trust") == ["seal-mismatch"]


@pytest.mark.parametrize("language", HEADLINES)
def test_a_forged_bag_is_not_the_one_with_the_given_fingerprint(sealed: Path, language: str) -> None:
    given = forge(sealed)
    result = run("--expect", given, language=language)
    assert result.exit_code == 1
    assert result.stdout.startswith(f"R1: {HEADLINES[language][2]}")
    assert "--expect" not in result.output
    assert errors("--expect", given) == ["seal-mismatch", "not-expected"]


def test_the_seal_of_a_renamed_bag_is_found_under_the_old_name(sealed: Path) -> None:
    sealed.rename("R2")
    Path("A.seal").mkdir()  # what a copy for others leaves: custody lines, and no seal
    called = CliRunner().invoke(main, ["verify", "-q", "R2"])
    assert "Beside it lies R1.seal, a seal of this bag under another name" in called.stdout
    assert called.stderr == "Next: archive verify R2 --seal R1.seal\n"
    given = CliRunner().invoke(main, ["verify", "-q", "R2", "--seal", "R1.seal", "--trust", "trust"])
    assert (given.exit_code, "Beside it" in given.stdout) == (0, False)
    make_bag(Path("R3").absolute(), FORGED)
    other = CliRunner().invoke(main, ["verify", "-q", "R3"])
    assert "Beside it" not in other.stdout and "archive sign R3" in other.stderr


@pytest.mark.parametrize("language", HEADLINES)
@pytest.mark.parametrize("trust", [(), ("--trust", "trust")])
def test_a_wrong_fingerprint_of_a_sound_sealed_bag_says_nothing_against_its_files(
    sealed: Path, language: str, trust: tuple[str, ...]
) -> None:
    wrong = ("--expect", f"sha256:{'0' * 64}")
    result = run(*wrong, *trust, language=language)
    words = load(language)
    state = "passed" if trust else "not-checked"
    assert result.exit_code == 1
    assert result.stdout.splitlines()[0] == " ".join(
        ["R1:", *(words.sentence(f"cli.{key}") for key in ("outcome.not_expected_sealed", f"signed.who_{state}", "signed.when_absent"))]
    )
    assert words.sentence("cli.yes_or_no.passed-of-lists") not in result.stdout
    assert errors(*wrong, *trust) == ["not-expected"]
    shutil.rmtree("R1.seal")
    assert run(*wrong, language=language).stdout.startswith(f"R1: {words.sentence('cli.outcome.not_expected_alone')}")


def test_a_wrong_fingerprint_of_a_damaged_bag_is_not_the_only_thing_wrong(sealed: Path) -> None:
    """With the bag's own fingerprint or another: the signature is not over the files as they are."""
    (sealed / "data/letter.txt").write_bytes(b"A testimony\n")
    result = run("--expect", f"sha256:{'0' * 64}", "--trust", "trust")
    assert result.stdout.startswith("R1: DAMAGED.")
    assert "the files are NOT what was signed" in result.stdout


@pytest.mark.parametrize("language", OF_THE_SEAL)
def test_a_broken_signature_is_the_seals_fault_and_the_headline_is_on_the_bag(sealed: Path, language: str) -> None:
    (signature,) = Path("R1.seal").glob("SHA256-*.sig")
    signature.write_bytes(signature.read_bytes().replace(b"\nU1NIU0lH", b"\nU1NIU0lI"))
    result = run("--trust", "trust", language=language)
    assert (result.exit_code, errors("--trust", "trust")) == (1, ["signature-bad"])
    assert OF_THE_SEAL[language] in result.stdout
    assert json.loads(run("--json", "--trust", "trust").stdout)["outcome"] == "intact"


def test_a_key_that_was_not_trusted_then_is_not_mended_by_the_same_seal(sealed: Path) -> None:
    line = entry_line("anna")(KEY.public_key)
    name, rest = line.split(" ", 1)
    Path("trust/allowed_signers").write_text(f'{name} valid-before="20200101Z",{rest}\n')
    result = run("--trust", "trust")
    assert errors("--trust", "trust") == ["signer-out-of-period"]
    assert "the seal's files are sound: the key was revoked, or was not trusted at that time" in result.stdout
    assert "Get the seal again" not in result.stdout


def test_another_bags_seal_is_the_seals_fault(sealed: Path) -> None:
    other = make_bag(Path("R2").absolute(), FORGED)
    shutil.rmtree("R1.seal")
    seal_bag(other, Path("R1.seal").absolute(), SealOrder((KEY,)), None, None, NOW)
    result = run("--trust", "trust")
    first = result.stdout.splitlines()[0]
    assert first.startswith("R1: the files agree with the bag's own manifests; nothing outside the bag vouches for them")
    assert "Signed: no; the seal beside it is another bag's." in first
    assert OF_THE_SEAL["en"] in result.stdout
    assert (result.exit_code, set(errors("--trust", "trust"))) == (1, {"seal-mismatch"})


def test_an_altered_seal_that_no_signature_is_over_is_the_seals_fault(sealed: Path) -> None:
    seal = Path("R1.seal/seal.json")
    text = seal.read_text()
    digest = json.loads(text)["tag_manifests"][0]["sha256"]
    seal.write_text(text.replace(digest, "0" * 64))
    result = run("--trust", "trust")
    assert result.stdout.startswith("R1: the files agree with the bag's own manifests;")
    assert OF_THE_SEAL["en"] in result.stdout
    assert (result.exit_code, errors("--trust", "trust")) == (1, ["seal-mismatch"])


def test_signatures_that_were_removed_are_found_by_the_custody_log(sealed: Path) -> None:
    assert "signature-missing" not in run("--trust", "trust").stdout
    for signature in Path("R1.seal").glob("*.sig"):
        signature.unlink()
    result = run("--trust", "trust")
    name = f"{KEY.public_key.safe_name}.sig"
    assert f"signature-missing (warning)  R1.seal/{name}" in result.stdout.splitlines()
    assert (result.exit_code, result.stderr) == (0, "Next: archive help signature-missing\n")


def test_a_part_that_the_rewritten_manifests_do_not_list_was_removed_by_somebody() -> None:
    passed, failed = Answer(State.PASSED), Answer(State.FAILED)
    missing = (make_finding("copy-missing"),)
    rewritten = {"structure": passed, "fixity": passed}
    assert headline_of(missing, rewritten, is_ours=True) is Headline.REMOVED
    assert headline_of(missing, rewritten, is_ours=False) is None
    lost = (*missing, make_finding("payload-missing"))
    assert headline_of(lost, {"structure": failed, "fixity": Answer(State.NOT_CHECKED)}, is_ours=True) is None


OF_THE_LISTS = {
    "en": ("Signed: the manifests, by a signer you trust; the files are NOT what was signed.", "signed: the manifests alone"),
    "ar": ("والملفات ليست ما وُقّع عليه.", "قوائم البصمات وحدها"),
    "fr": ("les fichiers ne sont PAS ce qui a été signé.", "les manifestes seuls"),
    "es": ("los archivos NO son lo que se firmó.", "solo los manifiestos"),
}


@pytest.mark.parametrize("language", OF_THE_LISTS)
@pytest.mark.parametrize("is_lost", [False, True])
def test_a_signature_over_the_manifests_is_not_said_of_files_that_they_do_not_match(
    sealed: Path, language: str, is_lost: bool
) -> None:
    if is_lost:
        (sealed / "data/letter.txt").unlink()
    else:
        (sealed / "data/letter.txt").write_bytes(FORGED["data/letter.txt"])
    result = run("--trust", "trust", language=language)
    first, *others = result.stdout.splitlines()
    sentence, answer = OF_THE_LISTS[language]
    assert sentence in first
    assert any(answer in line for line in others)
    assert json.loads(run("--json", "--trust", "trust").stdout)["answers"]["who"]["state"] == "passed"
    unknown = run(language="en").stdout.splitlines()[0]
    assert "there is a signature over the manifests" in unknown and "the files are NOT what was signed" in unknown


def test_a_file_of_the_finder_in_a_sealed_bag_is_no_damage_of_what_was_signed(sealed: Path) -> None:
    (sealed / "data/.DS_Store").write_bytes(b"x")
    (sealed / "Thumbs.db").write_bytes(b"x")
    result = run("--trust", "trust")
    first = result.stdout.splitlines()[0]
    assert first.startswith("R1: INCOMPLETE as it is: an operating system put its own files into it (errors: 1).")
    assert first.endswith("Signed: yes, by a signer you trust. Timestamped: no.")
    assert result.stderr == "Next: archive help payload-system-file\n"


@pytest.fixture
def foreign(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A bag of another program, not sealed."""
    monkeypatch.chdir(tmp_path)
    return make_bag(tmp_path / "R1", PLAIN)


def test_what_is_advised_for_a_bag_of_another_program_can_be_done(foreign: Path) -> None:
    (foreign / "data/more.txt").write_bytes(b"x")
    result = run()
    assert result.stdout.startswith("R1: CONTRADICTORY.")
    assert "--expect" not in result.stdout and "This program did not make this bag" in result.stdout
    (foreign / "data/more.txt").unlink()
    (foreign / "data/letter.txt").unlink()
    result = run()
    assert result.stdout.startswith("R1: INCOMPLETE.")
    assert "archive repair" not in result.stdout and "from whoever sent it; then verify it again" in result.stdout


def test_the_holes_of_a_fetch_txt_are_to_be_fetched_first(foreign: Path) -> None:
    (foreign / "data/letter.txt").unlink()
    (foreign / "fetch.txt").write_text("https://example.org/letter.txt 12 data/letter.txt\n")
    result = run()
    assert "fetch-hole" in errors()
    assert "Files that fetch.txt lists are not in the bag: get each from its URL there" in result.stdout
    assert "archive repair" not in result.stdout


def test_two_sound_bags_of_another_program_are_not_called_unsound(foreign: Path) -> None:
    make_bag(foreign.with_name("R2"), FORGED)
    result = CliRunner().invoke(main, ["corroborate", "R1", "R2"])
    assert result.exit_code == 2
    assert "none of the bags is sound" not in result.stderr
    assert "(R1: holds no data/sources.json; R2: holds no data/sources.json)" in result.stderr


def _first_words() -> set[str]:
    """What the sentences of the outcomes begin with in capitals."""
    texts = (text for key, text in load("en").sentences.items() if key.startswith("cli.outcome."))
    return {found[0].strip() for text in texts if (found := re.match(r"[A-Z]{2,}(?: [A-Z]+)*(?=[. ])", text))}


def test_help_knows_the_first_words_of_every_headline() -> None:
    words = _first_words()
    of_the_bag = {"NOT A BAG", "NOT THE BAG", "CHANGED", "DAMAGED", "INCOMPLETE", "CONTRADICTORY"}
    assert {"DANGEROUS", "NOT AS REQUIRED", *of_the_bag} == words
    for word in words:
        shown = CliRunner().invoke(main, ["help", *word.split()])
        assert (shown.exit_code, "`verify`" in shown.stdout) == (0, True), word


def test_one_error_is_counted_in_the_singular() -> None:
    for key in ("cli.outcome.unsafe", "cli.corroborate.not_reliable"):
        for language in ("en", "fr", "es"):
            one, two = (load(language).sentence(key, n=n) for n in (1, 2))
            assert one.replace("1", "2") != two


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "NOT AS REQUIRED. What --require demands is not there: coverage, timestamped. Apart from that: "),
        ("ar", "ليست كما طُلب."),
        ("fr", "PAS COMME EXIGÉ."),
        ("es", "NO COMO SE EXIGÍA."),
    ],
)
def test_what_was_required_and_is_not_there_is_said_first(sealed: Path, language: str, words: str) -> None:
    required = ("--trust", "trust", "--require", "who,when,coverage")
    done = run(*required, language=language)
    first = done.stdout.splitlines()[0]
    assert (done.exit_code, first.startswith(f"R1: {words}")) == (1, True)
    if language == "en":
        assert first.removeprefix(f"R1: {words}").startswith("nothing has changed since this bag was sealed. Signed: yes")
    (sealed / "data" / "letter.txt").write_bytes(FORGED["data/letter.txt"])
    assert words not in run(*required, language=language).stdout.splitlines()[0]
