"""What a response is worth: a pure judgement of one response, what was cited, and at most one probe. No network."""

from archive.capture.classify.judge import judge
from archive.capture.classify.probe import probe_url, wants_probe
from archive.capture.classify.quotes import any_quote_found, quote_found, quotes_of
from archive.capture.classify.response import FinalResponse
from archive.capture.classify.statuses import is_page_named_as_file, retry_class

__all__ = [
    "FinalResponse",
    "any_quote_found",
    "is_page_named_as_file",
    "judge",
    "probe_url",
    "quote_found",
    "quotes_of",
    "retry_class",
    "wants_probe",
]
