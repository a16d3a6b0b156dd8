import io
import struct
import zlib

import numpy as np
import polars as pl
import pytest
import zxingcpp
from PIL import Image, ImageDraw, ImageEnhance

from crawlers.files import bundles
from features.families import pictures
from warehouse import contracts

PAYLOAD = "https://codes.example/c/yun00a1b2c3d4"


def saved(image, kind="PNG", **options):
    target = io.BytesIO()
    image.save(target, kind, **options)
    return target.getvalue()


def poster(seed=1, *, code=None):
    """A picture with shapes, and perhaps a code in its corner."""
    rng = np.random.default_rng(seed)
    image = Image.new("RGB", (640, 480), tuple(rng.integers(0, 255, 3).tolist()))
    draw = ImageDraw.Draw(image)
    for _ in range(40):
        left, top = rng.integers(0, 500, 2).tolist()
        draw.rectangle((left, top, left + 120, top + 90), fill=tuple(rng.integers(0, 255, 3).tolist()))  # fmt: skip
    if code:
        made = zxingcpp.create_barcode(code, zxingcpp.BarcodeFormat.QRCode)
        image.paste(Image.fromarray(np.asarray(zxingcpp.write_barcode_to_image(made, scale=5))), (20, 20))  # fmt: skip
    return image


def distance(one, other):
    return (int(one, 16) ^ int(other, 16)).bit_count()


@pytest.mark.parametrize("kind", pictures.FORMATS)
def test_every_format_is_read(kind):
    content = saved(poster(code=PAYLOAD).convert("RGB"), kind)

    found = pictures.read(content)

    assert bundles.is_picture(content)
    assert (found.codes, found.reason) == ((PAYLOAD,), None)
    assert len(found.phash) == 16


def test_a_shot_of_a_picture_is_near_it_and_another_picture_is_not():
    image = poster()
    shot = ImageEnhance.Brightness(image.resize((500, 375))).enhance(1.2)

    one, other = pictures.read(saved(image)), pictures.read(saved(shot, "JPEG", quality=60))  # fmt: skip

    assert distance(one.phash, other.phash) <= 6
    assert distance(one.phash, pictures.read(saved(poster(2))).phash) > 12


def test_a_picture_without_a_code_has_none():
    noise = np.random.default_rng(3).integers(0, 255, (900, 900, 3), dtype=np.uint8)

    assert pictures.read(saved(Image.fromarray(noise))).codes == ()


def test_transparency_is_white():
    image = poster().convert("RGBA")
    image.putalpha(0)

    assert pictures.read(saved(image)).phash == pictures.read(saved(Image.new("RGB", (640, 480), "white"))).phash  # fmt: skip


def png_of(width, height):
    """A PNG that claims to be so large and holds nothing."""
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = b""
    for name, body in ((b"IHDR", head), (b"IDAT", zlib.compress(b"")), (b"IEND", b"")):
        chunks += struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))  # fmt: skip
    return b"\x89PNG\r\n\x1a\n" + chunks


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "cannot be read"),
        (b"no picture at all", "cannot be read"),
        (saved(poster())[:2_000], "cannot be read"),
        (b"\xff\xd8\xff" + b"\x00" * 500, "cannot be read"),
        (png_of(9_000, 9_000), "more than"),
        (png_of(60_000, 60_000), "cannot be read"),
        (png_of(600, 600), "cannot be read"),
        (b"\x89PNG\r\n\x1a\n" + b"x" * (pictures.MOST_BYTES + 1), "larger than"),
        (b"%!PS-Adobe-3.0 EPSF-3.0\n", "cannot be read"),
    ],
)
def test_hostile_files_are_a_reason(content, reason):
    found = pictures.read(content)

    assert found.phash is None
    assert found.codes == ()
    assert reason in found.reason


def test_broken_bytes_anywhere_are_a_reason_or_a_picture():
    rng = np.random.default_rng(8)
    for kind in pictures.FORMATS:
        whole = np.frombuffer(saved(poster(), kind), dtype=np.uint8)
        for _ in range(6):
            broken = whole.copy()
            broken[rng.integers(0, min(400, len(broken)), 8)] = rng.integers(0, 256, 8)
            pictures.read(broken.tobytes())


def entry(**fields):
    return dict.fromkeys(("url", "kind", "sha256", "phash", "ocr", "qr")) | fields


def filled(*media, known):
    posts = pl.DataFrame(
        {"post_id": [f"p:{n}" for n in range(len(media))], "media": list(media)},
        schema={"post_id": pl.String, "media": contracts.MEDIA},
    )
    rows = [(address, phash, qr, None) for address, phash, qr in known]
    found = pictures.filled(posts, pl.DataFrame(rows, schema=dict(contracts.PICTURES.columns), orient="row"))  # fmt: skip
    assert found.columns == posts.columns
    return [[(each["phash"], each["qr"]) for each in listed or ()] for listed in found["media"].to_list()]  # fmt: skip


def test_pictures_are_found_by_digest_then_address_then_name():
    known = [
        ("sha256:aa11", "1" * 16, None),
        ("img.example.com/a/cover-0001.jpg", "2" * 16, "微信号:szr_demo_01"),
        ("name:cover-0001.jpg", "3" * 16, None),
    ]

    assert filled(
        [entry(sha256="AA11", url="https://img.example.com/a/cover-0001.jpg?sign=1")],
        [entry(url="https://img.example.com/a/cover-0001.jpg?sign=1")],
        [entry(url="//cdn.example.net/b/Cover-0001.jpg")],
        [entry(url="https://img.example.com/other.jpg"), entry()],
        [],
        None,
        known=known,
    ) == [
        [("1" * 16, "微信号:szr_demo_01")],
        [("2" * 16, "微信号:szr_demo_01")],
        [("3" * 16, None)],
        [(None, None), (None, None)],
        [],
        [],
    ]


def test_what_the_source_says_stays():
    known = [("img.example.com/a/cover-0001.jpg", "2" * 16, "b")]

    assert filled([entry(url="https://img.example.com/a/cover-0001.jpg", phash="9" * 16, qr="a")], known=known) == [[("9" * 16, "a")]]  # fmt: skip


def test_short_file_names_mean_nothing():
    assert filled([entry(url="https://img.example.com/1.jpg")], known=[("name:1.jpg", "2" * 16, None)]) == [[(None, None)]]  # fmt: skip
