"""What is told to whoever deploys, who may be gone."""

import os
import sys


def be_mute():
    """Nobody reads on; what is started from here must not fail at its first word either."""
    nothing = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nothing, 1)
    os.dup2(nothing, 2)


def tell(text, stream=None):
    """Prints. A terminal or a pipe that is gone stops no deployment, and no way back."""
    try:
        print(text, file=stream or sys.stdout, flush=True)
    except OSError:
        be_mute()
