"""What a seal shows and what it does not, in plain words: for the terminal, and as a page beside the bag."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape

from archive_manifests.findings import Answer, State
from archive_manifests.seal import NAMESPACE, SealedFacts

_NOT_SHOWN = (
    "that a site sent the same bytes to anybody else",
    "that what the pages say is true, or who wrote it",
    "that the computer which collected them was honest, or that nothing was left out before the bag was sealed",
    "that a site signed anything: its certificate is public, and shows only whom the tool believed to talk to",
)

_REPORTED = (
    "that the tool reported, for every source, from which address it received these bytes, under which certificate"
    " and when (data/sources.json and the records beside it)"
)

_TELLING = (State.PASSED, State.NOT_CHECKED)
_SINCE = {
    State.PASSED: "that nothing in it was changed since then",
    State.NOT_CHECKED: "that timestamps say since when nothing was changed, which counts as far as you trust them",
    State.FAILED: "since when nothing was changed, because its timestamps do not hold",
    State.ABSENT: "since when nothing was changed",
}
_BY = {
    State.PASSED: "that it was signed with a key that whoever wrote this trusts",
    State.NOT_CHECKED: "that it was signed; whose key that is must be learnt in another way than from here",
    State.FAILED: "who vouches for it, because its signatures do not hold",
    State.ABSENT: "who vouches for it",
}

_ARABIC_SINCE = {
    State.PASSED: "أن شيئًا فيها لم يتغير منذ الوقت المذكور هنا",
    State.NOT_CHECKED: "أن أختامًا زمنية تذكر منذ متى لم يتغير شيء، ووزنها بقدر ثقتكم بمن أصدرها",
    State.FAILED: "منذ متى لم يتغير شيء، لأن الأختام الزمنية لا تصح",
    State.ABSENT: "منذ متى لم يتغير شيء",
}
_ARABIC_BY = {
    State.PASSED: "أنها وُقّعت بمفتاح يثق به كاتب هذه الصفحة",
    State.NOT_CHECKED: "أنها وُقّعت؛ أما صاحب المفتاح فيُعرف من طريق آخر غير هذه الصفحة",
    State.FAILED: "من يشهد لها، لأن التواقيع لا تصح",
    State.ABSENT: "من يشهد لها",
}
_ARABIC_REPORTED = (
    "أن الأداة ذكرت، لكل مصدر، من أي عنوان تلقت هذه البايتات، وتحت أي شهادة، ومتى"
    " (data/sources.json والسجلات التي بجانبه)"
)
_ARABIC_NOT_SHOWN = (
    "أن الموقع أرسل البايتات نفسها إلى غيرنا",
    "أن ما تقوله الصفحات صحيح، أو من كتبها",
    "أن الحاسوب الذي جمعها كان صادقًا، أو أن شيئًا لم يُترك قبل ختم الحقيبة",
    "أن الموقع وقّع شيئًا: شهادته معلنة، ولا تبيّن إلا مَن ظنت الأداة أنها تخاطبه",
)

_STYLE = """
:root { color-scheme: light dark; }
body { font: 1rem/1.5 system-ui, sans-serif; max-width: 44rem; margin: 2rem auto; padding: 0 1rem; }
code, pre { font: .875rem/1.4 ui-monospace, monospace; overflow-wrap: anywhere; white-space: pre-wrap; }
li { margin: .4rem 0; }
"""


@dataclass(frozen=True, slots=True)
class Statement:
    """The sentences, without markup."""

    title: str
    shown: tuple[str, ...]
    not_shown: tuple[str, ...]
    checks: tuple[tuple[str, str], ...]
    """(what for, command): how anybody checks it without this program."""
    arabic_shown: tuple[str, ...] = ()
    arabic_not_shown: tuple[str, ...] = ()
    """The same in Arabic; what verify itself says, in names and times, stays as it is."""


def make_statement(name: str, facts: SealedFacts, who: Answer, when: Answer) -> Statement:
    """The statement of a sealed bag, from verify's own two answers: it claims no more than they do."""
    shown, not_shown = _told(who, when, _SINCE, _BY)
    arabic_shown, arabic_not_shown = _told(who, when, _ARABIC_SINCE, _ARABIC_BY)
    return Statement(
        f"What the seal of {name} shows",
        (*shown, _REPORTED),
        (*not_shown, *_NOT_SHOWN),
        _checks(facts, who, when),
        (
            *arabic_shown,
            _ARABIC_REPORTED,
        ),
        (*arabic_not_shown, *_ARABIC_NOT_SHOWN),
    )


def _told(who: Answer, when: Answer, since: dict[State, str], by: dict[State, str]) -> tuple[list[str], list[str]]:
    shown: list[str] = []
    not_shown: list[str] = []
    for answer, words in ((when, since), (who, by)):
        (shown if answer.state in _TELLING else not_shown).append(f"{words[answer.state]}: {answer.why}")
    return shown, not_shown


def _checks(facts: SealedFacts, who: Answer, when: Answer) -> tuple[tuple[str, str], ...]:
    """Commands for the seal folder, beside the bag's own folder."""
    first = facts.tag_manifests[0]
    checks = [(f"the bag is the one that is sealed: this must print {first.sha256}", f"sha256sum ../BAG/{first.file}")]
    for one in _entries(who, "signers"):
        command = f"ssh-keygen -Y verify -f allowed_signers -I NAME -n {NAMESPACE} -s {one['file']} < seal.json"
        checks.append((f"the signature of {one['key'] or one['file']}, NAME being what you call that key", command))
    for one in _entries(when, "stamps"):
        command = f"openssl ts -verify -in {one['file']} -data {one['over']} -CAfile authority-root.pem"
        checks.append((f"the timestamp {one['file']}, with -attime once its certificate has ended", command))
    return tuple(checks)


def _entries(answer: Answer, name: str) -> list[dict[str, object]]:
    listed = answer.facts.get(name)
    return listed if isinstance(listed, list) else []


def as_lines(statement: Statement) -> list[str]:
    """The statement for a terminal."""
    return [
        "shown:",
        *(f"  - {sentence}" for sentence in statement.shown),
        "not shown:",
        *(f"  - {sentence}" for sentence in statement.not_shown),
    ]


def as_html(statement: Statement) -> str:
    """The statement as a page: no script, nothing fetched, every word from outside escaped and kept to its own line."""
    checks = "".join(
        f"<dt>{_said(why)}</dt><dd><pre>{_said(command)}</pre></dd>\n" for why, command in statement.checks
    )
    return f"""<!doctype html>
<html lang="en" dir="ltr">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>{_said(statement.title)}</title>
<style>{_STYLE}</style>
</head>
<body>
<h1>{_said(statement.title)}</h1>
<p>This page was written by the tool that sealed the bag. It proves nothing by itself: whoever can write a file can
write another page. The proof lies in the signatures and timestamps beside it, checked with keys and roots that you
got in another way.</p>
<h2>Shown</h2>
<ul>
{_listed(statement.shown)}</ul>
<h2>Not shown</h2>
<ul>
{_listed(statement.not_shown)}</ul>
<h2>Check it without this program</h2>
<p>In this folder, with the bag beside it:</p>
<dl>
{checks}</dl>
<section lang="ar" dir="rtl">
<h2>ما الذي يبيّنه الختم</h2>
<p>كتبت هذه الصفحة الأداة التي ختمت الحقيبة. وهي وحدها لا تثبت شيئًا: من يستطيع أن يكتب ملفًا يستطيع أن يكتب صفحة غيرها.
البرهان في التواقيع والأختام الزمنية التي بجانبها، تُفحص بمفاتيح وشهادات حصلتم عليها من طريق آخر.</p>
<h3>ما يتبيّن</h3>
<ul>
{_listed(statement.arabic_shown)}</ul>
<h3>ما لا يتبيّن</h3>
<ul>
{_listed(statement.arabic_not_shown)}</ul>
</section>
</body>
</html>
"""


def _listed(sentences: tuple[str, ...]) -> str:
    return "".join(f"<li>{_said(sentence)}</li>\n" for sentence in sentences)


def _said(text: str) -> str:
    """Escaped, and isolated: a name in a certificate may hold marks that turn the direction of what follows."""
    return f"<bdi>{escape(text)}</bdi>" if not text.isascii() else escape(text)
