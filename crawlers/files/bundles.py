"""Folders and zips of saved answers: opened without believing what they say of themselves.

A path or bytes go in; each file's name and content come out, or why there is none. Invariants: nothing is ever written
to where a name points, no link is followed, no zip within a zip is opened; sizes, numbers and ratios are bounded by what
is really read, whatever the directory of the zip claims.
"""

from __future__ import annotations

import io
import stat
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Final

from crawlers.files import streams

ZIP: Final = b"PK\x03\x04"
_EMPTY_ZIP: Final = b"PK\x05\x06"
#: How JPEG, PNG, GIF and BMP begin.
_PICTURES: Final = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"GIF87a", b"GIF89a", b"BM")
#: Left by file managers.
_LITTER: Final = frozenset({"__macosx", ".ds_store", "thumbs.db", "desktop.ini"})
_STEP: Final = 1 << 20


@dataclass(frozen=True, slots=True)
class Limits:
    """What one dropped file or folder may hold.

    Attributes:
        files: Number of files.
        file_bytes: Size of one, unpacked.
        total_bytes: Size of all, unpacked.
        ratio: Unpacked to packed size from which a file of more than 1 MiB is a bomb; text reaches about 30.
    """

    files: int = 10_000
    file_bytes: int = 128 << 20
    total_bytes: int = 2 << 30
    ratio: int = 200


@dataclass(frozen=True, slots=True)
class File:
    """One file.

    Attributes:
        name: For people; with that of the folder or zip before it.
        content: Unpacked; null where ``reason`` says why there is none.
        reason: Why it was refused.
    """

    name: str
    content: bytes | None
    reason: str | None = None


def files(path: Path, *, name: str, limits: Limits) -> Iterator[File]:
    """The files in a folder, sorted by name, or the one file that is named.

    Raises:
        OSError: a folder cannot be listed.
    """
    if not path.is_dir():
        with path.open("rb") as file:
            yield from contents(file.read(limits.file_bytes + 1), name=name, limits=limits)  # fmt: skip
        return
    count = total = 0
    for found in sorted(path.rglob("*")):
        label = storable(f"{name.rstrip('/')}/{found.relative_to(path).as_posix()}")
        if found.is_symlink():
            yield File(label, None, "is a link, which is not followed")
            continue
        if not found.is_file() or _is_litter(found.relative_to(path).as_posix()):
            continue
        count += 1
        if count > limits.files or total > limits.total_bytes:
            yield File(label, None, f"the folder holds more than {limits.files:,} files or {limits.total_bytes >> 20} MiB; this and all after were not read")  # fmt: skip
            return
        try:
            with found.open("rb") as file:
                content = file.read(limits.file_bytes + 1)
        except OSError as error:
            yield File(label, None, f"cannot be read ({error.strerror})")
            continue
        for each in contents(content, name=label, limits=limits):
            total += len(each.content or b"")
            yield each


def contents(content: bytes, *, name: str, limits: Limits, is_inside: bool = False) -> Iterator[File]:  # fmt: skip
    """What a file's bytes hold: the files of a zip, what a gzip or zstd unpacks to, or the bytes themselves."""
    if len(content) > limits.file_bytes:
        yield File(name, None, f"is larger than {limits.file_bytes >> 20} MiB")
    elif content.startswith((ZIP, _EMPTY_ZIP)):
        if is_inside:
            yield File(name, None, "is a zip within a zip, which is not opened")
        else:
            yield from _zipped(content, name=name, limits=limits)
    elif streams.codec(content[:4]):
        yield _unpacked(content, name=name, limits=limits)
    else:
        yield File(name, content)


def is_picture(content: bytes) -> bool:
    """Whether a file begins as pictures do: it is no answer, but an answer may show it."""
    return content.startswith(_PICTURES) or (
        content.startswith(b"RIFF") and content[8:12] == b"WEBP"
    )


def storable(name: str) -> str:
    """A file's name as text that a table can hold, on one line."""
    text = name.encode(errors="replace").decode()
    return "".join(char if char.isprintable() else "�" for char in text)[:1000]


def _unpacked(content: bytes, *, name: str, limits: Limits) -> File:
    gathered, size = [], 0
    try:
        for chunk in streams.chunks(streams.Source(io.BytesIO(content), is_ours=True)):
            size += len(chunk)
            gathered.append(chunk)
            if size > limits.file_bytes or _is_bomb(size, len(content), limits):
                return File(name, None, f"unpacks to more than {limits.ratio} times its size or {limits.file_bytes >> 20} MiB")  # fmt: skip
    except streams.DamagedError as error:
        return File(name, None, str(error))
    return File(name, b"".join(gathered))


def _zipped(content: bytes, *, name: str, limits: Limits) -> Iterator[File]:
    try:
        opened = zipfile.ZipFile(io.BytesIO(content))
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
        yield File(name, None, f"is a damaged zip ({str(error)[:80]})")
        return
    with opened:
        listed = [entry for entry in opened.infolist() if not entry.is_dir() and not _is_litter(entry.filename)]  # fmt: skip
        if len(listed) > limits.files:
            yield File(name, None, f"holds {len(listed):,} files, more than {limits.files:,}")  # fmt: skip
            return
        # Honest files lie one after another; in a bomb they share their bytes.
        if sum(entry.compress_size for entry in listed) > len(content):
            yield File(name, None, "its files overlap")
            return
        if not listed:
            yield File(name, None, "holds no files")
        left = limits.total_bytes
        for entry in sorted(listed, key=lambda each: each.filename):
            label = storable(f"{name}!{entry.filename}")
            read = _entry(opened, entry, label=label, limits=limits, left=left)
            if read.content is None:
                yield read
                continue
            left -= len(read.content)
            for each in contents(read.content, name=label, limits=limits, is_inside=True):  # fmt: skip
                if each.content is not read.content:
                    left -= len(each.content or b"")
                yield each
            if left <= 0:
                yield File(name, None, f"unpacks to more than {limits.total_bytes >> 20} MiB; the rest was not read")  # fmt: skip
                return


def _entry(opened: zipfile.ZipFile, entry: zipfile.ZipInfo, *, label: str, limits: Limits, left: int) -> File:  # fmt: skip
    reason = _refusal(entry, limits)
    if reason:
        return File(label, None, reason)
    gathered, size = [], 0
    try:
        with opened.open(entry) as file:
            while piece := file.read(_STEP):
                size += len(piece)
                gathered.append(piece)
                if size > min(limits.file_bytes, left) or _is_bomb(size, entry.compress_size, limits):  # fmt: skip
                    return File(label, None, "unpacks to more than the limits allow")
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError, RuntimeError) as error:  # fmt: skip
        return File(label, None, f"cannot be unpacked ({str(error)[:80]})")
    return File(label, b"".join(gathered))


def _refusal(entry: zipfile.ZipInfo, limits: Limits) -> str | None:
    """What the zip's own directory says against an entry."""
    path = PurePosixPath(entry.filename.replace("\\", "/"))
    if path.is_absolute() or ".." in path.parts or (path.parts and ":" in path.parts[0]):  # fmt: skip
        return "its name leads out of the zip"
    if stat.S_ISLNK(entry.external_attr >> 16):
        return "is a link, which is not followed"
    if entry.flag_bits & 0x1:
        return "is encrypted"
    if entry.file_size > limits.file_bytes:
        return f"is larger than {limits.file_bytes >> 20} MiB"
    if _is_bomb(entry.file_size, entry.compress_size, limits):
        return f"unpacks to more than {limits.ratio} times its size"
    return None


def _is_bomb(size: int, packed: int, limits: Limits) -> bool:
    return size > _STEP and size > limits.ratio * max(packed, 1)


def _is_litter(name: str) -> bool:
    return any(part.lower() in _LITTER or part.startswith("._") for part in name.split("/"))  # fmt: skip
