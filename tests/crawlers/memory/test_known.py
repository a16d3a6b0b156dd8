import random

import pytest

from crawlers.memory.known import Known


def known(tmp_path, lines, *, platform="rss"):
    path = tmp_path / "known.txt"
    path.write_bytes("".join(f"{line}\n" for line in lines).encode())
    return Known(path, platform=platform)


def test_exactly_the_stored_posts_of_the_platform_are_known(tmp_path):
    chance = random.Random(7)
    everything = [f"{chance.choice(('rss', 'rs', 'rss2', '36kr'))}:{chance.randrange(400)}{chance.choice(('', '号', '/a'))}" for _ in range(300)]  # fmt: skip
    stored = sorted(set(everything), key=str.encode)
    found = known(tmp_path, stored)
    for number in range(400):
        for ending in ("", "号", "/a"):
            assert (f"{number}{ending}" in found) == (f"rss:{number}{ending}" in stored)


@pytest.mark.parametrize(
    "lines", [[], ["rss:1"], ["rss:1", "rss:2"], ["rss:", "rss:1"]]
)
def test_short_files_are_searched_whole(tmp_path, lines):
    found = known(tmp_path, lines)
    for post_id in ("", "1", "2", "11"):
        assert (post_id in found) == (f"rss:{post_id}" in lines)


def test_a_last_line_without_its_end_counts(tmp_path):
    (tmp_path / "known.txt").write_bytes(b"rss:1\nrss:2")
    assert "2" in Known(tmp_path / "known.txt", platform="rss")


def test_a_file_that_is_not_sorted_is_refused(tmp_path):
    with pytest.raises(ValueError, match="line 3 is smaller"):
        known(tmp_path, ["rss:1", "rss:3", "rss:2"])
