#!/usr/bin/env python3
# mypy: ignore-errors
"""Check an evidence-archive bag with nothing but Python (3.8 or later): one file, no installation, no network.

    python3 verify.py BAG [--expect sha256:HEX]

It answers four questions and writes nothing:
  structure  is it a complete BagIt bag?            (RFC 8493)
  fixity     is every byte as the manifests state?  (every file is read once)
  warc       is every WARC record whole, and where the records log says?  (WARC 1.1)
  ledger     has every cited source a verdict, and are the records there that it rests on?

It does not say who made the bag, nor since when it is as it is: for that, `archive verify --trust`. Whoever can
change a file can change the manifests too, so compare the digest it prints with one got elsewhere (--expect).

Get this file from a release, not from whoever gave you the bag. Exit code: 0 sound, 1 not sound, 3 could not look.
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
ESCAPES = {"%0A": "\n", "%0D": "\r", "%25": "%"}


class Check:
    """A bag being checked; what is wrong with it gathers in `wrong`."""

    def __init__(self, bag):
        self.bag = bag
        self.wrong = []
        self.stated = {}  # path -> {algorithm: hex}
        self.found = {}  # path -> {algorithm: hex}
        self.records = {}  # id -> type

    def say(self, question, path, what):
        self.wrong.append((question, path, what))

    # ---- structure -------------------------------------------------------------------------------------------------

    def structure(self):
        text = self.tag_text("bagit.txt")
        shape = r"BagIt-Version: \d+\.\d+\r?\nTag-File-Character-Encoding: UTF-8\r?\n?\Z"
        if text is None or not re.match(shape, text):
            self.say("structure", "bagit.txt", "no bag declaration in UTF-8 (RFC 8493, 2.1.1)")
        self.files = sorted(self.walk(""))
        manifests = [name for name in self.files if "/" not in name and MANIFEST.match(name)]
        payload = {path for path in self.files if path.startswith("data/")}
        if not any(name.startswith("manifest-") for name in manifests):
            self.say("structure", ".", "no payload manifest (RFC 8493, 2.1.3)")
        for name in manifests:
            self.manifest(name, payload)
        for path in sorted(set(self.stated) - set(self.files)):
            self.say("structure", path, "listed, and not there")
        self.oxum(payload)

    def walk(self, folder):
        """Every file below the bag, as a path with `/`; links and special files are told, and never opened."""
        with os.scandir(os.path.join(self.bag, folder)) as entries:
            for entry in entries:
                path = folder + entry.name
                if entry.is_dir(follow_symlinks=False):
                    for below in self.walk(path + "/"):
                        yield below
                elif entry.is_file(follow_symlinks=False):
                    yield path
                else:
                    self.say("structure", path, "a link or a special file: not opened")

    def manifest(self, name, payload):
        is_tag, algorithm = MANIFEST.match(name).groups()
        if algorithm not in DIGEST_LENGTHS:
            self.say("structure", name, "an algorithm that this program does not know")
            return
        listed = set()
        for number, line in enumerate(re.split(r"\r\n|\r|\n", self.tag_text(name) or ""), start=1):
            if not line:
                continue
            match = LINE.match(line)
            if match is None or len(match[1]) != DIGEST_LENGTHS[algorithm]:
                self.say("structure", name, "line %d is not a digest and a path" % number)
                continue
            path = re.sub("%0A|%0D|%25", lambda escape: ESCAPES[escape[0].upper()], match[2], flags=re.IGNORECASE)
            parts = path.split("/")
            if path in listed or any(part in ("", ".", "..") for part in parts) or path.startswith("data/") == bool(is_tag):
                self.say("structure", name, "line %d: %r is listed twice, or may not stand here" % (number, path))
                continue
            listed.add(path)
            self.stated.setdefault(path, {})[algorithm] = match[1].lower()
        if not is_tag:
            for path in sorted(payload - listed):
                self.say("structure", path, "there, and not listed in " + name)

    def oxum(self, payload):
        match = re.search(r"^Payload-Oxum: (\d+)\.(\d+)\s*$", self.tag_text("bag-info.txt") or "", re.MULTILINE)
        if match:
            octets = sum(os.lstat(self.place(path)).st_size for path in payload)
            if (octets, len(payload)) != (int(match[1]), int(match[2])):
                told = "Payload-Oxum says %s.%s, found %d.%d" % (match[1], match[2], octets, len(payload))
                self.say("structure", "bag-info.txt", told)

    # ---- fixity and WARC: every file is read once -----------------------------------------------------------------

    def read_files(self):
        log = self.records_log()
        for path in self.files:
            algorithms = sorted(self.stated.get(path, ()))
            hashes = {algorithm: hashlib.new(algorithm) for algorithm in algorithms}
            is_warc = path.startswith("data/archive/") and path.endswith(".warc.gz")
            warc = Warc(self, path, log.get(path, {})) if is_warc else None
            for piece in self.pieces(path):
                for one in hashes.values():
                    one.update(piece)
                for at in range(0, len(piece) if warc else 0, SLICE):
                    warc.feed(piece[at : at + SLICE])
            if warc:
                warc.end()
            for algorithm in algorithms:
                found = hashes[algorithm].hexdigest()
                if found != self.stated[path][algorithm]:
                    told = "%s stated %s, found %s" % (algorithm, self.stated[path][algorithm], found)
                    self.say("fixity", path, told)
        for path in sorted(set(log) - set(self.files)):
            self.say("warc", path, "the records log names records in it, and it is not there")

    def records_log(self):
        """path -> {offset: (length, sha256, id)} as the records log states them; its chain is checked on the way."""
        log, last = {}, None
        name = "data/provenance/records.jsonl"
        if name not in self.files:
            return log
        for number, line in enumerate(self.lines(name), start=1):
            try:
                record = json.loads(line.decode("utf-8"))
                place = (record["length"], record["sha256"], record["id"])
                log.setdefault(record["file"], {})[record["offset"]] = place
                self.records[record["id"]] = record["type"]
            except (ValueError, KeyError, TypeError):
                self.say("warc", name, "line %d is not a record" % number)
                continue
            if number > 1 and record.get("prev") != last:
                self.say("warc", name, "line %d does not follow the line before it" % number)
            last = hashlib.sha256(line).hexdigest()
        return log

    # ---- ledger -----------------------------------------------------------------------------------------------------

    def ledger(self):
        name = "data/sources.json"
        if name not in self.files:
            self.say("ledger", name, "not there")
            return
        try:
            ledger = json.loads(b"".join(self.pieces(name)).decode("utf-8"))
            sources = ledger["sources"]
            for source in sources:
                if not source.get("status"):
                    self.say("ledger", name, "source %s has no verdict" % source.get("id"))
                for record in source.get("exchanges", []):
                    if record not in self.records:
                        self.say("ledger", name, "source %s rests on %s, which is not there" % (source.get("id"), record))
            self.sources = [(source["id"], source["status"], source["cited"]) for source in sources]
        except (ValueError, KeyError, TypeError, AttributeError):
            self.say("ledger", name, "not a ledger")

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
        if self.log.pop(self.start, None) != (self.at - self.start, self.member.hexdigest(), identity):
            self.say("record %s is not as the records log has it" % identity)

    def end(self):
        if not self.broken and self.at != self.start:
            self.say("the file ends within a record")
        for offset in sorted(self.log):
            self.check.say("warc", self.path, "the records log has record %s at byte %d" % (self.log[offset][2], offset))


def shown(text):
    """Text from a bag, made harmless for a terminal."""
    return "".join(c if c.isprintable() else "\\u%04x" % ord(c) for c in str(text))


def main():
    parser = argparse.ArgumentParser(description="Check an evidence-archive bag with Python alone.")
    parser.add_argument("bag")
    parser.add_argument("--expect", metavar="sha256:HEX", help="digest of tagmanifest-sha256.txt, known from elsewhere")
    arguments = parser.parse_args()
    check = Check(arguments.bag)
    try:
        check.structure()
        check.read_files()
        check.ledger()
        found = "sha256:" + hashlib.sha256(b"".join(check.pieces("tagmanifest-sha256.txt"))).hexdigest()
    except (OSError, RecursionError) as error:
        print("could not look: %s" % shown(error), file=sys.stderr)
        return 3
    if arguments.expect and arguments.expect.lower() != found:
        check.say("fixity", "tagmanifest-sha256.txt", "expected %s, found %s: another bag" % (arguments.expect, found))
    for identity, status, cited in getattr(check, "sources", []):
        print("%s  %-14s  %s" % (shown(identity), shown(status), shown(cited)))
    for question, path, what in check.wrong:
        print("%s: %s: %s" % (question, shown(path), shown(what)))
    failed = {question for question, _, _ in check.wrong}
    questions = ("structure", "fixity", "warc", "ledger")
    print(", ".join("%s %s" % (question, "FAILED" if question in failed else "passed") for question in questions))
    print("who and when: not looked at by this program")
    print("tagmanifest: " + found)
    return 1 if check.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
