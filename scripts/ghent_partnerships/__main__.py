"""Run the command as ``python -m ghent_partnerships``."""

import sys

from .cli.main import main

sys.exit(main())
