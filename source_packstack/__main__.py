"""``python -m source_packstack``: the command, out of the folder that you are in."""

from source_packstack.cli import main

if __name__ == "__main__":
    main()
