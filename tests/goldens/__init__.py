"""What the program gave on the day when the goldens were made, and how it is looked at: make.py writes it, two tests compare."""
