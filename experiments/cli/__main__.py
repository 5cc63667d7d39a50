"""`python -m experiments.cli` is the command line too."""

from experiments.cli.main import main

if __name__ == "__main__":
    main()
