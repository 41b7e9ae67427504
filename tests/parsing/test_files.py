"""Test walking folders, archives, links, pipes and unreadable files."""

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

ARTICLE = CLEAN_TEXT.encode()


def list_entries(*paths: Path, root: Path) -> list[tuple[str, str]]:
    """Return (path below root, member or code) of every entry, in order."""
    return [
        (os.path.relpath(entry.path, root), entry.member if isinstance(entry, FoundFile) else entry.code)
        for entry in walk_paths(paths)
    ]


def readable_entries(path: Path) -> list[tuple[str, bytes]]:
    return [(entry.member, entry.read()) for entry in walk_paths([path]) if isinstance(entry, FoundFile)]


def rejected_entries(path: Path) -> list[tuple[str, str]]:
    return [(entry.member, entry.code) for entry in walk_paths([path]) if isinstance(entry, UnreadableFile)]


def make_zip(members: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return out.getvalue()


def make_tar(members: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        for name, data in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return out.getvalue()


def test_folders_are_walked_in_name_order(tmp_path: Path) -> None:
    for name in ("b/2.txt", "b/10.txt", "a.txt", "c/d/e.txt", ".hidden", ".git/x", "README.md", "b/Readme", "LICENSE"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(ARTICLE)

    assert list_entries(tmp_path, root=tmp_path) == [
        (name, "") for name in ("a.txt", "b/10.txt", "b/2.txt", "c/d/e.txt")
    ]


def test_explicit_path_is_never_skipped(tmp_path: Path) -> None:
    for name in ("README.md", ".hidden"):
        (tmp_path / name).write_bytes(ARTICLE)

    assert list_entries(tmp_path / "README.md", tmp_path / ".hidden", root=tmp_path) == [
        ("README.md", ""),
        (".hidden", ""),
    ]


def test_article_about_a_licence_is_not_skipped(tmp_path: Path) -> None:
    (tmp_path / "licence-to-fish-revoked.txt").write_bytes(ARTICLE)

    assert list_entries(tmp_path, root=tmp_path) == [("licence-to-fish-revoked.txt", "")]


def test_special_file_is_reported_and_the_walk_continues(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a-pipe")
    (tmp_path / "b-loop").symlink_to(tmp_path / "b-loop")
    (tmp_path / "c-lost").symlink_to(tmp_path / "nowhere")
    (tmp_path / "d").mkdir()
    (tmp_path / "d" / "up").symlink_to(tmp_path)
    (tmp_path / "e.txt").write_bytes(ARTICLE)
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(tmp_path / "f-socket"))
        assert list_entries(tmp_path, tmp_path / "g", root=tmp_path) == [
            ("a-pipe", "not-a-file"),
            ("b-loop", "symlink-loop"),
            ("c-lost", "not-found"),
            ("d/up", "symlink-loop"),
            ("e.txt", ""),
            ("f-socket", "not-a-file"),
            ("g", "not-found"),
        ]


def test_folder_with_two_names_is_walked_once(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "x.txt").write_bytes(ARTICLE)
    (tmp_path / "b").symlink_to(tmp_path / "a")

    assert list_entries(tmp_path, root=tmp_path) == [("a/x.txt", "")]


def test_file_without_permission_is_unreadable(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Simulate the error: root may open every file."""
    (tmp_path / "a.txt").write_bytes(ARTICLE)
    opened = Path.open

    def refuse(path: Path, *args: Any, **kwargs: Any) -> Any:
        if path.name == "a.txt":
            raise PermissionError(13, "Permission denied", str(path))
        return opened(path, *args, **kwargs)

    monkeypatch.setattr(Path, "open", refuse)

    assert list_entries(tmp_path, root=tmp_path) == [("a.txt", "unreadable")]


@pytest.mark.skipif(not Path("/proc/self/mem").exists(), reason="needs a file that opens but cannot be read (Linux)")
def test_file_that_opens_but_cannot_be_read_is_unreadable(tmp_path: Path) -> None:
    (tmp_path / "a.txt").symlink_to("/proc/self/mem")
    (tmp_path / "b.txt").write_bytes(ARTICLE)

    assert list_entries(tmp_path, root=tmp_path) == [("a.txt", "unreadable"), ("b.txt", "")]


def test_file_removed_after_the_walk_is_unreadable(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(ARTICLE)
    (entry,) = walk_paths([tmp_path])
    (tmp_path / "a.txt").unlink()

    assert isinstance(entry, FoundFile)
    with pytest.raises(RejectedError) as error_info:
        entry.read()
    assert error_info.value.code == "unreadable"


def test_file_above_the_limit_is_rejected(tmp_path: Path) -> None:
    with (tmp_path / "a.txt").open("wb") as out:
        out.truncate(10**12)  # a sparse file: it uses no disk space
    (entry,) = walk_paths([tmp_path])

    assert isinstance(entry, FoundFile)
    with pytest.raises(RejectedError) as error_info:
        entry.read()
    assert error_info.value.code == "too-large"


def test_undecodable_name_is_escaped(tmp_path: Path) -> None:
    Path(os.fsdecode(os.fsencode(tmp_path) + b"/a\xff\n.txt")).write_bytes(ARTICLE)
    (entry,) = walk_paths([tmp_path])

    assert entry.path.encode().endswith(rb"/a\xff\n.txt")
    assert isinstance(entry, FoundFile)
    assert entry.read() == ARTICLE


MEMBERS = {"b.txt": ARTICLE, "a/c.txt": b"two", "README.txt": b"no", "__MACOSX/._b.txt": b"no", ".git/x": b"no"}


@pytest.mark.parametrize(
    "data",
    [
        make_zip(MEMBERS),
        make_tar(MEMBERS),
        gzip.compress(make_tar(MEMBERS)),
        bz2.compress(make_tar(MEMBERS)),
        lzma.compress(make_tar(MEMBERS)),
    ],
    ids=["zip", "tar", "tar.gz", "tar.bz2", "tar.xz"],
)
def test_archive_is_recognised_by_content(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "copy.txt").write_bytes(data)

    assert readable_entries(tmp_path) == [("b.txt", ARTICLE), ("a/c.txt", b"two")]
    assert rejected_entries(tmp_path) == []


@pytest.mark.parametrize("pack", [gzip.compress, bz2.compress, lzma.compress])
def test_compressed_file_gives_one_file(tmp_path: Path, pack: type[gzip.compress]) -> None:  # type: ignore[valid-type]
    (tmp_path / "copy").write_bytes(pack(ARTICLE))  # type: ignore[operator]

    assert readable_entries(tmp_path) == [("", ARTICLE)]


def test_archive_with_unsafe_paths_writes_nothing(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    name = "../../out.txt"
    (tmp_path / "in" / "copy.zip").write_bytes(make_zip({name: ARTICLE, "/abs.txt": b"x"}))

    assert readable_entries(tmp_path / "in") == [(name, ARTICLE), ("/abs.txt", b"x")]
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["copy.zip", "in"]


def test_link_in_a_tar_is_rejected(tmp_path: Path) -> None:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        link = tarfile.TarInfo("link")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        archive.addfile(link)
        info = tarfile.TarInfo("a.txt")
        info.size = len(ARTICLE)
        archive.addfile(info, io.BytesIO(ARTICLE))
    (tmp_path / "copy.tar").write_bytes(out.getvalue())

    assert rejected_entries(tmp_path) == [("link", "not-a-file")]
    assert readable_entries(tmp_path) == [("a.txt", ARTICLE)]


def test_member_above_the_limit_is_rejected_and_next_is_read(tmp_path: Path) -> None:
    for name, data in (("a.zip", make_zip), ("b.tar", make_tar)):
        (tmp_path / name).write_bytes(data({"big.txt": b"x" * (MAX_ARTICLE_BYTES + 1), "small.txt": ARTICLE}))

    assert rejected_entries(tmp_path) == [("big.txt", "too-large")] * 2
    assert readable_entries(tmp_path) == [("small.txt", ARTICLE)] * 2


@pytest.mark.parametrize("kind", ["zip", "tar.gz", "gz of lines"])
def test_archive_bomb_is_rejected(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str) -> None:
    monkeypatch.setattr(archives, "EXPANSION_SLACK_BYTES", 1_000_000)
    zeros = {f"{number}.txt": b"0" * 4_000_000 for number in range(5)}
    bomb = {
        "zip": lambda: make_zip(zeros),
        "tar.gz": lambda: gzip.compress(make_tar(zeros)),
        "gz of lines": lambda: gzip.compress(b'{"headline": ' + b"\n" * 20_000_000),
    }[kind]()
    (tmp_path / "a").write_bytes(bomb)
    (tmp_path / "b.txt").write_bytes(ARTICLE)

    assert rejected_entries(tmp_path)[-1] == ("", "archive-bomb")
    assert readable_entries(tmp_path)[-1] == ("", ARTICLE)


def test_member_with_a_password_is_rejected(tmp_path: Path) -> None:
    data = bytearray(make_zip({"a.txt": ARTICLE}))
    for header, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(header) + offset] |= 1  # the "encrypted" flag
    (tmp_path / "a.zip").write_bytes(data)

    assert rejected_entries(tmp_path) == [("a.txt", "archive-encrypted")]


@pytest.mark.parametrize(
    "data",
    [
        b"PK\x03\x04\x14\x00\x00\x00",
        make_zip({"a.txt": ARTICLE})[:-40],
        gzip.compress(ARTICLE)[:-20],
        gzip.compress(make_tar({"a.txt": ARTICLE * 50}))[:-60],
        make_tar({"a.txt": ARTICLE * 50})[:2000],
        b"\xfd7zXZ\x00rest",
    ],
    ids=["no zip", "cut zip", "cut gzip", "cut tar.gz", "cut tar", "no xz"],
)
def test_damaged_archive_is_reported_and_walk_continues(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "a").write_bytes(data)
    (tmp_path / "b.txt").write_bytes(ARTICLE)

    assert "archive-broken" in [code for _, code in rejected_entries(tmp_path)]
    assert readable_entries(tmp_path)[-1] == ("", ARTICLE)


def test_damaged_zip_member_leaves_others_readable(tmp_path: Path) -> None:
    data = bytearray(make_zip({"a.txt": ARTICLE, "b.txt": b"two"}))
    data[60] ^= 0xFF
    (tmp_path / "a.zip").write_bytes(data)

    assert rejected_entries(tmp_path) == [("a.txt", "archive-broken")]
    assert readable_entries(tmp_path) == [("b.txt", b"two")]


def line(number: int) -> bytes:
    return json.dumps({"headline": f"Story {number}", "paragraphs": ["x" * 100_000]}).encode() + b"\n"


@pytest.mark.parametrize("pack", ["plain", "gz", "zip"])
def test_long_exchange_file_is_read_line_by_line(tmp_path: Path, pack: str) -> None:
    long = b'{"headline": "' + b"x" * MAX_ARTICLE_BYTES + b'"}\n'
    data = b"".join([*map(line, range(1, 61)), b"\n", long, b"nonsense\n", line(64)])
    packed = {"plain": lambda: data, "gz": lambda: gzip.compress(data), "zip": lambda: make_zip({"all": data})}[pack]()
    (tmp_path / "export").write_bytes(packed)
    prefix = "all:" if pack == "zip" else ""
    entries = list(walk_paths([tmp_path]))

    assert [entry.member for entry in entries] == [f"{prefix}line {n}" for n in (*range(1, 61), 62, 63, 64)]
    assert rejected_entries(tmp_path) == [(f"{prefix}line 62", "too-large")]

    results = [result for entry in entries if isinstance(entry, FoundFile) for result in read_articles(entry.read())]

    assert [isinstance(result, Draft) for result in results] == [True] * 60 + [False, True]


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from(["zip", "tar", "gz"]), st.lists(st.tuples(st.integers(0, 4000), st.integers(0, 255)), max_size=30)
)
def test_randomly_damaged_archive_never_raises(
    tmp_path_factory: pytest.TempPathFactory, kind: str, damage: list[tuple[int, int]]
) -> None:
    members = {"a.txt": ARTICLE, "b.txt": b"two"}
    data = bytearray({"zip": make_zip, "tar": make_tar, "gz": lambda m: gzip.compress(make_tar(m))}[kind](members))
    for at, value in damage:
        data[at % len(data)] = value
    folder = tmp_path_factory.mktemp("damaged")
    (folder / "a").write_bytes(data)
    for entry in walk_paths([folder]):
        if isinstance(entry, FoundFile):
            list(read_articles(entry.read()))
