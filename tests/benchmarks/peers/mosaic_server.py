"""A server of Mosaic's page and of its queries, which DuckDB answers from a file of rows, as Mosaic's REST connector asks.

    python -m tests.benchmarks.peers.mosaic_server FOLDER PORT

Mosaic's own server (duckdb-server 0.34.2, Python 3.11) answered every query with an error.
"""

from __future__ import annotations

import json
import os
import sys
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer

import duckdb
import pyarrow as pa


class Answering(SimpleHTTPRequestHandler):
    """Files are of the folder; a statement that is posted is run, and what it finds is sent as Arrow."""

    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:  # the library's name
        """Answer a statement."""
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        with duckdb.cursor() as cursor:
            found = cursor.sql(asked["sql"])
            sent = b"" if asked["type"] == "exec" else _arrow(found.to_arrow_table())
        self.send_response(200)
        self.send_header("Content-Length", str(len(sent)))
        self.end_headers()
        self.wfile.write(sent)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


def _arrow(table: pa.Table) -> bytes:
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema) as writer:
        writer.write_table(table)
    return bytes(sink.getvalue())


def main(folder: str, port: str) -> None:
    """Serve until stopped."""
    os.chdir(folder)
    ThreadingHTTPServer(("127.0.0.1", int(port)), partial(Answering, directory=folder)).serve_forever()


if __name__ == "__main__":
    main(*sys.argv[1:])
