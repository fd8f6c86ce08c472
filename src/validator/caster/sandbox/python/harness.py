"""Serves one script in a sandbox: GET /healthz, and POST /entry/{name} with {payload, context}.

Standard library alone. Each call runs in a worker process of its own, which is killed when it takes too long. The script is loaded
there, so that nothing of one claim is left for the next one. What the script prints goes nowhere.
"""

import asyncio
import inspect
import json
import multiprocessing
import os
import re
import resource
import runpy
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import miner_sdk

AGENT_PATH = os.environ["CASTER_AGENT_PATH"]
TIMEOUT_SECONDS = float(os.environ.get("ENTRYPOINT_TIMEOUT_SECONDS", "120"))
TOKEN_HEADER = os.environ.get("CASTER_TOKEN_HEADER", "x-caster-token")
KILL_GRACE_SECONDS = 1.0
REQUEST_MAX_BYTES = 1_048_576
# More than any validator reads.
ANSWER_MAX_BYTES = 1_048_576

processes = multiprocessing.get_context("fork")


def run_script(pipe, name, payload, gateway):
    """In the worker: loads the script, awaits its entry point, and tells the outcome as one line of JSON."""
    silence = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(silence, stream)
    # Neither processes nor threads; root is not bound by it, and a sandbox does not run as root.
    resource.setrlimit(resource.RLIMIT_NPROC, (0, 0))
    try:
        miner_sdk.connect(**gateway)
        runpy.run_path(AGENT_PATH)
        entry = miner_sdk.entrypoints.get(name)
        if entry is None:
            outcome = (404, {"detail": f"no entry point {name}"})
        elif not inspect.iscoroutinefunction(entry):
            outcome = (500, {"detail": "an entry point is an async function"})
        else:
            outcome = (200, {"ok": True, "result": asyncio.run(entry(request=payload))})
        text = json.dumps(outcome, allow_nan=False)
    except BaseException as error:  # whatever a script raises, also SystemExit
        text = json.dumps((500, {"detail": type(error).__name__}))
    pipe.send_bytes(text.encode())
    pipe.close()


def outcome_of(name, payload, gateway):
    """Status and body of one call."""
    ours, theirs = processes.Pipe(duplex=False)
    worker = processes.Process(target=run_script, args=(theirs, name, payload, gateway), daemon=True)
    worker.start()
    theirs.close()
    try:
        if not ours.poll(TIMEOUT_SECONDS):
            return 504, {"detail": f"no answer within {TIMEOUT_SECONDS} s"}
        return json.loads(ours.recv_bytes(ANSWER_MAX_BYTES))
    except (EOFError, OSError):
        return 500, {"detail": "the worker ended without an answer, or with one that is too long"}
    finally:
        ours.close()
        worker.join(0 if worker.exitcode is None else None)
        if worker.is_alive():
            worker.terminate()
            worker.join(KILL_GRACE_SECONDS)
        if worker.is_alive():
            worker.kill()
            worker.join()


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        if self.path == "/healthz":
            self.answer(200, {"status": "ok"})
        else:
            self.answer(404, {"detail": "not found"})

    def do_POST(self):
        length = int(self.headers.get("content-length", "0"))
        if length > REQUEST_MAX_BYTES:
            self.close_connection = True
            return self.answer(413, {"detail": "too large"})
        body = self.rfile.read(length)
        entry = re.fullmatch(r"/entry/([a-z_]{1,64})", self.path)
        if entry is None:
            return self.answer(404, {"detail": "not found"})
        gateway = {
            "url": self.headers.get("x-caster-host-container-url", ""),
            "session_id": self.headers.get("x-caster-session-id", ""),
            "token": self.headers.get(TOKEN_HEADER, ""),
        }
        if not gateway["token"]:
            return self.answer(401, {"detail": f"missing {TOKEN_HEADER}"})
        try:
            payload = json.loads(body)["payload"]
        except (ValueError, KeyError, TypeError):
            return self.answer(422, {"detail": "give {payload, context}"})
        self.answer(*outcome_of(entry.group(1), payload, gateway))

    def answer(self, status, value):
        body = json.dumps(value).encode()
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


if __name__ == "__main__":
    address = (os.environ.get("SANDBOX_HOST", "127.0.0.1"), int(os.environ.get("SANDBOX_PORT", "8000")))
    server = ThreadingHTTPServer(address, Handler)
    print(f"listening on port {server.server_address[1]}", flush=True)
    sys.stdout.flush()
    server.serve_forever()
