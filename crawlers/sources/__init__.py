"""One file per source: a pure parser (bytes to records and a fetch status) and, where permitted, its spider.

A parser reads one response and never looks elsewhere; the spider that asks for responses is one for all sources
(``crawlers.crawl.spider``). An answer that shows accounts instead of posts gives one record of kind ``profile`` each
(``post_id`` is ``profile/<account>``, title and text are name and bio), so that it counts like any other record.
``Parsed`` is what every parser returns, ``Ask`` what it wants fetched next.
"""

from crawlers.sources.parsed import Ask, Parsed, Record, Reject

__all__ = ["Ask", "Parsed", "Record", "Reject"]
