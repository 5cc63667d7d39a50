"""At which value of a parameter the winner changes."""
