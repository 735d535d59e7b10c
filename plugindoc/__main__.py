"""Run the command line as ``python -m plugindoc``."""

from plugindoc.commands.main import main

if __name__ == "__main__":
    main()
