"""`python -m redline`: the same as the command."""

from __future__ import annotations

from redline.front.cli import main

if __name__ == "__main__":
    main()
