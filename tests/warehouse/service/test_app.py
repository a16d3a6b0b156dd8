from __future__ import annotations

import asyncio
import json
import logging
from pathlib import Path

import httpx
import pytest

from warehouse import errors
from warehouse.service import answers, app, guard

RELEASE = {
    "release_id": "20240614T020000Z-00000000",
    "as_of": "2024-06-14T02:00:00Z",
    "valid_until": "2024-06-21T02:00:00Z",
    "next_expected_at": "2024-06-15T02:00:00Z",
    "is_sandbox": True,
    "is_stale": False,
}
ENTRY = {
    "entry_id": "wl-1", "entity": "wechat", "value": "szr_demo_01", "display_name": None, "network_id": None,
    "scam_probability": None, "band": None, "reasons": ["fomo"], "evidence_count": 1, "evidence_sha256": "0" * 64,
    "listed_at": "2024-06-14T02:00:00Z", "last_seen_at": "2024-06-14T02:00:00Z", "expires_at": "2024-07-29T02:00:00Z",
    "status": "active", "release_id": RELEASE["release_id"],
}  # fmt: skip


class Client:
    """Asks the application in this process."""

    def __init__(self, application, base_url="http://127.0.0.1"):
        self.application, self.base_url = application, base_url

    def request(self, method, path, **more):
        async def ask():
            transport = httpx.ASGITransport(app=self.application)
            async with httpx.AsyncClient(
                transport=transport, base_url=self.base_url
            ) as client:
                return await client.request(method, path, **more)

        return asyncio.run(ask())

    def get(self, path, **more):
        return self.request("GET", path, **more)

    def post(self, path, **more):
        return self.request("POST", path, **more)


class Desk:
    """Finds one entry in every text that names it."""

    def __init__(self):
        self.release = RELEASE

    def answers(self, texts):
        return {
            "release": self.release,
            "results": [self._result(text) for text in texts],
        }

    def _result(self, text):
        if "szr_demo_01" not in text:
            return {"contacts": [], "entries": []}
        match = {"kind": "wechat", "value": "szr_demo_01", "how": "exact"}
        start = text.index("szr_demo_01")
        contact = {"kind": "wechat", "value": "szr_demo_01", "raw": "szr_demo_01", "start": start, "end": start + 11, "ownership": "own", "confidence": 0.95, "entries": ["wl-1"]}  # fmt: skip
        return {"contacts": [contact], "entries": [ENTRY | {"matched_by": [match]}]}

    def entry(self, entry_id):
        return {"release": self.release, "entry": ENTRY} if entry_id == "wl-1" else None

    def freshness(self):
        if self.release is None:
            message = "no release yet"
            raise errors.InputError(message)
        return self.release


@pytest.fixture
def desk():
    return Desk()


@pytest.fixture
def client(desk):
    return Client(app.create(desk), base_url="http://127.0.0.1")


def test_question_is_answered_in_the_promised_shape(client):
    done = client.post("/v1/lookup", json={"text": "加薇 szr_demo_01"})
    assert done.status_code == 200
    told = answers.Answer.model_validate(done.json(), strict=True)
    assert [entry.entry_id for entry in told.entries] == ["wl-1"]
    assert told.contacts[0].entries == ["wl-1"]
    assert done.headers["cache-control"] == "no-store"


def test_batch_keeps_its_order(client):
    done = client.post(
        "/v1/lookup/batch", json={"texts": ["a", "szr_demo_01", "b"] * 100}
    )
    told = answers.Answers.model_validate(done.json(), strict=True)
    assert [len(result.entries) for result in told.results] == [0, 1, 0] * 100


def test_entry_by_id(client):
    told = answers.EntryAnswer.model_validate(client.get("/v1/entries/wl-1").json())
    assert told.entry.value == "szr_demo_01"
    assert client.get("/v1/entries/wl-2").status_code == 404


def test_health_fails_when_stale_or_empty(client, desk):
    assert client.get("/health").status_code == 200
    desk.release = RELEASE | {"is_stale": True}
    done = client.get("/health")
    assert (done.status_code, done.json()["status"]) == (503, "stale")
    desk.release = None
    assert client.get("/health").status_code == 503


def test_description_names_every_path_and_shape(client):
    told = client.get("/openapi.json").json()
    assert set(told["paths"]) == {"/v1/lookup", "/v1/lookup/batch", "/v1/entries/{entry_id}", "/health"}  # fmt: skip
    assert {"Answer", "Answers", "Entry", "EntryAnswer", "Health", "Question", "Questions"} <= set(told["components"]["schemas"])  # fmt: skip


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"[]", b'{"text": 1}', b'{"texts": "a"}', b'{"text": "' + b"a" * 20_001 + b'"}', b"\xff", b'{"text": "\\ud800"}'],
)  # fmt: skip
def test_wrong_questions_are_the_callers_fault(client, body):
    done = client.post(
        "/v1/lookup", content=body, headers={"content-type": "application/json"}
    )
    assert done.status_code in {400, 422}
    assert "input" not in done.text


def test_batch_is_bounded(client):
    assert client.post("/v1/lookup/batch", json={"texts": ["a"] * 1_001}).status_code == 422  # fmt: skip


@pytest.mark.parametrize("is_honest", [True, False])
def test_large_bodies_are_refused_before_they_are_read(client, is_honest):
    async def parts():
        for _ in range(guard.LARGEST_BODY // 65_536 + 2):
            yield b"a" * 65_536

    content = b"a" * (guard.LARGEST_BODY + 1) if is_honest else parts()
    assert client.post("/v1/lookup", content=content).status_code == 413


@pytest.mark.parametrize("name", ["evil.example.com", "127.0.0.1.example.com", "", "[::2]:80", "localhost.example"])  # fmt: skip
def test_other_names_are_refused(client, name):
    done = client.post("/v1/lookup", json={"text": "a"}, headers={"host": name})
    assert done.status_code == 421


@pytest.mark.parametrize("name", ["127.0.0.1", "127.0.0.1:8351", "localhost:1", "[::1]:8351", "LOCALHOST"])  # fmt: skip
def test_own_names_are_served(client, name):
    assert client.get("/health", headers={"host": name}).status_code == 200


@pytest.mark.parametrize(
    ("authorization", "status"),
    [
        (None, 401), ("Bearer", 401), ("Bearer wrong", 401), ("Basic secret-token", 401), ("Bearer secret-token ", 200),
        ("bearer secret-token", 200), ("secret-token", 401),
    ],
)  # fmt: skip
def test_token_is_asked_for(desk, authorization, status):
    client = Client(
        app.create(desk, hosts=["lookup.example.com"], token="secret-token"),
        base_url="http://lookup.example.com",
    )
    headers = {} if authorization is None else {"authorization": authorization}
    done = client.post("/v1/lookup", json={"text": "szr_demo_01"}, headers=headers)
    assert done.status_code == status
    assert "secret-token" not in done.text
    assert client.get("/health").status_code == 200
    assert client.get("/openapi.json").status_code == 401


def test_questions_are_not_logged(client, caplog):
    with caplog.at_level(logging.DEBUG):
        client.post("/v1/lookup", json={"text": "szr_demo_01"})
        client.post("/v1/lookup", content=b'{"text": "szr_demo_01"')
    ours = [record for record in caplog.records if record.name.startswith(("warehouse", "flows", "uvicorn", "fastapi"))]  # fmt: skip
    assert "szr_demo_01" not in json.dumps([record.getMessage() for record in ours])


def test_documents_name_every_path(client):
    text = (Path(__file__).parents[3] / "docs/lookup.md").read_text(encoding="utf-8")
    for path in client.get("/openapi.json").json()["paths"]:
        assert path in text
