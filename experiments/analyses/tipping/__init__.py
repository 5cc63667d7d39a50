"""At which value of a number the winner changes."""
