"""Run the command with ``python -m source_packstack``."""

from source_packstack.cli import main

if __name__ == "__main__":
    main()
