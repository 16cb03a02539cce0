"""A bag opened wherever it is: a folder, a tar, a gzipped tar or a zip; its manifests and tag files."""
