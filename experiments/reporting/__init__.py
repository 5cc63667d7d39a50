"""Writing what was found: folders, pages, figures and their style."""
