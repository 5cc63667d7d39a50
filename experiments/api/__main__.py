"""`python -m firstcontact` is the command line, and so is the command `firstcontact`."""

from experiments.cli.main import main

if __name__ == "__main__":
    main()
