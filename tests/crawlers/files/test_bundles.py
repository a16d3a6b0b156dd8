import dataclasses
import gzip
import io
import random
import stat
import struct
import zipfile

import pytest

from crawlers.files import bundles

LIMITS = bundles.Limits(files=5, file_bytes=3 << 20, total_bytes=5 << 20, ratio=50)


def zipped(files, compression=zipfile.ZIP_DEFLATED):
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", compression) as archive:
        for name, content in files:
            archive.writestr(name, content)
    return target.getvalue()


def found(content, limits=LIMITS):
    return {file.name: file.reason or file.content for file in bundles.contents(content, name="a.zip", limits=limits)}  # fmt: skip


def noise(size):
    return random.Random(size).randbytes(size)


def test_files_of_a_zip_come_sorted_with_their_names():
    content = zipped([("b/2.json", b"2"), ("1.json", b"1"), ("__MACOSX/._1.json", b"x"), ("dir/", b"")])  # fmt: skip
    assert list(found(content).items()) == [
        ("a.zip!1.json", b"1"),
        ("a.zip!b/2.json", b"2"),
    ]


@pytest.mark.parametrize("name", ["../etc/passwd", "a/../../b.json", "/etc/passwd", "..\\win.json", "C:\\x.json"])  # fmt: skip
def test_a_name_that_leads_out_is_refused_and_its_neighbours_are_read(name):
    results = found(zipped([(name, b"x"), ("ok.json", b"{}")]))
    assert sorted(map(str, results.values())) == sorted(["its name leads out of the zip", "b'{}'"])  # fmt: skip


def test_a_link_is_not_followed():
    entry = zipfile.ZipInfo("link.json")
    entry.external_attr = (stat.S_IFLNK | 0o777) << 16
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr(entry, "/etc/passwd")
    assert found(target.getvalue()) == {
        "a.zip!link.json": "is a link, which is not followed"
    }


def test_a_bomb_is_refused_by_its_ratio():
    results = found(zipped([("bomb.json", b"0" * (2 << 20)), ("ok.json", b"{}")]))
    assert results["a.zip!bomb.json"] == "unpacks to more than 50 times its size"
    assert results["a.zip!ok.json"] == b"{}"


def test_a_bomb_that_lies_about_its_size_is_refused_while_it_unpacks():
    content = zipped([("bomb.json", b"0" * (2 << 20))])
    size = struct.pack("<I", 2 << 20)
    assert content.count(size) == 2
    [reason] = found(content.replace(size, struct.pack("<I", 10))).values()
    assert isinstance(reason, (str, bytes))
    assert len(reason) <= 200


def test_files_that_share_their_bytes_are_refused():
    content = bytearray(zipped([("a", noise(500)), ("b", noise(400))]))
    directory = content.index(b"PK\x01\x02")
    second = content.index(b"PK\x01\x02", directory + 1)
    content[second + 20 : second + 24] = struct.pack("<I", 5000)
    assert found(bytes(content)) == {"a.zip": "its files overlap"}


def test_too_many_files_are_refused_before_any_is_read():
    content = zipped([(f"{number}.json", b"") for number in range(6)])
    assert found(content) == {"a.zip": "holds 6 files, more than 5"}


def test_too_much_in_all_ends_the_zip():
    files = [(f"{number}.txt", noise(400_000 + number).hex()) for number in range(5)]
    limits = dataclasses.replace(LIMITS, total_bytes=2 << 20)
    results = [str(value) for value in found(zipped(files), limits).values()]
    assert sum(len(value) > 800_000 for value in results) == 2
    assert "unpacks to more than the limits allow" in results


def test_a_large_file_is_refused():
    assert found(noise((3 << 20) + 1)) == {"a.zip": "is larger than 3 MiB"}


def test_a_zip_within_a_zip_is_not_opened():
    inner = zipped([("x.json", b"{}")])
    assert found(zipped([("inner.zip", inner)])) == {
        "a.zip!inner.zip": "is a zip within a zip, which is not opened"
    }


def test_gzip_is_unpacked_also_within_a_zip_and_not_into_a_bomb():
    assert found(gzip.compress(b"{}")) == {"a.zip": b"{}"}
    assert found(zipped([("a.json.gz", gzip.compress(b"{}"))])) == {
        "a.zip!a.json.gz": b"{}"
    }
    [reason] = found(gzip.compress(b"0" * (2 << 20))).values()
    assert "unpacks to more than" in reason


def test_encrypted_and_damaged_entries_are_told():
    content = bytearray(zipped([("a.json", b"{}")]))
    content[content.index(b"PK\x01\x02") + 8] |= 1
    assert found(bytes(content)) == {"a.zip!a.json": "is encrypted"}
    content = bytearray(zipped([("a.json", noise(300))]))
    content[80] ^= 255
    [reason] = found(bytes(content)).values()
    assert "cannot be unpacked" in reason


@pytest.mark.parametrize("cut", [10, 30, 60, 100])
def test_a_truncated_zip_is_told(cut):
    content = zipped([("a.json", noise(300))])
    [reason] = found(content[:-cut]).values()
    assert "damaged zip" in reason


def test_random_bytes_after_a_zips_first_never_raise():
    rng = random.Random(7)
    content = zipped([("a.json", noise(300)), ("b/c.json", b"{}" * 50)])
    for _ in range(300):
        mutated = bytearray(content)
        for _ in range(rng.randint(1, 8)):
            mutated[rng.randrange(4, len(mutated))] = rng.randrange(256)
        assert found(bytes(mutated)) is not None


def test_a_folder_is_read_sorted_without_following_links(tmp_path):
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / "2.json").write_bytes(b"2")
    (tmp_path / "1.json").write_bytes(b"1")
    (tmp_path / ".DS_Store").write_bytes(b"x")
    (tmp_path / "link.json").symlink_to("/etc/hostname")
    files = bundles.files(tmp_path, name="saved", limits=LIMITS)
    assert [(file.name, file.content or file.reason) for file in files] == [
        ("saved/1.json", b"1"),
        ("saved/b/2.json", b"2"),
        ("saved/link.json", "is a link, which is not followed"),
    ]
