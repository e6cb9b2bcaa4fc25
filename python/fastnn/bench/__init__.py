"""Times fastnn side by side with the libraries that are installed: the command ``fastnn bench``."""
