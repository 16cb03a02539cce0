"""What handing over adds to the catalogue of findings: code -> question, is it an error, one sentence."""

from __future__ import annotations

HANDOVER: dict[str, tuple[str, bool, str]] = {
    "package-differs": ("fixity", True, "the package is not the one that the list or checksum beside it speaks of"),
    "package-folder-name": ("structure", True, "the name of the bag's folder is not one to be made here"),
    "package-twins": ("structure", True, "two members that some systems take for one: one of them would be lost"),
    "package-too-deep": ("structure", True, "folders are nested deeper, or a path is longer, than is reasonable"),
    "parts-differ": ("structure", True, "the parts are not all the parts of one bag"),
    "seal-refused": ("who", True, "what came as the bag's seal is none"),
    "custody-broken": ("who", True, "the custody log beside the bag does not hang together"),
    "profile-lacks": ("structure", True, "the bag lacks what the profile asks for"),
    "receipt-unreadable": ("who", True, "the receipt cannot be read"),
    "receipt-mismatch": ("who", True, "the receipt speaks of another bag"),
    "receipt-signature-bad": ("who", True, "the receipt's signature does not hold"),
    "receipt-unsigned": ("who", False, "nobody signed the receipt: anybody can have written it"),
    "receipt-signer-unknown": ("who", False, "the receipt's signature holds; its key is not among the trusted ones"),
    "receipt-custody": ("who", False, "the receiver's custody log goes on from a line that is not in the one here"),
    "receipt-answer": ("who", False, "the receiver found something wrong with the bag"),
}
"""Raised by `archive receive`, and by `archive verify --receipt`."""
