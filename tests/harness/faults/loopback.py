"""A web server on loopback whose answers are a Python function: endless lists, bombs, hosts that hang.

A crawl with ``proxy`` and ``allow_loopback`` sends it every request with the address that it believes to ask.
"""

from __future__ import annotations

import contextlib
import dataclasses
import json
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from crawlers.sandbox.platforms import complaints as platform

ROOT = Path(__file__).parents[3]
HASH_KEY = b"a key for tests only"
FEED = "http://tousu.sina.com.cn/api/index/feed?type=1&page_size=10&page=1"


@dataclasses.dataclass(frozen=True)
class Reply:
    """One answer; ``pieces`` are sent one by one with ``pause`` seconds between them, then nothing more comes."""

    body: bytes = b""
    status: int = 200
    headers: Mapping[str, str] = dataclasses.field(default_factory=dict)
    pieces: tuple[bytes, ...] = ()
    pause: float = 0.0


@dataclasses.dataclass(frozen=True)
class Asked:
    """One request."""

    method: str
    url: str
    headers: Mapping[str, str]
    body: bytes


ROBOTS = Reply(b"User-agent: *\nDisallow: /forbidden\n")


class Loopback:
    """A serving web; ``asked`` are the requests so far, without those for robots.txt."""

    def __init__(
        self,
        answer: Callable[[Asked], Reply],
        *,
        robots: Callable[[Asked], Reply] = lambda _: ROBOTS,
    ) -> None:
        self.asked: list[Asked] = []
        self._ending = threading.Event()
        web = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                length = int(self.headers.get("Content-Length") or 0)
                asked = Asked(
                    self.command,
                    self.path,
                    dict(self.headers.items()),
                    self.rfile.read(length),
                )
                if urlsplit(asked.url).path == "/robots.txt":
                    self._reply(robots(asked))
                else:
                    web.asked.append(asked)
                    self._reply(answer(asked))

            do_POST = do_GET  # noqa: N815 (the server's own name)

            def _reply(self, reply: Reply) -> None:
                head = {"Content-Type": "text/html; charset=utf-8", **reply.headers}
                if not reply.pieces:
                    head["Content-Length"] = str(len(reply.body))
                # The client may be killed or may have lost patience.
                with contextlib.suppress(OSError):
                    self.send_response(reply.status)
                    for name, value in head.items():
                        self.send_header(name, value)
                    self.end_headers()
                    self.wfile.write(reply.body)
                    for piece in reply.pieces:
                        self.wfile.write(piece)
                        self.wfile.flush()
                        web._ending.wait(reply.pause)
                    if reply.pieces:
                        web._ending.wait(60)
                        self.close_connection = True

            def log_message(self, *_: object) -> None:
                pass

        class Server(ThreadingHTTPServer):
            def handle_error(self, *_: object) -> None:
                """A killed client breaks its connections; that is the point."""

        self._server = Server(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.base_url = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever)

    def __enter__(self) -> Loopback:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ending.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


def complaints(count: int) -> Callable[[Asked], Reply]:
    """A complaint site of so many complaints, ten a page, each with a page of its own."""
    records = {
        str(number): {
            "platform": "heimao",
            "post_id": str(number),
            "title": f"示例投诉 {number}",
            "text": f"示例公司收取数字人代理费后不退款，编号 {number}，用户 {20_000_000 + number} 要求退款。"
            * 2,
            "published_at": "2026-01-20T12:00:00+08:00",
            "crawled_at": "2026-01-21T02:00:00+08:00",
            "author": {"id": str(20_000_000 + number), "name": "示例网友"},
            "complaint": {"target": "示例公司", "target_id": "900", "demand": "退款"},
        }
        for number in range(17_000_000, 17_000_000 + count)
    }
    order = sorted(records, reverse=True)
    last = -(-count // 10)

    def answer(asked: Asked) -> Reply:
        parts = urlsplit(asked.url)
        if parts.path.startswith("/complaint/view/"):
            return Reply(
                platform.complaint_page(
                    records[parts.path.split("/")[3]], is_drifted=False
                )
            )
        page = int(parse_qs(parts.query)["page"][0])
        lists = [
            platform.complaint_entry(records[number], is_drifted=False)
            for number in order[(page - 1) * 10 : page * 10]
        ]
        pager = {
            "current": page,
            "next": page + 1 if page < last else 0,
            "page_amount": last,
            "page_size": 10,
            "item_count": count,
        }
        result = {
            "status": {"code": 0, "msg": ""},
            "data": {"lists": lists, "pager": pager},
        }
        return Reply(json.dumps({"result": result}).encode())

    return answer


def write_job(directory: Path, source: str, base_url: str, **changes: object) -> Path:
    """A job that crawls ``source`` through the server; its staging directory is ``out`` beside it."""
    directory.mkdir(parents=True, exist_ok=True)
    (directory / "key").write_bytes(HASH_KEY)
    limits = {
        "pages": 100_000,
        "seconds": 300,
        "delay": 0,
        "concurrency": 8,
        "timeout": 5,
        "retries": 1,
    }
    job = {
        "source": source,
        "contact": "ops@example.org",
        "out_dir": str(directory / "out"),
        "hash_key_file": str(directory / "key"),
        "allow_loopback": True,
        "proxy": base_url,
        "as_of": "2026-01-25T03:00:00+08:00",
        **changes,
        "limits": {**limits, **dict(changes.get("limits") or {})},  # type: ignore[call-overload]
    }
    path = directory / "job.json"
    path.write_text(json.dumps(job), encoding="utf-8")
    return path


def crawl_command(job: Path, source: str) -> list[str]:
    """One crawl in one process, as the night starts it."""
    return [sys.executable, "-m", "crawlers.run", source, "--job", str(job)]


@dataclasses.dataclass(frozen=True)
class Crawled:
    """How a crawl ended and what it staged."""

    done: subprocess.CompletedProcess[str]
    records: list[dict[str, object]]
    fetches: list[dict[str, object]]
    summary: dict[str, object]


def crawl(job: Path, source: str, *, command: list[str] | None = None) -> Crawled:
    """Run a job to its end."""
    done = subprocess.run(
        command or crawl_command(job, source),
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    return Crawled(done, *_staged(job.parent / "out"))


def _staged(out: Path) -> Iterator[object]:
    for name in ("records.jsonl", "fetches.jsonl"):
        yield [json.loads(line) for line in (out / name).read_bytes().splitlines()]
    yield json.loads((out / "summary.json").read_bytes())
