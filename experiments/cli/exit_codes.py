"""Exit codes of the command line; 0 is success."""

FAILED = 1  # something went wrong that a person cannot correct in what was given; what was done is kept
BAD_INPUT = 2  # what was given cannot be used; one line says what must be
SIGNALLED = 128  # and the number of the signal, as shells count it: 143 after SIGTERM
INTERRUPTED = 130  # by Ctrl-C, as shells count it: 128 and the number of the signal
