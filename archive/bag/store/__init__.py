"""Bags in object stores: S3, Google Cloud Storage, Azure, plain HTTPS. Read where they are, never copied."""
