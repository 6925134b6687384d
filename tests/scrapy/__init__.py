"""The Scrapy pipeline in real crawls of a site on loopback."""
