"""A policy adapter of Tenon in Python: checks names against a list, grants quotas, and counts what is reported.

Configuration of a handler (params.config):
    deny: [mary, eve]      who is denied a listentry
    amount: 5              how much each set of dimensions is granted ...
    window_seconds: 60     ... in each window

    python adapter.py --listen 127.0.0.1:9070
"""

import argparse
import itertools
import signal
import threading
import time
from concurrent import futures

import grpc
from dev.tenon.adapter.v1 import adapter_pb2 as pb
from dev.tenon.adapter.v1 import adapter_pb2_grpc as rpc

PERMISSION_DENIED = 7  # of google.rpc.Code
MOST_KEYS = 100_000
FIELDS = {"deny", "amount", "window_seconds"}


def problems(config):
    """What is wrong with a configuration; the operator reads it."""
    for name in config.keys():
        if name not in FIELDS:
            yield pb.Problem(field=name, message="unknown; known here: " + ", ".join(sorted(FIELDS)))
    for name in ("amount", "window_seconds"):
        if name in config and not (isinstance(config[name], float) and config[name] > 0):
            yield pb.Problem(field=name, message="should be a number greater than 0")


class Handler:
    """One handler's configuration and counters. Everything is bounded: callers choose what they send."""

    def __init__(self, config):
        self.deny = frozenset(config["deny"]) if "deny" in config else frozenset()
        self.amount = int(config["amount"]) if "amount" in config else 100
        self.window = float(config["window_seconds"]) if "window_seconds" in config else 60.0
        self.lock = threading.Lock()
        self.end = 0.0
        self.taken = {}
        self.answered = {}

    def take(self, request):
        # One text for equal dimensions: protobuf's maps have no order of their own.
        who = request.instance.name + repr(sorted((k, v.SerializeToString(deterministic=True)) for k, v in request.instance.values.items()))
        question = (who, request.deduplication_id)
        with self.lock:
            now = time.monotonic()
            if now >= self.end:
                self.taken.clear()
                self.answered.clear()
                self.end = now + self.window
            if request.deduplication_id and question in self.answered:
                granted = self.answered[question]
            else:
                full = who not in self.taken and len(self.taken) >= MOST_KEYS
                left = 0 if full else self.amount - self.taken.get(who, 0)
                granted = request.amount if request.amount <= left else left if request.best_effort else 0
                if granted:
                    self.taken[who] = self.taken.get(who, 0) + granted
                if granted and request.deduplication_id and len(self.answered) < MOST_KEYS:
                    self.answered[question] = granted
            nanos = int((self.end - now) * 1e9)
            remaining = max(0, self.amount - self.taken.get(who, 0))
        return pb.TakeResponse(granted=granted, valid_nanos=nanos, limit=self.amount, remaining=remaining, reset_nanos=nanos)


class Adapter(rpc.PolicyAdapterServicer):
    def __init__(self):
        self.handlers = {}  # by name: what is counted belongs to the handler, whoever opened it
        self.sessions = {}
        self.numbers = itertools.count(1)
        self.lock = threading.Lock()
        self.reported = 0

    def Open(self, request, context):
        found = list(problems(request.config))
        if found:
            return pb.OpenResponse(problems=found)
        with self.lock:
            key = (request.handler, request.config.SerializeToString(deterministic=True))
            handler = self.handlers.setdefault(key, Handler(request.config))
            session = f"{next(self.numbers)}-{time.time_ns()}"
            self.sessions[session] = handler
        print(f"opened {request.handler}", flush=True)
        return pb.OpenResponse(session=session)

    def Close(self, request, context):
        with self.lock:
            self.sessions.pop(request.session, None)
            in_use = {id(handler) for handler in self.sessions.values()}
            self.handlers = {key: handler for key, handler in self.handlers.items() if id(handler) in in_use}
        return pb.CloseResponse()

    def handler(self, request, context):
        found = self.sessions.get(request.session)
        if found is None:
            context.abort(grpc.StatusCode.FAILED_PRECONDITION, "no such session")
        return found

    def Check(self, request, context):
        value = request.instance.values["value"].text
        if value in self.handler(request, context).deny:
            return pb.CheckResponse(code=PERMISSION_DENIED, message=f"{value} is not welcome")
        return pb.CheckResponse(valid_nanos=1_000_000_000, uses=100)

    def Take(self, request, context):
        return self.handler(request, context).take(request)

    def Report(self, request, context):
        self.handler(request, context)
        with self.lock:
            self.reported += len(request.instances)
        print(f"reported {self.reported}", flush=True)
        return pb.ReportResponse()


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--listen", default="127.0.0.1:9070", help="host:port; port 0 takes a free one")
    server = grpc.server(futures.ThreadPoolExecutor(max_workers=16), maximum_concurrent_rpcs=256)
    rpc.add_PolicyAdapterServicer_to_server(Adapter(), server)
    host, _, port = arguments.parse_args().listen.rpartition(":")
    bound = server.add_insecure_port(f"{host}:{port}")
    server.start()
    print(f"listening on {host}:{bound}", flush=True)
    signal.signal(signal.SIGTERM, lambda *_: server.stop(grace=1))
    server.wait_for_termination()


if __name__ == "__main__":
    main()
