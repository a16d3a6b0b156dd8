"""What the bytes of a picture show: its perceptual hash and the codes in it.

In: the bytes of one file from outside. Out: ``Picture``. Invariants: pure; nothing a file says of itself is believed: size in
bytes and in pixels are bounded before anything is unpacked, only five formats are opened, and what cannot be read is a
reason, never an error; looking for a code takes a bounded time, because it happens on a picture of at most ``SIDE`` pixels
(measured on noise, the worst case: 60 ms).
"""

from __future__ import annotations

import io
import struct
import warnings
import zlib
from dataclasses import dataclass
from typing import Final

import imagehash
import numpy as np
import polars as pl
import zxingcpp
from PIL import Image, ImageOps

#: Larger files, and pictures of more pixels, are not opened.
MOST_BYTES: Final = 20 << 20
MOST_PIXELS: Final = 50_000_000
#: Longest side on which codes are looked for.
SIDE: Final = 800
#: Shorter file names (``1.jpg``) mean anything.
SHORTEST_NAME: Final = 8
FORMATS: Final = ("JPEG", "PNG", "WEBP", "GIF", "BMP")
_QR: Final = zxingcpp.barcode_formats_from_str("QRCode")
#: Payloads of one picture that are kept.
MOST_CODES: Final = 4

#: What Pillow's decoders raise on files made to break them.
_BROKEN: Final = (OSError, ValueError, SyntaxError, EOFError, IndexError, KeyError, OverflowError, TypeError, struct.error, zlib.error, Image.DecompressionBombError, Image.DecompressionBombWarning)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Picture:
    """What a picture shows.

    Attributes:
        phash: Perceptual hash of 64 bits, 16 hex digits; null when it cannot be read.
        codes: Payloads of the QR codes in it, sorted, distinct.
        reason: Why it cannot be read.
    """

    phash: str | None
    codes: tuple[str, ...]
    reason: str | None = None


def read(content: bytes) -> Picture:
    """Look at one picture; of an animation at its first frame.

    Args:
        content: The file.
    """
    if len(content) > MOST_BYTES:
        return _nothing(f"is larger than {MOST_BYTES >> 20} MiB")
    try:
        with warnings.catch_warnings():
            # What Pillow only warns of, half-read metadata or a big picture, is no reason to stop a night.
            warnings.simplefilter("ignore")
            with Image.open(io.BytesIO(content), formats=FORMATS) as opened:
                width, height = opened.size
                if width * height > MOST_PIXELS:
                    return _nothing(f"has {width} x {height} pixels, more than {MOST_PIXELS:,}")  # fmt: skip
                # JPEG only: unpacks at a fraction of the size.
                opened.draft("L", (2 * SIDE, 2 * SIDE))
                grey = _grey(opened)
                digest = str(imagehash.phash(grey))
                grey.thumbnail((SIDE, SIDE))
    except _BROKEN as error:
        return _nothing(f"cannot be read ({type(error).__name__})")
    found = zxingcpp.read_barcodes(np.asarray(grey), formats=_QR, try_invert=False)
    codes = {code.text.strip() for code in found if code.valid and code.text.strip()}
    return Picture(digest, tuple(sorted(codes)[:MOST_CODES]))


def filled(posts: pl.DataFrame, known: pl.DataFrame) -> pl.DataFrame:
    """Posts with what is known of their pictures.

    Args:
        posts: Any columns with ``media`` of contracts.RAW_POSTS.
        known: contracts.PICTURES.

    Returns:
        The same rows in the same order; ``phash`` and ``qr`` that the source gave stay, missing ones are filled in from the
        picture with the digest of the entry, else from that of its address, else from that of its file name.
    """
    if known.is_empty():
        return posts
    entries = (
        posts.with_row_index("row")
        .filter(pl.col("media").list.len() > 0)
        .select("row", "media")
        .explode("media")
        .unnest("media")
    )
    url = pl.col("url")
    for address in (_digest_address(pl.col("sha256")), address_of(url), name_of(url)):
        entries = (
            entries.with_columns(address.alias("address"))
            .join(known.select("address", pl.col("phash", "qr").name.prefix("known_")), on="address", how="left", maintain_order="left")
            .with_columns(pl.coalesce(name, f"known_{name}").alias(name) for name in ("phash", "qr"))
            .drop("address", "known_phash", "known_qr")
        )  # fmt: skip
    media = entries.group_by("row", maintain_order=True).agg(
        pl.struct("url", "kind", "sha256", "phash", "ocr", "qr").alias("filled")
    )
    return (
        posts.with_row_index("row")
        .join(media, on="row", how="left", maintain_order="left")
        .with_columns(pl.coalesce("filled", "media").alias("media"))
        .select(posts.columns)
    )


def _digest_address(digest: pl.Expr) -> pl.Expr:
    return pl.lit("sha256:") + digest.str.to_lowercase()


def address_of(url: pl.Expr) -> pl.Expr:
    """Host and path of a picture's address: what stays when its signature changes. Null for what is none."""
    return url.str.extract(r"^(?i:https?:)?//([^?#]+)", 1)


def name_of(url: pl.Expr) -> pl.Expr:
    """``name:`` and the file name at the end of an address or path; null where it is shorter than ``SHORTEST_NAME``."""
    name = url.str.extract(r"([^/\\!?#]+)(?:[?#].*)?$", 1).str.to_lowercase()
    return pl.when(name.str.len_chars() >= SHORTEST_NAME).then(pl.lit("name:") + name)


def _grey(opened: Image.Image) -> Image.Image:
    """Grey values as a person sees them: turned upright, on white where nothing is."""
    if opened.mode in {"RGBA", "LA", "PA"} or "transparency" in opened.info:
        whole = opened.convert("RGBA")
        under = Image.new("RGBA", whole.size, (255, 255, 255, 255))
        return Image.alpha_composite(under, whole).convert("L")
    return ImageOps.exif_transpose(opened).convert("L")


def _nothing(reason: str) -> Picture:
    return Picture(None, (), reason)
