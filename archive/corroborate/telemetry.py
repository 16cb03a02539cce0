"""Where a page's program keeps what it knows of its own visit: every part of such a path is a word of programs.

`config.request.id` is the server's own; `payment.transactionId` and `attacker.ip` tell of something.
"""

from __future__ import annotations

import re

_WORDS = frozenset(
    """
    window self global this globals initial state store redux app application page props root main boot bootstrap
    bootstrapped preload preloaded preloads config configuration cfg conf settings setting options opts env environment
    context ctx runtime build release request req response res server client browser device visitor viewer session
    sess telemetry analytics tracking tracker track beacon datalayer layer digital utag gtm gtag ga ytcfg yt nuxt next
    apollo remix gatsby wp wordpress drupal liferay theme rl rlconf wg mw meta headers header http cookie cookies geo geoip
    location info experiment experiments tests test ab abtest abtests variants flags features feature toggles
    performance perf timing timings debug cache cdn edge cf fastly akamai cloudflare auth oauth login csrf xsrf security
    nonce token tokens signature params parameters query router csp sentry newrelic nreum rum locale i18n consent gdpr ajax
    api ws graphql endpoints reader user agent useragent current my me your environment system sys php asp net viewstate
    discourse substack medium facebook relay modules require define handle init instance hydration hydrate ak akam exp render rendering
    """.split()
)  # fmt: skip
_BESIDE = frozenset(("data", "id", "info", "value", "values", "object", "vars", "type"))
_SPLIT = re.compile(r"[_\W]+")


def is_of_program(path: str) -> bool:
    """True for a path of names of which none says anything but how the page is made. The last one is not looked at."""
    return all(map(_is_known, path.lower().split(".")[:-1]))


def _is_known(name: str) -> bool:
    words = [word for word in _SPLIT.split(name) if word and not word.isdigit()]
    said = [word for word in words if word not in _WORDS]
    return not said or (len(said) < len(words) and _BESIDE.issuperset(said))


def has_root(path: str) -> bool:
    """True for a value that a program keeps below a name of its own."""
    return "." in path and is_of_program(path)
