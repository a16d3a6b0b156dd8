"""What a crawl remembers on disk: finished requests, texts and posts that it saw, records that it staged."""
