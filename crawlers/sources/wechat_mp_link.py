"""公众号 articles' links: what tells one article from all others, and its address without what tells who reads it.

In: links and the parts that a page states. Out: an ``Identity``. A long link names account, message, place and a check
that opens it; a short one is a word of its own. Everything else in a link (``key``, ``uin``, ``pass_ticket``, ``chksm``,
``scene``) is the reader's or the sharer's and is dropped. Shapes: platforms/wechat_mp.md.
"""

from __future__ import annotations

import dataclasses
import html
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode, urlsplit

from crawlers.sources import urls

HOST: Final = "mp.weixin.qq.com"

_SHORT = re.compile(r"/s/([\w-]{8,80})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Identity:
    """What tells one article from all others.

    Attributes:
        biz: The account's id.
        mid: Its message.
        idx: The article's place in the message.
        sn: Opens the article together with the others.
        short: Opens the article alone.
    """

    biz: str | None = None
    mid: str | None = None
    idx: str | None = None
    sn: str | None = None
    short: str | None = None

    @staticmethod
    def from_links(links: Iterable[str | None]) -> Identity:
        """What an article's own links say, each part by the first that has it."""
        found = Identity()
        for link in links:
            text = html.unescape(link or "")
            try:
                path = urlsplit(text).path
            except ValueError:
                continue
            short = _SHORT.fullmatch(path)
            found = found.completed(
                biz=urls.parameter(text, "__biz"),
                mid=urls.parameter(text, "mid") or urls.parameter(text, "appmsgid"),
                idx=urls.parameter(text, "idx") or urls.parameter(text, "itemidx"),
                sn=urls.parameter(text, "sn") or urls.parameter(text, "sign"),
                short=short[1] if short else None,
            )
        return found

    def completed(self, **parts: str | None) -> Identity:
        """With these parts where none was known; what could not be a part is left out."""
        return dataclasses.replace(
            self,
            **{
                name: value.strip()
                for name, value in parts.items()
                if value
                and getattr(self, name) is None
                and re.fullmatch(r"[\w=+/-]{1,80}", value.strip(), re.ASCII)
            },
        )

    @property
    def post_id(self) -> str | None:
        """``biz:mid:idx``; null unless all three are known."""
        if self.biz and self.mid and self.idx:
            return f"{self.biz}:{self.mid}:{self.idx}"
        return None

    @property
    def permalink(self) -> str | None:
        """The article's own address."""
        if self.post_id and self.sn:
            names = (
                ("__biz", self.biz),
                ("mid", self.mid),
                ("idx", self.idx),
                ("sn", self.sn),
            )
            return f"https://{HOST}/s?" + urlencode(names, safe="=")
        return f"https://{HOST}/s/{self.short}" if self.short else None
