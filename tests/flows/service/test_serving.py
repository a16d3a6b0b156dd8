"""The real service of the binary, asked over loopback."""

import os
import re
import signal
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest

from flows.deciding import decisions
from tests.harness.homes import released

ROOT = Path(__file__).parents[3]
TOKEN = "a-token-of-the-test"


@pytest.fixture(scope="module")
def night(tmp_path_factory):
    return released.make(tmp_path_factory.mktemp("released") / "home")


@pytest.fixture(scope="module")
def client(night):
    process = subprocess.Popen(
        [sys.executable, "-m", "flows.cli", "--home", str(night.home.root), "serve", "--port", "0"],
        cwd=ROOT, stderr=subprocess.PIPE, text=True, env={**os.environ, "PUPPETWATCH_TOKEN": TOKEN},
    )  # fmt: skip
    try:
        told = process.stderr.readline()
        address = re.search(r"http://127\.0\.0\.1:\d+", told)
        assert address, told
        with httpx.Client(
            base_url=address[0],
            headers={"authorization": f"Bearer {TOKEN}"},
            timeout=60,
        ) as made:
            yield made
    finally:
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=30) == 0
        rest = process.stderr.read()
        process.stderr.close()
    assert "szr_demo" not in rest, "questions are not logged"


def ask(client, text):
    done = client.post("/v1/lookup", json={"text": text})
    assert done.status_code == 200, done.text
    return [entry["value"] for entry in done.json()["entries"]]


def test_service_answers_and_honours_a_decision_at_once(night, client):
    assert client.get("/health").json()["status"] == "ok"
    assert ask(client, "➕V❤ s z r _ d e m o _ 0 1") == ["szr_demo_01"]
    decisions.allow(night.home, "wechat:SZR_demo_01", note="n", author="lin", now=datetime.now(UTC))  # fmt: skip
    assert ask(client, "➕V❤ s z r _ d e m o _ 0 1") == []


def test_service_shows_the_next_release_without_being_told(night, client):
    before = client.get("/health").json()["release"]["release_id"]
    made = released.publish(night, as_of=datetime.now(UTC))
    after = client.get("/health").json()["release"]["release_id"]
    assert (after, after == before) == (made["release_id"], False)


def test_service_refuses_strangers(client):
    assert client.get("/openapi.json", headers={"authorization": ""}).status_code == 401
    assert client.get("/health", headers={"host": "evil.example.com"}).status_code == 421  # fmt: skip
