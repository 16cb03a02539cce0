"""Capture: every source that a report cites, byte for byte, to its verdict.

`archive.fetch.fetch.fetch` is the whole of it: a report or a source manifest in, a finished bag out. Below it:
`run` brings every source to its verdict, `fetcher` asks for each URL once and with manners, `recorder` has each
exchange in the WARC before anybody looks at it, `wire` alone sees the network.
"""
