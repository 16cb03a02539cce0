"""Where the program looks for the user's own files."""

from __future__ import annotations

from pathlib import Path

import click


def _folder() -> Path:
    return Path(click.get_app_dir("evidence-archive"))


def config_file() -> Path:
    return _folder() / "config.toml"


def organisation_file() -> Path:
    """Who hands bags over, for the fields that partners require."""
    return _folder() / "organisation.toml"


def player_folder() -> Path:
    """The folder in which the user installs ReplayWeb.page's two files."""
    return _folder() / "replaywebpage"


def keys_folder() -> Path:
    """The folder in which the desk stores the keys that it makes."""
    return _folder() / "keys"
