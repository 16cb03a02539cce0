"""What `verify` found, for people and for programs: the outcome first, then each finding, then the answers."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from msgspec.structs import fields

from archive_cli.next_step import bag_around_part, is_no_bag, next_step, renamed_seal
from archive_cli.output import catalogue, listed, message, print_line, print_next, printable, readable_address
from archive_manifests.bounded_findings import bounded
from archive_manifests.findings import ORIGIN, QUESTIONS, Outcome, Severity, State, count_of, outcome_of, place_of

if TYPE_CHECKING:
    from archive.corroborate.check import CorroborationCheck, SourceVoices
    from archive.handover.receipt_check import ReceiptCheck
    from archive.verify.result.verification import Verification
    from archive_manifests.corroboration import ObserverFacts
    from archive_manifests.findings import Answer, Finding

_DIGEST_SHOWN = 12
_MOST_NAMES = 4
_MOST_LISTED = 100
"""Findings of one code that people are shown one by one; `--json` lists ten times as many."""
_MOST_OF_RECORDS = 10
_OF_RECORDS = frozenset(
    {"record-unlisted", "record-missing", "record-differs", "record-moved", "log-chain", "log-line"}
)
"""Codes of which a log that was altered as a whole has one for each record."""
_DERIVED = frozenset(
    {"generated-differs", "disclosure-differs", "extract-differs", "read-otherwise"}
    | {"requisite-unlisted", "requisite-invented"}
)
"""Codes whose expected value is what comes out when it is derived again; so it is of every `-contradicted`."""
_MOST_SOURCES = 50
_CUT = "package-broken"
_REQUIRED = "required"
_UNSAFE = {"package-path", "package-link"}
"""Members of a package that another tool may write, or follow, outside its folder."""
_OF_KEYS = frozenset({"signer-out-of-period", "signer-revoked"})
"""Codes of sound seals whose key was not trusted when it signed: the same seal again says the same."""
_YES_OR_NO = ("who", "when")
"""Questions that are answered on the terminal with yes or no: signed, timestamped."""
_ALONE = {"wacz": "_wacz", "seal": "_seal"}
"""What is said of forms for which nothing outside vouches."""
_RECORDINGS = ("warc", "wacz")
"""Forms of what was verified that are no bags: what is said of damage names no bag either."""
_READ = ("structure", "fixity", "warc", "coverage")
"""Questions that need the bag alone."""


def as_json(
    found: Verification,
    receipt: ReceiptCheck | None = None,
    corroboration: CorroborationCheck | None = None,
    others: Sequence[tuple[str, ReceiptCheck]] = (),
) -> str:
    """One line, `archive.verify/1`, in ASCII. Findings on a receipt and a corroboration are among the others."""
    about = (*(receipt.findings if receipt else ()), *(corroboration.findings if corroboration else ()))
    errors = count_of(about, Severity.ERROR)
    answer = {
        "schema": "archive.verify/1",
        "bag": str(found.bag),
        "outcome": str(found.outcome),
        "basis": str(found.basis),
        "complete": found.is_complete,
        "valid": found.is_valid,
        "errors": found.errors + errors,
        "warnings": found.warnings + count_of(about, Severity.WARNING),
        "files": found.files,
        "octets": found.octets,
        "tagmanifest": str(found.tagmanifest) if found.tagmanifest else None,
        "trust": list(found.trust),
        "answers": {question: answer_as_object(answer) for question, answer in found.answers.items()},
        "findings": [finding_as_object(finding) for finding in (*found.findings, *about)],
    }
    answer |= {"renderings": found.renderings} if found.renderings else {}
    answer |= {"receipt": receipt.as_facts} if receipt else {}
    answer |= {"receipts_beside": [_receipt_beside(name, check) for name, check in others]} if others else {}
    return json.dumps(answer | ({"corroboration": corroboration.as_facts} if corroboration else {}))


def _receipt_beside(name: str, check: ReceiptCheck) -> dict[str, Any]:
    """A receipt of the seal folder for programs: its findings do not count as the bag's."""
    findings = [finding_as_object(finding) for finding in check.findings]
    return {"file": name, "worth": check.code, "receipt": check.as_facts, "findings": findings}


def answer_as_object(answer: Answer) -> dict[str, Any]:
    return {"state": str(answer.state)} | ({"why": answer.why} if answer.why else {}) | answer.facts


def finding_as_object(finding: Finding) -> dict[str, Any]:
    """A finding for programs, its severity and code first."""
    first = {"severity": str(finding.severity), "kind": str(finding.kind), "code": finding.code}
    values = {field.name: getattr(finding, field.name) for field in fields(finding)}
    texts = {name: str(value) if name == "path" else value for name, value in values.items() if value is not None}
    return first | {name: value for name, value in texts.items() if name not in first}


def print_verification(
    found: Verification,
    receipt: ReceiptCheck | None = None,
    corroboration: CorroborationCheck | None = None,
    others: Sequence[tuple[str, ReceiptCheck]] = (),
    *,
    has_next: bool = True,
) -> None:
    """The outcome in one sentence, every finding on its line, what the codes mean, the answers, what to do next."""
    from archive.trust.seal_folder import seal_folder
    from archive.verify.result.basis import Basis
    from archive.words.reasons import explain

    about = (*(receipt.findings if receipt else ()), *(corroboration.findings if corroboration else ()))
    findings = (*found.findings, *about)
    print_line(_outcome(found))
    if found.basis in (Basis.ALONE, Basis.COPY) and found.outcome in (
        Outcome.INTACT,
        Outcome.INTACT_WITH_WARNINGS,
    ):
        print_line(message(f"verify.alone{_ALONE.get(found.form, '')}"))
    if (seal := renamed_seal(found)) is not None:
        own = seal_folder(found.bag).name
        print_line(message("verify.renamed_seal", seal=printable(seal.name), name=printable(own)))
    if found.form == "warc":
        print_line(message("verify.lone_warc"))
    print_findings(findings)
    _print_advice(found)
    print_line(" · ".join(_short(found, question) for question in found.answers))
    for question, answer in found.answers.items():
        if answer.why and answer.state in (State.PASSED, State.NOT_CHECKED):
            print_line(f"{message(f'question.{question}')}: {explain(answer, catalogue())}")
    if found.renderings:
        print_line(message("verify.renderings", n=found.renderings))
    _print_trust(found)
    if receipt:
        print_line(message("verify.receipt", sentence=receipt.sentence_in(catalogue().code)))
    for name, check in others:
        sentence = f"{printable(name)}: {check.sentence_in(catalogue().code)}"
        print_line(message("verify.receipt", sentence=sentence))
    if corroboration:
        _print_corroboration(corroboration)
    counted, read = message("verify.findings", n=count_of(findings)), message("verify.files", n=found.files)
    print_line(message("verify.read", findings=counted, files=read, size=catalogue().size(found.octets)))
    if has_next:
        print_next(next_step(found, findings))


def _print_advice(found: Verification) -> None:
    """What to do with a bag that is not as it should be, and what is wrong with the seal beside it."""
    from archive.verify.result.headline import Headline, errors_of_seal

    if _is_unsafe(found.findings):
        print_line(message("verify.unsafe_advice"))
    elif found.headline is Headline.CHANGED:
        print_line(message("verify.changed_advice"))
    elif found.headline is Headline.REMOVED:
        print_line(message("verify.removed_advice"))
    elif found.headline is not None or is_no_bag(found.findings):
        pass
    elif found.outcome is Outcome.CONTRADICTORY:
        ours = found.is_ours or found.form in _RECORDINGS
        print_line(message("verify.contradictory_advice" if ours else "verify.foreign_advice"))
    elif found.outcome in (Outcome.DAMAGED, Outcome.INCOMPLETE):
        _print_damage(found)
    if wrong := errors_of_seal(found.findings, found.answers):
        is_of_key = {one.code for one in wrong} <= _OF_KEYS
        print_line(message("verify.key_not_trusted" if is_of_key else "verify.seal_not_reliable", n=count_of(wrong)))


def _print_corroboration(corroboration: CorroborationCheck) -> None:
    """Who signed the corroboration, and what the other observers are to each source of this bag."""
    for one in corroboration.signatures:
        others = listed(one.known_for_others)
        unknown = message("corroborate.known_for_others", names=others) if others else message("corroborate.not_known")
        who = listed(one.names) or unknown
        untimed = message("corroborate.time_not_trusted" if one.is_stamped else "corroborate.time_unknown")
        when = one.signed_not_later_than or untimed
        observers = listed(one.observers) or message("corroborate.no_observer")
        print_line(message("corroborate.countersigned", key=one.key, who=who, observers=observers, when=when))
    if not corroboration.signatures:
        bad = corroboration.bad_signatures
        print_line(message("corroborate.bad_signatures", n=bad) if bad else message("corroborate.nobody_signed"))
    if corroboration.errors:
        print_line(message("corroborate.not_reliable", n=corroboration.errors))
        return
    if corroboration.sources and not corroboration.is_vouched_for:
        print_line(message("corroborate.not_vouched"))
    if corroboration.document is not None and corroboration.sources:
        for observer in corroboration.document.observers:
            print_line(_observer(observer, is_this=observer.name == corroboration.observer))
    for source in corroboration.sources:
        state = catalogue().sentence(f"corroboration.state.{source.state}")
        address = readable_address(source.address)
        print_line(f"{source.source}  {state}  {'; '.join(_others(source)) or '-'}  {address}")


def _observer(observer: ObserverFacts, *, is_this: bool) -> str:
    """Who is called `o1`: the bag by its name and fingerprint, and the keys that signed it."""
    keys = listed(observer.keys) or message("corroborate.unsigned")
    facts = {"name": observer.name, "fingerprint": observer.tagmanifest, "keys": keys}
    return (
        message("corroborate.of_this", **facts)
        if is_this
        else message("corroborate.of_others", bag=observer.bag, **facts)
    )


def _others(source: SourceVoices) -> list[str]:
    """What the other observers are to one source: those that are the same to it together, as `o2, o3: same bytes`."""
    words, alike = catalogue(), dict[str, list[str]]()
    for name, status, independence in source.others:
        seen = f": {listed(source.seen)}" if status == "seen-alone" else ""
        independent = words.sentence(f"corroboration.{independence}")
        said = f"{words.sentence(f'corroboration.status.{status}')}{seen} ({independent})"
        alike.setdefault(said, []).append(name)
    return [f"{listed(names)}: {said}" for said, names in alike.items()]


def _print_trust(found: Verification) -> None:
    """What the answers about authenticity and time rest on: trust folder, custody log, proven and stated time."""
    if found.trust:
        print_line(message("verify.trust", files=listed(found.trust)))
    custody = found.answers["who"].facts.get("custody")
    if isinstance(custody, dict) and custody.get("events"):
        facts = {**custody, "signers": listed(custody["signers"])}
        print_line(message(f"verify.custody-{custody['state']}", n=custody["events"], **facts))
    when = found.answers["when"].facts
    stated = when.get("stated")
    if isinstance(stated, dict) and "not_later_than" in when:
        key = "verify.times_of_lists" if found.is_unlike_its_lists else "verify.times"
        print_line(message(key, proven=when["not_later_than"], **stated))


def print_findings(findings: tuple[Finding, ...]) -> None:
    """The findings, each on its line, and what the codes mean; of one code the first, and how many more there are."""
    for finding in _shown(findings):
        print_line(_finding_line(finding))
    for line in _meanings(findings):
        print_line(line)


def _shown(findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """Those that are shown one by one, in path order."""
    if len(findings) <= _MOST_OF_RECORDS:
        return findings
    of_records = (finding for finding in findings if finding.code in _OF_RECORDS)
    others = (finding for finding in findings if finding.code not in _OF_RECORDS)
    listed = (*bounded(of_records, most=_MOST_OF_RECORDS), *bounded(others, most=_MOST_LISTED))
    return tuple(sorted(listed, key=place_of))


def _print_damage(found: Verification) -> None:
    """Which sources the errors concern, and what to do with what is damaged."""
    errors = [finding for finding in found.findings if finding.severity is Severity.ERROR]
    sources = sorted({name for finding in errors for name in (finding.source or "").split(",") if name})
    unlisted = count_of(errors) - len(errors)
    if sources and unlisted:
        print_line(message("verify.affected_sources_others", n=unlisted, sources=_first_sources(sources)))
    elif sources:
        print_line(message("verify.affected_sources", n=len(sources), sources=_first_sources(sources)))
    codes = {finding.code for finding in errors}
    if _CUT not in codes or found.is_ours:  # else the first sentence says what to do, and nothing shows who made it
        print_line(message(f"verify.{_damaged_advice(found, codes)}"))


def _damaged_advice(found: Verification, errors: set[str]) -> str:
    """The sentence on what to do: only of a bag of ours there may be a copy in the catalogue of `archive repair`."""
    if found.form in _RECORDINGS:
        return "damaged_recording_advice"
    if "://" not in str(found.bag) and found.bag.is_file():
        return "damaged_package_advice"
    if found.is_ours:
        return "damaged_advice"
    return "fetch_advice" if "fetch-hole" in errors else "damaged_foreign_advice"


def _first_sources(sources: list[str]) -> str:
    return listed([*sources[:_MOST_SOURCES], *(["…"] if len(sources) > _MOST_SOURCES else [])])


def _outcome(found: Verification) -> str:
    """The first sentence: on the bag alone, whatever was compared with it."""
    from archive.verify.result.headline import changed_since, shown_state

    required = {finding.question for finding in found.of_bag if finding.code == _REQUIRED}
    lacking = [question for question in (*QUESTIONS, ORIGIN) if question in required]
    findings, outcome = found.of_bag, found.outcome
    if outcome in (Outcome.INTACT, Outcome.INTACT_WITH_WARNINGS):  # else what is wrong with the bag comes first
        findings = tuple(finding for finding in findings if finding.code != _REQUIRED)
        outcome = outcome_of(findings)
    errors = count_of(findings, Severity.ERROR)
    unread = [question for question in _READ if question in found.answers and _is_unread(found.answers[question])]
    if unread and outcome in (Outcome.INTACT, Outcome.INTACT_WITH_WARNINGS):
        named = listed(message(f"question.{question}") for question in unread)
        others = _left_out(found)
        code = "not_all_checked_others" if others else "not_all_checked"
        first = message(f"outcome.{code}", questions=named, names=others)
    elif _is_unsafe(findings):
        first = message("outcome.unsafe", n=errors)
    elif found.headline is not None:
        first = message(f"outcome.{found.headline}", n=errors, names=printable(changed_since(found.answers) or ""))
    elif any(finding.code == _CUT for finding in findings):
        first = message("outcome.cut")
    elif is_no_bag(findings):
        bag = bag_around_part(found)
        first = message("outcome.no_bag") if bag is None else message("outcome.inside_bag", bag=printable(str(bag)))
    else:
        of = "_recording" if errors and found.form in _RECORDINGS else ""
        first = message(f"outcome.{outcome}{of}", n=errors or count_of(findings), first=_basis(found))
    if lacking and not errors and found.headline is None:
        named = listed(message(f"question.{question}") for question in lacking)
        first = message("outcome.required", questions=named, rest=first)
    of_lists = found.is_unlike_its_lists
    states = [(question, shown_state(found.answers[question], of_lists=of_lists)) for question in _YES_OR_NO]
    second = [message(f"signed.{question}_{state}") for question, state in states]
    return " ".join([f"{printable(found.bag.name)}: {first}", *second])


def _is_unsafe(findings: tuple[Finding, ...]) -> bool:
    """Whether other tools that unpack the package may write outside its folder."""
    return any(finding.code in _UNSAFE and finding.severity is Severity.ERROR for finding in findings)


def _basis(found: Verification) -> str:
    """What is said of a bag without error, and what that rests on."""
    of = "_wacz" if found.form == "wacz" else ""
    return message(f"basis.{found.basis}{of}", names=_left_out(found))


def _left_out(found: Verification) -> str:
    """The tag files that the seal does not cover, the first of them by name."""
    names = [str(name) for name in _listed(found.answers["who"].facts.get("not_sealed"))]
    shown = [*names[:_MOST_NAMES], *(["…"] if len(names) > _MOST_NAMES else [])]
    return ", ".join(map(printable, shown))


def _listed(value: object) -> list[object]:
    return value if isinstance(value, list) else []


def _is_unread(answer: Answer) -> bool:
    return answer.state is State.NOT_CHECKED


def _short(found: Verification, question: str) -> str:
    answer = found.answers[question]
    if question in _YES_OR_NO:
        of_lists = "-of-lists" if answer.state is State.PASSED and found.is_unlike_its_lists else ""
        return f"{message(f'question.{question}')}: {message(f'yes_or_no.{answer.state}{of_lists}')}"
    return f"{message(f'question.{question}')} {message(f'state.{answer.state}')}"


def _finding_line(finding: Finding) -> str:
    path = finding.path.text if finding.path else "-"
    place = path if finding.line is None else f"{path}:{finding.line}"
    is_error = finding.severity is Severity.ERROR
    parts = [finding.code if is_error else message("verify.warning", code=finding.code), place]
    affects = message("verify.affects", source=_first_sources(finding.source.split(","))) if finding.source else ""
    more = message("verify.unlisted", n=finding.more) if finding.more else ""
    return "  ".join(part for part in (*parts, _compared(finding), affects, finding.note or "", more) if part)


def _compared(finding: Finding) -> str:
    if finding.expected is None:
        return message("verify.found", found=finding.found) if finding.found is not None else ""
    actual = finding.found or message("verify.nothing")
    (algorithm, stated), (other, found) = _digest(finding.expected), _digest(actual)
    if algorithm and algorithm == other:
        return message("verify.digests", algorithm=algorithm, stated=stated, found=found)
    stated, actual = stated_and_found(finding.code, finding.expected, actual)
    return message("verify.stated_found", stated=stated, found=actual)


def stated_and_found(code: str, expected: str, found: str) -> tuple[str, str]:
    """What the bag states, and what was found: what is derived again is the expected value of some codes."""
    return (found, expected) if code.endswith("-contradicted") or code in _DERIVED else (expected, found)


def _digest(text: str) -> tuple[str, str]:
    """Algorithm and first digits of a digest; no algorithm for anything else."""
    algorithm, _, value = text.partition(":")
    return (algorithm, f"{value[:_DIGEST_SHOWN]}…") if len(value) > 31 and value.isalnum() else ("", text)


def _meanings(findings: tuple[Finding, ...]) -> Iterator[str]:
    from archive_manifests.finding_codes import CATALOGUE

    for code in dict.fromkeys(finding.code for finding in findings):
        row = CATALOGUE.get(code)
        if row:
            yield f"{code}: {catalogue().sentences[f'finding.{code}']}{f' ({row.rule})' if row.rule else ''}"
