"""`python -m engine.training train MODEL --data DIR`, the same as `unrolled train`."""

import sys

from .cli import main

sys.exit(main(sys.argv[1:]))
