"""Programs to run, read and change: ``python -m fastnn.examples.NAME``."""
