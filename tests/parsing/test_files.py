"""Folders, archives, links, pipes and what cannot be opened: everything is named, nothing stops the rest."""

from __future__ import annotations

import bz2
import gzip
import io
import json
import lzma
import os
import socket
import tarfile
import zipfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from articles.parsing import MAX_ARTICLE_BYTES, Draft, RejectedError, archives, read_articles
from articles.parsing.files import FoundFile, UnreadableFile, walk_paths
from tests.parsing.story import CLEAN_TEXT

STORY = CLEAN_TEXT.encode()


def names(*paths: Path, root: Path) -> list[tuple[str, str]]:
    """(path below root, member) or (path, code) of everything that is found, in order."""
    return [
        (os.path.relpath(entry.path, root), entry.member if isinstance(entry, FoundFile) else entry.code)
        for entry in walk_paths(paths)
    ]


def found(path: Path) -> list[tuple[str, bytes]]:
    return [(entry.member, entry.read()) for entry in walk_paths([path]) if isinstance(entry, FoundFile)]


def refused(path: Path) -> list[tuple[str, str]]:
    return [(entry.member, entry.code) for entry in walk_paths([path]) if isinstance(entry, UnreadableFile)]


def zipped(members: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return out.getvalue()


def tarred(members: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        for name, data in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return out.getvalue()


def test_folders_are_walked_in_the_order_of_their_names(tmp_path: Path) -> None:
    for name in ("b/2.txt", "b/10.txt", "a.txt", "c/d/e.txt", ".hidden", ".git/x", "README.md", "b/Readme", "LICENSE"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(STORY)
    assert names(tmp_path, root=tmp_path) == [(name, "") for name in ("a.txt", "b/10.txt", "b/2.txt", "c/d/e.txt")]


def test_a_path_that_is_named_is_taken_whatever_its_name(tmp_path: Path) -> None:
    for name in ("README.md", ".hidden"):
        (tmp_path / name).write_bytes(STORY)
    assert names(tmp_path / "README.md", tmp_path / ".hidden", root=tmp_path) == [("README.md", ""), (".hidden", "")]


def test_a_story_about_a_licence_is_no_licence(tmp_path: Path) -> None:
    (tmp_path / "licence-to-fish-revoked.txt").write_bytes(STORY)
    assert names(tmp_path, root=tmp_path) == [("licence-to-fish-revoked.txt", "")]


def test_what_is_no_regular_file_is_named_and_the_rest_goes_on(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a-pipe")
    (tmp_path / "b-loop").symlink_to(tmp_path / "b-loop")
    (tmp_path / "c-lost").symlink_to(tmp_path / "nowhere")
    (tmp_path / "d").mkdir()
    (tmp_path / "d" / "up").symlink_to(tmp_path)
    (tmp_path / "e.txt").write_bytes(STORY)
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(tmp_path / "f-socket"))
        assert names(tmp_path, tmp_path / "g", root=tmp_path) == [
            ("a-pipe", "not-a-file"),
            ("b-loop", "symlink-loop"),
            ("c-lost", "not-found"),
            ("d/up", "symlink-loop"),
            ("e.txt", ""),
            ("f-socket", "not-a-file"),
            ("g", "not-found"),
        ]


def test_a_folder_with_two_names_is_walked_once(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "x.txt").write_bytes(STORY)
    (tmp_path / "b").symlink_to(tmp_path / "a")
    assert names(tmp_path, root=tmp_path) == [("a/x.txt", "")]


def test_what_may_not_be_opened_is_unreadable(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Root may open everything, so the refusal is put on."""
    (tmp_path / "a.txt").write_bytes(STORY)
    opened = Path.open

    def refuse(path: Path, *args: Any, **kwargs: Any) -> Any:
        if path.name == "a.txt":
            raise PermissionError(13, "Permission denied", str(path))
        return opened(path, *args, **kwargs)

    monkeypatch.setattr(Path, "open", refuse)
    assert names(tmp_path, root=tmp_path) == [("a.txt", "unreadable")]


@pytest.mark.skipif(not Path("/proc/self/mem").exists(), reason="only Linux has a file that opens and cannot be read")
def test_a_file_that_opens_and_cannot_be_read_is_unreadable(tmp_path: Path) -> None:
    (tmp_path / "a.txt").symlink_to("/proc/self/mem")
    (tmp_path / "b.txt").write_bytes(STORY)
    assert names(tmp_path, root=tmp_path) == [("a.txt", "unreadable"), ("b.txt", "")]


def test_a_file_that_is_gone_when_its_turn_comes_is_unreadable(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(STORY)
    (entry,) = walk_paths([tmp_path])
    (tmp_path / "a.txt").unlink()
    assert isinstance(entry, FoundFile)
    with pytest.raises(RejectedError) as refused_:
        entry.read()
    assert refused_.value.code == "unreadable"


def test_a_file_larger_than_the_limit_is_refused_and_not_read_into_memory(tmp_path: Path) -> None:
    with (tmp_path / "a.txt").open("wb") as out:
        out.truncate(10**12)  # a hole, not a disk full
    (entry,) = walk_paths([tmp_path])
    assert isinstance(entry, FoundFile)
    with pytest.raises(RejectedError) as refused_:
        entry.read()
    assert refused_.value.code == "too-large"


def test_a_name_that_is_no_text_can_be_shown(tmp_path: Path) -> None:
    Path(os.fsdecode(os.fsencode(tmp_path) + b"/a\xff\n.txt")).write_bytes(STORY)
    (entry,) = walk_paths([tmp_path])
    assert entry.path.encode().endswith(rb"/a\xff\n.txt")
    assert isinstance(entry, FoundFile)
    assert entry.read() == STORY


MEMBERS = {"b.txt": STORY, "a/c.txt": b"two", "README.txt": b"no", "__MACOSX/._b.txt": b"no", ".git/x": b"no"}


@pytest.mark.parametrize(
    "data",
    [
        zipped(MEMBERS),
        tarred(MEMBERS),
        gzip.compress(tarred(MEMBERS)),
        bz2.compress(tarred(MEMBERS)),
        lzma.compress(tarred(MEMBERS)),
    ],
    ids=["zip", "tar", "tar.gz", "tar.bz2", "tar.xz"],
)
def test_archives_give_their_files_whatever_they_are_called(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "copy.txt").write_bytes(data)
    assert found(tmp_path) == [("b.txt", STORY), ("a/c.txt", b"two")]
    assert refused(tmp_path) == []


@pytest.mark.parametrize("pack", [gzip.compress, bz2.compress, lzma.compress])
def test_a_compressed_file_is_one_file(tmp_path: Path, pack: type[gzip.compress]) -> None:  # type: ignore[valid-type]
    (tmp_path / "copy").write_bytes(pack(STORY))  # type: ignore[operator]
    assert found(tmp_path) == [("", STORY)]


def test_nothing_is_ever_written_where_an_archive_says(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    name = "../../out.txt"
    (tmp_path / "in" / "copy.zip").write_bytes(zipped({name: STORY, "/abs.txt": b"x"}))
    assert found(tmp_path / "in") == [(name, STORY), ("/abs.txt", b"x")]
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["copy.zip", "in"]


def test_links_and_devices_in_a_tar_are_refused(tmp_path: Path) -> None:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        link = tarfile.TarInfo("link")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        archive.addfile(link)
        info = tarfile.TarInfo("a.txt")
        info.size = len(STORY)
        archive.addfile(info, io.BytesIO(STORY))
    (tmp_path / "copy.tar").write_bytes(out.getvalue())
    assert refused(tmp_path) == [("link", "not-a-file")]
    assert found(tmp_path) == [("a.txt", STORY)]


def test_a_member_larger_than_the_limit_is_refused_and_the_next_is_read(tmp_path: Path) -> None:
    for name, data in (("a.zip", zipped), ("b.tar", tarred)):
        (tmp_path / name).write_bytes(data({"big.txt": b"x" * (MAX_ARTICLE_BYTES + 1), "small.txt": STORY}))
    assert refused(tmp_path) == [("big.txt", "too-large")] * 2
    assert found(tmp_path) == [("small.txt", STORY)] * 2


@pytest.mark.parametrize("kind", ["zip", "tar.gz", "gz of lines"])
def test_an_archive_that_unpacks_to_far_too_much_is_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    monkeypatch.setattr(archives, "EXPANSION_SLACK_BYTES", 1_000_000)
    zeros = {f"{number}.txt": b"0" * 4_000_000 for number in range(5)}
    bomb = {
        "zip": lambda: zipped(zeros),
        "tar.gz": lambda: gzip.compress(tarred(zeros)),
        "gz of lines": lambda: gzip.compress(b'{"headline": ' + b"\n" * 20_000_000),
    }[kind]()
    (tmp_path / "a").write_bytes(bomb)
    (tmp_path / "b.txt").write_bytes(STORY)
    assert refused(tmp_path)[-1] == ("", "archive-bomb")
    assert found(tmp_path)[-1] == ("", STORY)


def test_a_member_with_a_password_is_refused(tmp_path: Path) -> None:
    data = bytearray(zipped({"a.txt": STORY}))
    for header, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(header) + offset] |= 1  # the flag that says "encrypted"
    (tmp_path / "a.zip").write_bytes(data)
    assert refused(tmp_path) == [("a.txt", "archive-encrypted")]


@pytest.mark.parametrize(
    "data",
    [
        b"PK\x03\x04\x14\x00\x00\x00",
        zipped({"a.txt": STORY})[:-40],
        gzip.compress(STORY)[:-20],
        gzip.compress(tarred({"a.txt": STORY * 50}))[:-60],
        tarred({"a.txt": STORY * 50})[:2000],
        b"\xfd7zXZ\x00rest",
    ],
    ids=["no zip", "cut zip", "cut gzip", "cut tar.gz", "cut tar", "no xz"],
)
def test_a_damaged_archive_says_so_and_the_rest_goes_on(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "a").write_bytes(data)
    (tmp_path / "b.txt").write_bytes(STORY)
    assert "archive-broken" in [code for _, code in refused(tmp_path)]
    assert found(tmp_path)[-1] == ("", STORY)


def test_one_damaged_member_of_a_zip_costs_only_itself(tmp_path: Path) -> None:
    data = bytearray(zipped({"a.txt": STORY, "b.txt": b"two"}))
    data[60] ^= 0xFF
    (tmp_path / "a.zip").write_bytes(data)
    assert refused(tmp_path) == [("a.txt", "archive-broken")]
    assert found(tmp_path) == [("b.txt", b"two")]


def line(number: int) -> bytes:
    return json.dumps({"headline": f"Story {number}", "paragraphs": ["x" * 100_000]}).encode() + b"\n"


@pytest.mark.parametrize("pack", ["plain", "gz", "zip"])
def test_a_long_exchange_file_is_read_line_by_line(tmp_path: Path, pack: str) -> None:
    long = b'{"headline": "' + b"x" * MAX_ARTICLE_BYTES + b'"}\n'
    data = b"".join([*map(line, range(1, 61)), b"\n", long, b"nonsense\n", line(64)])
    packed = {"plain": lambda: data, "gz": lambda: gzip.compress(data), "zip": lambda: zipped({"all": data})}[pack]()
    (tmp_path / "export").write_bytes(packed)
    prefix = "all:" if pack == "zip" else ""
    entries = list(walk_paths([tmp_path]))
    assert [entry.member for entry in entries] == [f"{prefix}line {n}" for n in (*range(1, 61), 62, 63, 64)]
    assert refused(tmp_path) == [(f"{prefix}line 62", "too-large")]
    results = [result for entry in entries if isinstance(entry, FoundFile) for result in read_articles(entry.read())]
    assert [isinstance(result, Draft) for result in results] == [True] * 60 + [False, True]


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from(["zip", "tar", "gz"]), st.lists(st.tuples(st.integers(0, 4000), st.integers(0, 255)), max_size=30)
)
def test_no_damage_to_an_archive_makes_the_walk_raise(
    tmp_path_factory: pytest.TempPathFactory, kind: str, damage: list[tuple[int, int]]
) -> None:
    members = {"a.txt": STORY, "b.txt": b"two"}
    data = bytearray({"zip": zipped, "tar": tarred, "gz": lambda m: gzip.compress(tarred(m))}[kind](members))
    for at, value in damage:
        data[at % len(data)] = value
    folder = tmp_path_factory.mktemp("damaged")
    (folder / "a").write_bytes(data)
    for entry in walk_paths([folder]):
        if isinstance(entry, FoundFile):
            list(read_articles(entry.read()))
