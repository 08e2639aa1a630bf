"""Run the offline model server: python -m local.model_server --port 8302."""

import argparse
import logging
import signal
import sys

from local.model_server.protocol import CHAT_MODEL, EMBEDDING_MODEL
from local.model_server.server import ModelServer


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m local.model_server", description=__doc__)
    parser.add_argument("--port", type=int, required=True, help="port on 127.0.0.1; 0 takes a free one")
    parser.add_argument("--key", help="refuse requests to /v1 that do not carry this key")
    options = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s", stream=sys.stderr)
    try:
        server = ModelServer(options.port, options.key)
    except OSError as error:
        logging.getLogger(__name__).error("Port %d cannot be used: %s", options.port, error.strerror)
        return 1
    logging.getLogger(__name__).info(
        "Offline model server on %s/v1: %s and %s. No neural network: it quotes the passages that it is given.",
        server.url,
        CHAT_MODEL,
        EMBEDDING_MODEL,
    )
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        server.server_close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
