"""Which numbers the answer hangs on."""
