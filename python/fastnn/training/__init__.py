"""The training loop: data in batches, steps on the tape, progress."""
