"""Partners' profiles: sound data, every field missed when it is missing, everything reported at once."""

from __future__ import annotations

import re

import pytest
from msgspec.structs import replace

from archive_manifests import profiles
from archive_manifests.errors import StatementError
from archive_manifests.profiles import BAG_INFO, Described, Profile, load, names, parse, shortcomings

ALL = ("md5", "sha1", "sha256", "sha512")
FIELDS = (
    *(("Source-Organization", "x"), ("Organization-Address", "x"), ("Contact-Name", "x"), ("Contact-Phone", "x")),
    *(("Contact-Email", "x"), ("External-Description", "x"), ("External-Identifier", "urn:uuid:1")),
    *(("Bagging-Date", "2026-11-22"), ("Bag-Size", "1 KB"), ("Payload-Oxum", "1.1"), ("Title", "x")),
    *(("Internal-Sender-Identifier", "x"), ("Internal-Sender-Description", "x"), ("Bag-Producing-Organization", "x")),
    *(("Date-Start", "2021"), ("Date-End", "2021-05"), ("Record-Creators", "x"), ("Record-Type", "grant records")),
    *(("Language", "x"), ("Restrictions", "x")),
)


def universal(profile: Profile) -> Described:
    """A bag that lacks nothing."""
    own = ((profiles.PROFILE_LABEL, profile.identifier),) if profile.identifier else ()
    listed = {one.label: one.values[0] for one in profile.field if one.file == BAG_INFO and one.values}
    fields = tuple((label, listed.get(label, value)) for label, value in FIELDS)
    others = {
        file: tuple(
            (one.label, one.closed or (one.values or ("x",))[0]) for one in profile.field if one.file == file
        )
        for file in profile.other_tag_files
    }
    return Described(
        name="R1",
        form=profile.formats[0],
        package="R1",
        version=profile.bagit_versions[-1],
        manifests=tuple(one for one in ALL if one in (profile.manifests_allowed or ALL)),
        tag_manifests=tuple(one for one in ALL if one in (profile.tag_manifests_allowed or ALL)),
        fields={BAG_INFO: (*fields, *own), **others},
        tag_files=("bagit.txt", BAG_INFO, *others),
        octets=1000,
    )


def lacks(profile: Profile, bag: Described) -> list[str]:
    return [one.what if one.is_required else f"({one.what})" for one in shortcomings(profile, bag)]


def test_the_profiles_that_were_promised_are_there() -> None:
    promised = ("aptrust", "archivematica", "btr", "fedora", "metaarchive", "plain", "rac", "wellcome")
    assert names() == promised


@pytest.mark.parametrize("name", names())
def test_profile_says_where_its_facts_come_from(name: str) -> None:
    profile = load(name)
    assert profile.id == name
    assert profile.title
    assert profile.sources
    assert all(source.startswith("https://") for source in profile.sources)
    assert re.fullmatch(r"20\d\d-\d\d-\d\d", profile.read)
    assert set(profile.formats) <= {"tar", "tar.gz", "zip"}
    assert profile.formats
    assert profile.serialization in ("required", "optional")
    assert {one.need for one in profile.field} <= {"required", "recommended"}
    assert all(one.closed in one.values for one in profile.field if one.closed is not None)
    assert set(profile.manifests_required) <= set(profile.manifests_allowed or ALL)


@pytest.mark.parametrize("name", names())
def test_a_bag_that_lacks_nothing_is_accepted(name: str) -> None:
    assert lacks(load(name), universal(load(name))) == []


@pytest.mark.parametrize(("name", "index"), [(name, index) for name in names() for index in range(len(load(name).field))])
def test_each_field_that_is_missing_is_reported_and_nothing_else(name: str, index: int) -> None:
    profile = load(name)
    wanted = profile.field[index]
    whole = universal(profile)
    without = tuple(pair for pair in whole.fields[wanted.file] if pair[0] != wanted.label)
    observed = f"{wanted.file} {wanted.label}"
    assert lacks(profile, replace(whole, fields={**whole.fields, wanted.file: without})) == [
        observed if wanted.need == "required" else f"({observed})"
    ]
    empty = tuple((label, "" if label == wanted.label else value) for label, value in whole.fields[wanted.file])
    is_refused = wanted.need == "required" or wanted.never_empty
    assert lacks(profile, replace(whole, fields={**whole.fields, wanted.file: empty})) == [
        observed if is_refused else f"({observed})"
    ]
    lower = tuple((label.lower(), value) for label, value in whole.fields[wanted.file])
    assert observed not in lacks(profile, replace(whole, fields={**whole.fields, wanted.file: lower}))
    if wanted.values:
        other = tuple((label, "Public" if label == wanted.label else value) for label, value in whole.fields[wanted.file])
        assert lacks(profile, replace(whole, fields={**whole.fields, wanted.file: other})) == [observed]
    if wanted.once:
        twice = (*whole.fields[wanted.file], next(pair for pair in whole.fields[wanted.file] if pair[0] == wanted.label))
        assert lacks(profile, replace(whole, fields={**whole.fields, wanted.file: twice})) == [observed]
    if wanted.form == "date":
        odd = tuple((label, "22.11.2026" if label == wanted.label else value) for label, value in whole.fields[wanted.file])
        assert lacks(profile, replace(whole, fields={**whole.fields, wanted.file: odd})) == [observed]


@pytest.mark.parametrize("name", names())
def test_each_manifest_that_is_missing_is_reported(name: str) -> None:
    profile = load(name)
    whole = universal(profile)
    for one in profile.manifests_required:
        left = tuple(there for there in whole.manifests if there != one)
        tagged = tuple(there for there in whole.tag_manifests if there in left or not profile.tag_manifests_like_manifests)
        assert lacks(profile, replace(whole, manifests=left, tag_manifests=tagged)) == [f"manifest-{one}.txt"]
    for one in profile.tag_manifests_required:
        left = tuple(there for there in whole.tag_manifests if there != one)
        assert lacks(profile, replace(whole, tag_manifests=left)) == [f"tagmanifest-{one}.txt"]
    if profile.tag_manifests_like_manifests:
        assert lacks(profile, replace(whole, tag_manifests=("sha256",))) == [
            "tagmanifest-md5.txt",
            "tagmanifest-sha1.txt",
            "tagmanifest-sha512.txt",
        ]
    if profile.manifests_any:
        assert "manifest-*.txt" in lacks(profile, replace(whole, manifests=("blake2b",)))
    if profile.manifests_allowed:
        assert lacks(profile, replace(whole, manifests=(*whole.manifests, "sha224"))) == ["manifest-sha224.txt"]


@pytest.mark.parametrize("name", names())
def test_the_package_itself_is_checked_against_what_is_requested(name: str) -> None:
    profile = load(name)
    whole = universal(profile)
    assert lacks(profile, replace(whole, version="2.0")) == ["BagIt-Version"]
    assert lacks(profile, replace(whole, has_fetch=True)) == ["fetch.txt"]
    assert lacks(profile, replace(whole, form=None)) == (["format"] if profile.serialization == "required" else [])
    for form in {"tar", "tar.gz", "zip"} - set(profile.formats):
        assert lacks(profile, replace(whole, form=form)) == ["format"]
    assert lacks(profile, replace(whole, package="R2")) == (["folder"] if profile.folder_named_like_package else [])
    if profile.largest_bag:
        assert lacks(profile, replace(whole, octets=profile.largest_bag)) == []
        assert lacks(profile, replace(whole, octets=profile.largest_bag + 1)) == ["size"]
    if profile.identifier:
        fields = {**whole.fields, BAG_INFO: tuple(pair for pair in whole.fields[BAG_INFO] if pair[1] != profile.identifier)}
        observed = f"{BAG_INFO} {profiles.PROFILE_LABEL}"
        assert lacks(profile, replace(whole, fields=fields)) == [observed if profile.identifier_required else f"({observed})"]
    for earlier in profile.accepts_identifiers:
        fields = {**whole.fields, BAG_INFO: (*FIELDS, (profiles.PROFILE_LABEL, earlier))}
        assert f"{BAG_INFO} {profiles.PROFILE_LABEL}" not in lacks(profile, replace(whole, fields=fields))


def test_names_that_a_partner_refuses_are_reported_up_to_a_point() -> None:
    profile = load("rac")
    odd = tuple(f"data/{number:02d}?.txt" for number in range(12))
    found = shortcomings(profile, replace(universal(profile), odd_names=(*odd, "data/é.txt")))
    assert [one.what for one in found] == list(odd[:10])
    assert found[-1].found == "data/09?.txt, and 2 more names"
    wellcome = load("wellcome")
    assert lacks(wellcome, replace(universal(wellcome), odd_names=("data/x.", "data/?"))) == ["data/x."]


def test_tag_folders_and_folders_with_a_meaning_are_reported() -> None:
    wellcome = load("wellcome")
    assert lacks(wellcome, replace(universal(wellcome), tag_files=("bagit.txt", "tags/x.txt"))) == ["tags/x.txt"]
    profile = load("archivematica")
    whole = universal(profile)
    assert lacks(profile, replace(whole, payload_folders=frozenset({"data/logs"}))) == ["(data/logs)"]
    spaced = replace(whole, fields={BAG_INFO: (("Label (with) spaces", "x"),)})
    assert lacks(profile, spaced) == [f"({BAG_INFO} Label (with) spaces)"]


def test_everything_is_reported_at_once_what_is_required_first() -> None:
    profile = load("btr")
    empty = Described("R1", "rar", "R1", "0.93", (), (), {}, (), 0, has_fetch=True)
    assert lacks(profile, empty) == [
        *("format", "BagIt-Version", "fetch.txt", "manifest-*.txt", f"{BAG_INFO} {profiles.PROFILE_LABEL}"),
        *(f"{BAG_INFO} {label}" for label in ("Source-Organization", "Bagging-Date", "Payload-Oxum")),
        *(
            f"({BAG_INFO} {label})"
            for label in (
                *("Organization-Address", "Contact-Email", "Internal-Sender-Identifier"),
                *("Internal-Sender-Description", "Bag-Producing-Organization"),
            )
        ),
    ]


@pytest.mark.parametrize(
    ("text", "match"),
    [
        ("", "profile x: Object missing required field `id`"),
        ("id = 7", "profile x: Expected `str`"),
        ("[", "profile x: "),
    ],
)
def test_data_that_is_no_profile_is_reported(text: str, match: str) -> None:
    with pytest.raises(StatementError, match=match):
        parse(text, "x")


def test_a_profile_that_is_not_known_is_reported_with_those_that_are() -> None:
    with pytest.raises(StatementError, match=r"no profile '\.\./x'; there are aptrust, archivematica"):
        load("../x")
