"""Pages as pictures: `make look` makes a small page of every command and pictures it on all screens; tests open pages in the same browser."""
