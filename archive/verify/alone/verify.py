#!/usr/bin/env python3
# mypy: ignore-errors
"""Check an evidence-archive bag with nothing but Python (3.8 or later): one file, no installation, no network.

    python3 verify.py BAG [--expect sha256:HEX]

It answers four questions and writes nothing:
  structure   is it a complete BagIt 1.0 bag?        (RFC 8493; of an evidence-archive bag also its own exact form)
  fixity      is every byte as the manifests state?  (every file is read once)
  warc        is every WARC record whole, and where the records log says?  (WARC 1.1)
  references  has every source a verdict, and are the records and files there that the ledger names?

Of a disclosure copy it answers a fifth:
  origin      is every part of it a leaf of the hash tree whose root the original's seal.json states?

It does not check HTTP statuses and payload digests, what is generated, the report, custody events, media and supplied
files against the records, whether ledger and page say what the records hold, who made the bag, or since when it is as
it is (its last lines name all of that): for that, `archive verify --trust`. Whoever can change a file can change the manifests too, so compare the
digest it prints with one obtained elsewhere (--expect). What it cannot read it calls "not checked".

Get this file from a release, not from whoever gave you the bag.
Exit code: 0 sound, 1 not sound, 3 could not look, or something that should be checked was not.
"""

import argparse
import hashlib
import json
import os
import re
import stat
import sys
import zlib

PIECE = 1 << 20
SLICE = 1 << 14  # what zlib is given at once: behind a member's end it copies the rest, for each of many small ones
MOST = 1000  # things said of one WARC
LONGEST_HEADER = 1 << 20
DIGEST_LENGTHS = {"md5": 32, "sha1": 40, "sha224": 56, "sha256": 64, "sha384": 96, "sha512": 128}
MANIFEST = re.compile(r"(tag)?manifest-([a-z0-9]+)\.txt\Z")
LINE = re.compile(r"([0-9A-Fa-f]+)[ \t]+(.+)\Z")
EVIDENCE = ("data/provenance/records.jsonl", "data/provenance/events.jsonl", "data/provenance/software.json")
OURS = (
    *EVIDENCE,
    "bag-info.txt",
    "manifest-sha256.txt",
    "manifest-sha512.txt",
    "tagmanifest-sha256.txt",
    "tagmanifest-sha512.txt",
    "README-VERIFY.txt",
    "data/index.html",
    "data/sources.json",
    "data/report/sources.toml",
    "data/datapackage.json",
    "data/indexes/index.cdx",
    "data/pages/pages.jsonl",
    "data/provenance/premis.xml",
)
DISCLOSURE = tuple("data/disclosure/" + name for name in ("leaves.txt", "proofs.jsonl", "withheld.json"))
RUN = "data/disclosure/records.txt"
DERIVED = re.compile(
    r"data/(indexes/index\.cdx|pages/pages\.jsonl|datapackage\.json|index\.html|report/redacted\.txt|sources/(s\d+\.html|page\.css))\Z"
)
TAG_FILES = ("bagit.txt", "bag-info.txt", "README-VERIFY.txt", "disclosure.txt")
DECLARATION = "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
FIELD = re.compile(r"[^:\s](?:[^:\r\n]*[^:\s])?: [^\s\0](?:[^\r\n\0]*[^\s\0])?")
DATE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?Z\Z", re.ASCII)
NOT_CHECKED = (
    "HTTP statuses and payload digests; whether the ledger (data/sources.json) says what the records hold; what is "
    "generated (index, pages, data/index.html, datapackage.json, premis.xml, the texts of README-VERIFY.txt and "
    "bag-info.txt); the report (data/report: its own digest, its text, the list of sources); custody events and "
    "software.json; whether media, renderings and supplied files are what records and ledger say, and whether anything "
    "names a file; the root in disclosure.txt; timestamps of the run; who, when"
)
CONDITIONS = (
    "demonstration", "connect_to", "added_cas", "accepted_certificates", "proxy", "allow_private", "cookies", "accepted_bags"
)
"""Of a capture: each can make it false."""
ESCAPES = {"%0A": "\n", "%0D": "\r", "%25": "%"}


class Check:
    """A bag being checked; what is wrong with it gathers in `wrong`."""

    def __init__(self, bag):
        self.bag = bag
        self.wrong = []
        self.stated = {}  # path -> {algorithm: hex}
        self.found = {}  # path -> {algorithm: hex}
        self.records = {}  # id -> type
        self.unchecked = {}  # question -> why
        self.listed = {}  # manifest -> paths
        self.is_ours = self.foreign = self.is_copy = False
        self.remarks = []
        self.empty = []  # folders that hold nothing

    def skip(self, question, why):
        self.unchecked.setdefault(question, why)

    def say(self, question, path, what):
        self.wrong.append((question, path, what))

    # ---- structure -------------------------------------------------------------------------------------------------

    def structure(self):
        self.files = sorted(self.walk(""))
        self.is_ours = self.looks_ours()
        text = self.tag_text("bagit.txt")
        end = r"(?:\r\n|\r|\n)"
        older = text is not None and re.match(r"BagIt-Version: 0\.\d+\s", text)
        encoded = text is not None and re.match(
            r"BagIt-Version: 1\.0%sTag-File-Character-Encoding: (?!UTF-8)" % end, text
        )
        if not self.is_ours and (older or encoded or (text is None and "bagit.txt" in self.files)):
            self.foreign = True
            for question in ("structure", "fixity"):
                self.skip(question, "this program knows BagIt 1.0 in UTF-8 alone")
            return
        shape = r"BagIt-Version: 1\.0%sTag-File-Character-Encoding: UTF-8%s?\Z" % (end, end)
        if text is None or not re.match(shape, text):
            self.say("structure", "bagit.txt", "no bag declaration of BagIt 1.0 in UTF-8 (RFC 8493, 2.1.1)")
        manifests = [name for name in self.files if "/" not in name and MANIFEST.match(name)]
        if self.is_ours:
            for name in OURS:
                if name not in self.files:
                    self.say("structure", name, "every bag of evidence-archive has it")
        payload = {path for path in self.files if path.startswith("data/")}
        if not any(name.startswith("manifest-") for name in manifests):
            self.say("structure", ".", "no payload manifest (RFC 8493, 2.1.3)")
            self.skip("fixity", "no manifest states what any file should be")
        for name in manifests:
            self.manifest(name, payload)
        if payload and not payload & set(self.stated):
            self.skip("fixity", "no manifest lists any file of the payload")
        absent = sorted(set(self.stated) - set(self.files))
        for path in absent:
            self.say("structure", path, "listed, and not there")
        if absent:
            self.skip("fixity", "listed files that are not there: %d" % len(absent))
        for name in sorted(manifests):
            tag = MANIFEST.match(name).group(1)
            covered = any(name in self.listed[other] for other in self.listed if other.startswith("tag"))
            if not tag and not covered and any(other.startswith("tag") for other in self.listed):
                self.say("structure", name, "no tag manifest lists it (RFC 8493, 2.2.1)")
        self.fields()
        self.fetch()
        self.oxum(payload)
        if self.is_ours:
            self.canonical(manifests)

    def canonical(self, manifests):
        """A bag of evidence-archive has one form: these tag files and no other, in this exact text. (its profile)"""
        for folder in self.empty:
            self.say("structure", folder, "an empty folder, which bags of evidence-archive do not have")
        tags = {path for path in self.files if not path.startswith("data/")}
        for path in sorted(tags):
            is_manifest = MANIFEST.match(path) and MANIFEST.match(path).group(2) in ("sha256", "sha512")
            is_known = path in TAG_FILES or is_manifest or self.info("Origin-Bag-Tagmanifest")
            if "/" in path or not is_known:
                self.say("structure", path, "a file that bags of evidence-archive do not have")
        for name, listed in sorted(self.listed.items()):
            is_tag, algorithm = MANIFEST.match(name).groups()
            pairs = sorted((encoded(path).encode("utf-8"), self.stated[path].get(algorithm, "")) for path in listed)
            text = b"".join(digest.encode() + b"  " + path + b"\n" for path, digest in pairs)
            if text != b"".join(self.pieces(name)):
                self.say("structure", name, "not the exact text that evidence-archive writes")
            for path in sorted(
                listed ^ {each for each in tags if not each.startswith("tagmanifest-")} if is_tag else ()
            ):
                self.say("structure", name, "does not list just the tag files: %s" % path)
        if "data/provenance/seed.txt" in self.files and "disclosure.txt" not in tags:
            self.say("structure", "disclosure.txt", "every bag with a seed has it")
        if "bagit.txt" in tags and self.tag_text("bagit.txt") != DECLARATION:
            self.say("structure", "bagit.txt", "not the exact text that evidence-archive writes")
        text = self.tag_text("bag-info.txt")
        if text is not None and not (
            text[:1] != "\ufeff" and text.endswith("\n") and all(map(FIELD.fullmatch, text[:-1].split("\n")))
        ):
            self.say("structure", "bag-info.txt", "not the exact text that evidence-archive writes")

    def info(self, label):
        return re.search(r"(?im)^%s:" % label, self.tag_text("bag-info.txt") or "")

    def looks_ours(self):
        """By its profile, or by what only bags of evidence-archive hold."""
        info = self.tag_text("bag-info.txt") or ""
        if re.search(r"^BagIt-Profile-Identifier: \S*evidence-bag-1", info, re.MULTILINE):
            return True
        if re.search(r"^Origin-Bag-Tagmanifest: ", info, re.MULTILINE):
            return False
        if any(path in self.files for path in EVIDENCE):
            return True
        if "data/sources.json" not in self.files:
            return False
        return b'"archive.ledger/' in next(self.pieces("data/sources.json"), b"")[:1000]

    def fields(self):
        """bag-info.txt: `Label: value`, lines that start with white space go on. (RFC 8493, 2.2.2)"""
        if "bag-info.txt" not in self.files:
            return
        text = self.tag_text("bag-info.txt")
        if text is None:
            self.say("structure", "bag-info.txt", "not UTF-8")
            return
        for number, line in enumerate(re.split(r"\r\n|\r|\n", text), start=1):
            if line and line[0] not in " \t" and not re.match(r"[^\s:][^:]*(?<!\s):[ \t]", line + " "):
                self.say("structure", "bag-info.txt", "line %d is not `Label: value`" % number)

    def fetch(self):
        """A bag with files still to be fetched is not complete. (RFC 8493, 2.2.3 and 3)"""
        if "fetch.txt" in self.files:
            self.skip("structure", "fetch.txt is not read by this program")

    def walk(self, folder):
        """Every file below the bag, as a path with `/`; links and special files are reported, and never opened."""
        is_empty = bool(folder)
        with os.scandir(os.path.join(self.bag, folder)) as entries:
            for entry in entries:
                is_empty = False
                path = folder + entry.name
                if entry.is_dir(follow_symlinks=False):
                    for below in self.walk(path + "/"):
                        yield below
                elif entry.is_file(follow_symlinks=False):
                    yield path
                else:
                    self.say("structure", path, "a link or a special file: not opened")
        if is_empty:
            self.empty.append(folder)

    def manifest(self, name, payload):
        is_tag, algorithm = MANIFEST.match(name).groups()
        if algorithm not in DIGEST_LENGTHS:
            self.remarks.append("not checked: %s, an algorithm that this program does not know" % name)
            return
        listed = self.listed[name] = set()
        if self.tag_text(name) is None or self.tag_text(name).startswith("\ufeff"):
            self.say("structure", name, "not UTF-8 without a mark at its start")
        for number, line in enumerate(re.split(r"\r\n|\r|\n", self.tag_text(name) or ""), start=1):
            if not line:
                continue
            match = LINE.match(line)
            if match is None or len(match[1]) != DIGEST_LENGTHS[algorithm]:
                self.say("structure", name, "line %d is not a digest and a path" % number)
                continue
            path = re.sub("%0A|%0D|%25", lambda escape: ESCAPES[escape[0].upper()], match[2], flags=re.IGNORECASE)
            parts = path.split("/")
            if (
                path in listed
                or any(part in ("", ".", "..") for part in parts)
                or path.startswith("data/") == bool(is_tag)
            ):
                self.say("structure", name, "line %d: %r is listed twice, or may not stand here" % (number, path))
                continue
            listed.add(path)
            self.stated.setdefault(path, {})[algorithm] = match[1].lower()
        if not is_tag:
            for path in sorted(payload - listed):
                self.say("structure", path, "there, and not listed in " + name)

    def oxum(self, payload):
        stated = re.findall(r"(?im)^Payload-Oxum:(.*)$", self.tag_text("bag-info.txt") or "")
        if len(stated) > 1:
            self.say("structure", "bag-info.txt", "Payload-Oxum is there more than once")
        match = re.match(r"\s*(\d+)\.(\d+)\s*\Z", stated[0]) if stated else None
        if stated and not match:
            self.say("structure", "bag-info.txt", "Payload-Oxum is not octets.files")
        if match:
            octets = sum(os.lstat(self.place(path)).st_size for path in payload)
            if (octets, len(payload)) != (int(match[1]), int(match[2])):
                problem = "Payload-Oxum says %s.%s, found %d.%d" % (match[1], match[2], octets, len(payload))
                self.say("structure", "bag-info.txt", problem)

    # ---- fixity and WARC: every file is read once -----------------------------------------------------------------

    def read_files(self):
        if self.foreign:
            self.skip("warc", "the bag's files were not read")
            return
        log = self.records_log()
        if self.is_ours:
            self.parts()
        others = [
            path for path in self.files if re.match(r"(?i)data/.*\.warc(\.gz)?\Z", path) and path not in self.warcs()
        ]
        if others:
            self.skip("warc", "%d WARC files that are not in data/archive/ of a bag of evidence-archive" % len(others))
            if self.is_ours:
                self.remarks.append("not checked: %s, as a person supplied it" % ", ".join(others)[:500])
                del self.unchecked["warc"]
        for path in self.files:
            algorithms = sorted(self.stated.get(path, ()))
            hashes = {algorithm: hashlib.new(algorithm) for algorithm in algorithms}
            warc = Warc(self, path, log.get(path, {})) if path in self.warcs() else None
            for piece in self.pieces(path):
                for one in hashes.values():
                    one.update(piece)
                for at in range(0, len(piece) if warc else 0, SLICE):
                    warc.feed(piece[at : at + SLICE])
            if warc:
                warc.end()
            for algorithm in algorithms:
                found = self.found.setdefault(path, {})[algorithm] = hashes[algorithm].hexdigest()
                if found != self.stated[path][algorithm]:
                    problem = "%s stated %s, found %s" % (algorithm, self.stated[path][algorithm], found)
                    self.say("fixity", path, problem)
        for path in sorted(set(log) - set(self.files)):
            self.say("warc", path, "the records log names records in it, and it is not there")

    def warcs(self):
        if not (self.is_ours or self.is_a_copy()):
            return set()
        return {path for path in self.files if path.startswith("data/archive/") and path.endswith(".warc.gz")}

    def parts(self):
        """What has to be there beside the WARCs, and what may not."""
        for path in ("data/sources.json", "data/provenance/records.jsonl", "data/provenance/events.jsonl"):
            if path not in self.files:
                self.say("warc", path, "every bag of evidence-archive has it")
        for path in self.files:
            if path.startswith("data/archive/") and not path.endswith(".warc.gz"):
                self.say("warc", path, "no WARC of evidence-archive")

    def records_log(self):
        """path -> {offset: (length, sha256, id)} as the records log states them; its chain is checked on the way."""
        log, last = {}, None
        name = "data/provenance/records.jsonl"
        if name not in self.files:
            return self.proofs_log() if self.is_a_copy() else log
        for number, line in enumerate(self.lines(name), start=1):
            try:
                record = json.loads(line.decode("utf-8"))
                place = (
                    record["length"],
                    record["sha256"],
                    record["id"],
                    record["type"],
                    record["date"],
                    record["uri"],
                )
                log.setdefault(record["file"], {})[record["offset"]] = place
                if record["id"] in self.records:
                    self.say("warc", name, "line %d: a second record %s" % (number, record["id"]))
                self.records[record["id"]] = record["type"]
            except (ValueError, KeyError, TypeError):
                self.say("warc", name, "line %d is not a record" % number)
                continue
            if number == 1:
                self.first_prev = record.get("prev")
            elif record.get("prev") != last:
                self.say("warc", name, "line %d does not follow the line before it" % number)
            last = hashlib.sha256(line).hexdigest()
        return log

    def is_a_copy(self):
        return any(path in self.files for path in DISCLOSURE)

    def proofs_log(self):
        """The same of a disclosure copy, as its proofs have it: what a member's SHA-256 has to be, its leaf shows."""
        log = {}
        try:
            for line in self.lines(DISCLOSURE[1]):
                proof = json.loads(line.decode("utf-8"))
                if proof["kind"] == "record":
                    log.setdefault(proof["path"], {})[proof["offset"]] = (proof["length"], None, proof["ref"])
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            return {}  # `origin` says what is wrong with it
        return log

    # ---- references -----------------------------------------------------------------------------------------------------

    def references(self):
        name = "data/sources.json"
        if not self.is_ours or self.foreign:
            return
        if name not in self.files:
            self.say("references", name, "not there")
            return
        try:
            ledger = json.loads(b"".join(self.pieces(name)).decode("utf-8"))
            sources = ledger["sources"]
            for source in sources:
                if not source.get("status"):
                    self.say("references", name, "source %s has no verdict" % source.get("id"))
                for record in self.named_records(source):
                    if record not in self.records:
                        problem = "source %s names the record %s, which is not there" % (source.get("id"), record)
                        self.say("references", name, problem)
                for copy in source.get("copies", []):
                    for path in copy.get("files", []):
                        if path not in self.files:
                            self.say(
                                "references", name, "source %s names %s, which is not there" % (source.get("id"), path)
                            )
            self.round(ledger["conditions"].get("round"))
            self.sources = [(source["id"], source["status"], source["cited"]) for source in sources]
            self.conditions = [name for name in CONDITIONS if ledger["conditions"].get(name)]
        except (ValueError, KeyError, TypeError, AttributeError):
            self.say("references", name, "not a ledger")

    # ---- origin of a disclosure copy (docs/reference/disclosure.md) -------------------------------------------------

    def origin(self, seal):
        """Every part is a leaf of the original's tree, once, and nothing else is there; `seal` states the tree's root."""
        if not any(path in self.files for path in DISCLOSURE):
            return
        self.is_copy = True
        try:
            leaves, proofs, about = (b"".join(self.pieces(path)) for path in DISCLOSURE)
            leaves = leaves.decode("ascii").split("\n")[:-1]
            proofs = [json.loads(line.decode("utf-8")) for line in proofs.splitlines()]
            about = json.loads(about.decode("utf-8"))
            root = self.root(leaves)
            proven = self.proven(set(leaves), proofs)
            self.in_the_run(proven)
            self.unproven(proven, about["derived"])
            self.whole(proven, about["disclosed"])
            here, missing = len(about["disclosed"]), about["sources"]
            least = max(1, max([int(ident[1:]) for ident in about["disclosed"]] or [0]) - here)  # ids count up from s01
            if missing is not None and missing < least:
                self.say(
                    "origin", DISCLOSURE[2], "states %d withheld sources; at least %d are not here" % (missing, least)
                )
            count = str(here) if missing is None else "%d of %d" % (here, here + missing)
            self.remarks.append(
                "origin: %s sources of the original bag; withheld because of: %s" % (count, about["because"])
            )
            self.remarks.append(
                "not checked here: page, index and texts made for the copy; archive verify makes them again"
            )
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            self.say("origin", "data/disclosure", "cannot be read: %s" % error)
            return
        try:
            with open(seal, "rb") as file:
                stated = json.loads(file.read(PIECE).decode("utf-8"))["disclosure"]
        except (OSError, ValueError, KeyError, TypeError):
            self.skip("origin", "no seal.json of the original in %s" % seal)
            return
        if stated != {"scheme": "archive-leaf/1", "root": root, "size": len(leaves)}:
            self.say("origin", seal, "states another tree than leaves.txt")
        self.remarks.append(
            "whose seal that is, and since when: ssh-keygen -Y verify and openssl ts, on the files beside it"
        )

    def root(self, leaves):
        level = [bytes.fromhex(leaf) for leaf in leaves]
        if not level or len(level) & (len(level) - 1) or sorted(set(leaves)) != leaves:
            raise ValueError("leaves.txt: not sorted, one twice, or not a power of two of them")
        while len(level) > 1:
            level = [hashlib.sha256(b"\1" + level[at] + level[at + 1]).digest() for at in range(0, len(level), 2)]
        return level[0].hex()

    def proven(self, leaves, proofs):
        """(kind, reference) -> the proof of everything that is a leaf of the tree."""
        proven = {}
        for number, proof in enumerate(proofs, start=1):
            kind, ref, path = proof["kind"], proof["ref"], proof["path"]
            place = {"record": path, "file": ref}.get(
                kind, "data/ledger/" + (ref + "." if ref else "") + kind + ".json"
            )
            digest = self.member(proof) if kind == "record" else self.found.get(path, {}).get("sha256")
            salted = b"\0archive-leaf/1\0" + bytes.fromhex(proof["salt"]) + kind.encode() + b"\0"
            leaf = hashlib.sha256(salted + bytes.fromhex(digest or "")).hexdigest()
            if digest is None or place != path or leaf not in leaves or (kind, ref) in proven:
                self.say("origin", DISCLOSURE[1], "line %d proves nothing that is here: %s %s" % (number, kind, ref))
                continue
            leaves.remove(leaf)
            proven[kind, ref] = dict(proof, leaf=leaf)
        return proven

    def member(self, proof):
        """The SHA-256 of the WARC member that a proof is about, whose record has the id that it names."""
        if not (proof["path"] in self.files and proof["path"].startswith("data/archive/")):
            return None
        member, left = hashlib.sha256(), int(proof["length"])
        with open(self.place(proof["path"]), "rb") as file:
            file.seek(int(proof["offset"]))
            start = piece = file.read(min(PIECE, max(left, 0)))
            while piece:
                member.update(piece)
                left -= len(piece)
                piece = file.read(min(PIECE, left))
        try:
            head = zlib.decompressobj(31).decompress(start, LONGEST_HEADER).split(b"\r\n\r\n")[0]
        except zlib.error:
            return None
        named = re.search(rb"(?im)^WARC-Record-ID:\s*<([^>]*)>", head)
        is_it = named is not None and named[1].decode("utf-8", "replace") == proof["ref"]
        return member.hexdigest() if is_it and not left else None

    def in_the_run(self, proven):
        """Where the run's closing timestamp is here, its tree over the records has every record of the copy."""
        if RUN not in self.files:
            return
        leaves = b"".join(self.pieces(RUN)).decode("ascii").split("\n")[:-1]
        stated = json.loads(b"".join(self.pieces("data/provenance/time/ended.json")).decode("utf-8"))["disclosure"]
        if stated != {"scheme": "archive-leaf/1", "root": self.root(leaves), "size": len(leaves)}:
            self.say("origin", RUN, "ended.json states another tree of records")
        for kind, ref in (part for part in proven if part[0] == "record" and proven[part]["leaf"] not in leaves):
            self.say("origin", RUN, "%s %s is not in it" % (kind, ref))
        self.remarks.append(
            "since when the records exist: openssl ts -verify -data ended.json, in data/provenance/time"
        )

    def unproven(self, proven, derived):
        """Files and stretches of WARCs that no proof is about."""
        stretches = {}
        for proof in proven.values():
            stretches.setdefault(proof["path"], []).append((proof.get("offset") or 0, proof.get("length")))
        for path in (path for path in self.files if path.startswith("data/") and path not in (*DISCLOSURE, RUN)):
            if path.startswith("data/archive/"):
                at = 0
                for offset, length in sorted(stretches.get(path, [])):
                    at = at + length if offset == at else -1
                if not at or at != os.lstat(self.place(path)).st_size:
                    self.say("origin", path, "holds bytes that no proof is about")
            elif path not in stretches and not (path in derived and DERIVED.match(path)):
                self.say("origin", path, "no proof is about it")

    def whole(self, proven, disclosed):
        """Every disclosed source has both halves of its entry, and the records and files that it names."""
        if ("conditions", "") not in proven:
            self.say("origin", "data/ledger/conditions.json", "is not proven: no copy is whole without it")
        if sorted(ref for kind, ref in proven if kind == "capture") != sorted(disclosed):
            self.say("origin", DISCLOSURE[2], "lists other sources than are proven")
        for ident in disclosed:
            if ("citations", ident) not in proven or ("capture", ident) not in proven:
                self.say("origin", DISCLOSURE[1], "source %s is not whole" % ident)
                continue
            entry = json.loads(b"".join(self.pieces("data/ledger/%s.capture.json" % ident)).decode("utf-8"))
            drawn, copies = entry.get("rendering") or {}, entry.get("copies", [])
            more = [record for one in [drawn, *entry.get("submissions", [])] for record in one.get("records", [])]
            files = [path for one in [*copies, drawn] for path in one.get("files", [])]
            parts = [("record", each) for each in [*self.named_records(entry), *more]] + [
                ("file", each) for each in files
            ]
            for part in (part for part in parts if part not in proven):
                self.say("origin", "data/ledger/%s.capture.json" % ident, "names %s %s, which is not here" % part)

    def round(self, stated):
        """The records log begins with the round that the ledger states, and with the first timestamp."""
        if stated is None:
            return
        begun, reply, stamp = "data/provenance/time/begun.json", "data/provenance/time/begun-01.tsr", None
        if begun in self.files and reply in self.files:
            stamp = hashlib.sha256(b"".join(self.pieces(reply))).hexdigest()
        line = {"schema": "archive.round/1", "round": stated, "stamp": stamp}
        text = json.dumps(line, ensure_ascii=False, separators=(",", ":")) + "\n"
        if getattr(self, "first_prev", None) != hashlib.sha256(text.encode("utf-8")).hexdigest():
            self.say(
                "references", "data/provenance/records.jsonl", "does not begin with the round that the ledger states"
            )

    def named_records(self, source):
        for record in source.get("exchanges", []):
            yield record
        for copy in source.get("copies", []):
            for record in copy.get("records", []):
                yield record
        for requisite in source.get("requisites", []):
            for record in requisite.get("hops", []):
                yield record
            if requisite.get("record"):
                yield requisite["record"]

    def fingerprint(self):
        if "tagmanifest-sha256.txt" not in self.files:
            return None
        return "sha256:" + hashlib.sha256(b"".join(self.pieces("tagmanifest-sha256.txt"))).hexdigest()

    # ---- reading ------------------------------------------------------------------------------------------------------

    def place(self, path):
        return os.path.join(self.bag, *path.split("/"))

    def pieces(self, path):
        flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
        with open(os.open(self.place(path), flags), "rb", buffering=0) as file:
            if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                raise OSError(path + " is no regular file")
            while True:
                piece = file.read(PIECE)
                if not piece:
                    return
                yield piece

    def lines(self, path):
        rest = b""
        for piece in self.pieces(path):
            parts = (rest + piece).split(b"\n")
            rest = parts.pop()
            for part in parts:
                yield part + b"\n"
        if rest:
            yield rest

    def tag_text(self, name):
        try:
            return b"".join(self.pieces(name)).decode("utf-8")
        except (OSError, UnicodeDecodeError):
            return None


class Warc:
    """One WARC, read member by member: each holds one record. (WARC 1.1, annex D.2)"""

    def __init__(self, check, path, log):
        self.check, self.path, self.log = check, path, dict(log)
        self.at = self.said = 0
        self.broken = False
        self.begin()

    def say(self, what):
        self.said += 1
        self.broken = self.broken or self.said >= MOST
        self.check.say("warc", self.path, "at byte %d: %s" % (self.start, what))

    def begin(self):
        self.start, self.member, self.engine = self.at, hashlib.sha256(), zlib.decompressobj(31)
        self.header, self.fields, self.left, self.tail = b"", None, 0, b""

    def feed(self, piece):
        while piece and not self.broken:
            try:
                data = self.engine.decompress(piece, PIECE)
            except zlib.error:
                self.say("the compressed bytes are damaged")
                self.broken = True
                return
            self.take(data)
            unread = self.engine.unused_data if self.engine.eof else self.engine.unconsumed_tail
            used = len(piece) - len(unread)
            self.member.update(piece[:used])
            self.at += used
            if self.engine.eof:
                self.close()
                self.begin()
            elif not used and not data:
                return
            piece = unread

    def take(self, data):
        if self.fields is None:
            self.header += data
            end = self.header.find(b"\r\n\r\n")
            if end < 0:
                if len(self.header) > LONGEST_HEADER:
                    self.say("a record's header does not end")
                    self.broken = True
                return
            data, self.fields = self.header[end + 4 :], self.parse(self.header[:end])
            length = self.fields.get("content-length", "")
            self.left = int(length) if length.isdigit() else 0
            stated = self.fields.get("warc-block-digest", "")
            self.block = hashlib.sha256() if stated.startswith("sha256:") else None
        block, self.left = data[: self.left], max(0, self.left - len(data))
        if self.block is not None:
            self.block.update(block)
        self.tail = (self.tail + data[len(block) :])[:8]

    def parse(self, header):
        lines = header.decode("utf-8", "replace").split("\r\n")
        if lines[0] not in ("WARC/1.0", "WARC/1.1"):
            self.say("no WARC record begins here")
        return {name.strip().lower(): value.strip() for name, _, value in (line.partition(":") for line in lines[1:])}

    def close(self):
        if self.fields is None:
            self.say("a member without a whole record")
            return
        identity = self.fields.get("warc-record-id", "").strip("<>")
        if self.left or self.tail != b"\r\n\r\n":
            self.say("record %s is not as long as it says" % identity)
        stated = self.fields.get("warc-block-digest", "")
        if self.block is None or "sha256:" + self.block.hexdigest() != stated.lower():
            self.say("record %s: block digest stated %s, found another" % (identity, stated or "none"))
        listed = self.log.pop(self.start, ())  # of a copy, without type, date and address
        kind, date, uri = (self.fields.get("warc-" + name) for name in ("type", "date", "target-uri"))
        if not self.start and kind != "warcinfo" and len(listed) > 3:
            self.say("the file does not begin with a warcinfo record")
        if not DATE.match(date or ""):
            self.say("record %s: %r is no WARC-Date" % (identity, date))
        member = self.member.hexdigest() if listed[1:2] != (None,) else None
        found = (self.at - self.start, member, identity, kind, date, uri and uri.strip("<>"))
        if not listed or tuple(listed) != found[: len(listed)]:
            self.say("record %s is not as the records log has it" % identity)

    def end(self):
        if not self.broken and self.at != self.start:
            self.say("the file ends within a record")
        for offset in sorted(self.log):
            self.check.say(
                "warc", self.path, "the records log has record %s at byte %d" % (self.log[offset][2], offset)
            )


def encoded(path):
    """A path as a manifest spells it. (RFC 8493, 2.1.3)"""
    return path.replace("%", "%25").replace("\n", "%0A").replace("\r", "%0D")


def shown(text):
    """Text from a bag, made harmless for a terminal."""
    return "".join(c if c.isprintable() else "\\u%04x" % ord(c) for c in str(text))


def no_folder(path):
    """What to do where the path is not the folder of a bag; None where it may be one."""
    if not os.path.lexists(path):
        return "no such folder; check the name, and the folder you are in"
    if not os.path.isdir(path):
        return "no folder; unpack a package first (tar -xf, unzip), and give the folder that contains bagit.txt"
    if os.path.dirname(os.path.realpath(path)) == os.path.realpath(path):
        return "a whole disk; give the folder that contains bagit.txt"
    return None


def main():
    parser = argparse.ArgumentParser(description="Check an evidence-archive bag with Python alone.")
    parser.add_argument("bag")
    parser.add_argument("--expect", metavar="sha256:HEX", help="digest of tagmanifest-sha256.txt, known from elsewhere")
    arguments = parser.parse_args()
    problem = no_folder(arguments.bag)
    if problem:
        print("could not look: %s: %s" % (shown(arguments.bag), problem), file=sys.stderr)
        return 3
    check = Check(arguments.bag)
    try:
        check.structure()
        check.read_files()
        check.references()
        check.origin(os.path.join(os.path.abspath(arguments.bag) + ".seal", "seal.json"))
        found = check.fingerprint()
    except (OSError, RecursionError) as error:
        where = shown(getattr(error, "filename", None) or arguments.bag)
        what = getattr(error, "strerror", None) or "folders lie too deep in one another"
        print("could not look: %s: %s; copy the bag to another place and try again" % (where, what), file=sys.stderr)
        return 3
    if arguments.expect and arguments.expect.lower() != found:
        problem = "expected %s, found %s: another bag" % (arguments.expect, found or "no tagmanifest-sha256.txt")
        check.say("fixity", "tagmanifest-sha256.txt", problem)
    if getattr(check, "conditions", None):
        print("WARNING: captured under conditions that can make a capture false: " + ", ".join(check.conditions))
    if getattr(check, "sources", None):
        print("as the bag states them; whether the records show it is not checked by this program:")
    for identity, status, cited in getattr(check, "sources", []):
        print("%s  %-14s  %s" % (shown(identity), shown(status), shown(cited)))
    for question, path, what in check.wrong:
        print("%s: %s: %s" % (question, shown(path), shown(what)))
    for remark in check.remarks:
        print(shown(remark))
    questions = QUESTIONS + ("origin",) * check.is_copy
    print(", ".join("%s %s" % (question, state(check, question)) for question in questions))
    print("not checked by this program: " + NOT_CHECKED)
    is_expected = arguments.expect and arguments.expect.lower() == found
    print("tagmanifest: " + (found or "none") + (", the fingerprint that was expected" if is_expected else ""))
    return 1 if check.wrong else 3 if check.unchecked else 0


QUESTIONS = ("structure", "fixity", "warc", "references")


def state(check, question):
    if any(question == other for other, _, _ in check.wrong):
        return "FAILED"
    if question in check.unchecked:
        return "not checked (%s)" % check.unchecked[question]
    if not check.is_ours and question in ("warc", "references")[check.is_copy :]:
        return "absent"
    return "passed"


if __name__ == "__main__":
    try:
        code = main()
        sys.stdout.flush()
    except BrokenPipeError:  # whoever read it has enough, as `head` has
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = 3
    sys.exit(code)
