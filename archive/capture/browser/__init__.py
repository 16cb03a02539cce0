"""The browser's eye on captured pages: drawn from the records, and what only scripts ask for recorded too."""
