"""Run the offline model server until it is stopped: python -m local.model_server PORT."""

import contextlib
import signal
import sys

from local.model_server.server import ModelServer

if __name__ == "__main__":
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with contextlib.suppress(KeyboardInterrupt):
        ModelServer(int(sys.argv[1])).serve_forever()
