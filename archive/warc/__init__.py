"""WARC: written, read strictly, indexed. (ISO 28500; WARC 1.0 and 1.1)"""
