import subprocess
import sys

import pytest

from flows import home as home_module
from warehouse import errors


@pytest.fixture
def home(tmp_path):
    made = home_module.Home(tmp_path / "home")
    made.ensure(is_sandbox=False)
    return made


def test_private_directories_are_for_the_owner_only(home):
    modes = {
        path.name: path.stat().st_mode & 0o777
        for path in (home.work, home.inbox, home.models)
    }

    assert modes == {"work": 0o700, "inbox": 0o700, "models": 0o700}
    assert home.hash_key_file.stat().st_mode & 0o777 == 0o600


def test_hash_key_stays_the_same(home):
    before = home.hash_key()

    home.ensure(is_sandbox=False)

    assert home.hash_key() == before
    assert len(before) == 64


def test_sandbox_data_is_refused_in_a_real_home(home):
    with pytest.raises(errors.InputError, match="holds real data"):
        home.ensure(is_sandbox=True)


def test_a_sandbox_home_stays_one_without_the_flag(tmp_path):
    home = home_module.Home(tmp_path)
    home.ensure(is_sandbox=True)
    home.ensure(is_sandbox=False)

    assert home.is_sandbox()


def test_damaged_marker_is_named(home):
    home.marker.write_text("{", encoding="utf-8")

    with pytest.raises(errors.InputError, match=r"home\.json cannot be read"):
        home.is_sandbox()


def test_second_writer_is_told_who_holds_the_lock(home):
    with (
        home_module.Lock(home, command="nightly"),
        pytest.raises(
            errors.LockHeldError, match=r"process \d+ on .* \(nightly, since"
        ),
    ):
        home_module.Lock(home, command="import").__enter__()


def test_lock_is_free_again_after_use(home):
    with home_module.Lock(home, command="nightly"):
        pass
    with home_module.Lock(home, command="import"):
        pass


def test_lock_of_a_killed_process_is_free(home):
    holder = (
        "import os, signal, sys, pathlib\n"
        "from flows import home\n"
        "lock = home.Lock(home.Home(pathlib.Path(sys.argv[1])), command='nightly')\n"
        "lock.__enter__()\n"
        "os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    subprocess.run([sys.executable, "-c", holder, str(home.root)], check=False)

    with home_module.Lock(home, command="import"):
        pass


def test_waiting_writer_gets_its_turn(home):
    waiter = (
        "import sys, pathlib\n"
        "from flows import home\n"
        "with home.Lock(home.Home(pathlib.Path(sys.argv[1])), command='nightly', wait=True):\n"
        "    print('in')\n"
    )
    with home_module.Lock(home, command="import"):
        process = subprocess.Popen(
            [sys.executable, "-c", waiter, str(home.root)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert process.stderr is not None
        assert "waiting for process" in process.stderr.readline()
    out, _ = process.communicate(timeout=30)

    assert out == "in\n"


def test_writing_atomically_leaves_no_temporary_file(tmp_path):
    home_module.write_atomically(tmp_path / "a", "one")
    home_module.write_atomically(tmp_path / "a", "two")

    assert [path.name for path in tmp_path.iterdir()] == ["a"]
    assert (tmp_path / "a").read_text(encoding="utf-8") == "two"
