"""The demo login's file: written by whoever makes the sample workspace, shown by whoever starts the product."""

import json
from pathlib import Path


def login_file(data_dir: Path) -> Path:
    """Name the file; its mode is 0600."""
    return data_dir / "demo_login.json"


def describe(data_dir: Path) -> list[str]:
    """Tell how to sign in, line by line; nothing where there is no sample workspace."""
    try:
        login = json.loads(login_file(data_dir).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return []
    return [f"demo sign-in: {login['email']}", f"password:     {login['password']}"]
