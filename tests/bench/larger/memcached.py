#!/usr/bin/env python3
"""memcached.py COMMAND...: starts a memcached by this command, serves itself 100 values of 100 bytes again and again over
two connections, and has it end. Says how many answers came, and how many were not as they should be."""
import os
import socket
import subprocess
import sys
import tempfile
import threading
import time

KEYS, ROUNDS, CLIENTS = 100, 2000, 2
WRITE_EVERY = 10


def value(client, key):
    return f"value {key} of client {client} ".encode().ljust(100, b".")


class Client(threading.Thread):
    """The words are made beforehand, so that the server has more to do than its client."""

    def __init__(self, number, path):
        super().__init__()
        keys = [(f"client-{number}-key-{key}".encode(), value(number, key)) for key in range(KEYS)]
        self.stored = b"STORED\r\n" * KEYS
        self.store = b"".join(b"set %s 0 0 100\r\n%s\r\n" % pair for pair in keys)
        self.ask = b"get " + b" ".join(key for key, _ in keys) + b"\r\n"
        self.told = b"".join(b"VALUE %s 0 100\r\n%s\r\n" % pair for pair in keys) + b"END\r\n"
        self.path, self.answers, self.wrong = path, 0, 0

    def expect(self, server, question, answer):
        server.sendall(question)
        got = server.recv(len(answer), socket.MSG_WAITALL)
        self.answers += 1
        self.wrong += got != answer

    def run(self):
        with socket.socket(socket.AF_UNIX) as server:
            server.connect(self.path)
            for i in range(ROUNDS):
                if i % WRITE_EVERY == 0:
                    self.expect(server, self.store, self.stored)
                self.expect(server, self.ask, self.told)


def send(path, words):
    """False: nobody listens."""
    try:
        with socket.socket(socket.AF_UNIX) as server:
            server.connect(path)
            server.sendall(words)
            return True
    except OSError:
        return False


def wait_until(done, server):
    while not done() and server.poll() is None:
        time.sleep(0.001)


def stop(path, server):
    """It looks whether it is to end when it gets a connection, else once a second."""
    send(path, b"shutdown\r\n")
    wait_until(lambda: not send(path, b""), server)
    return server.wait()


def main():
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "socket")
        words = ["-t", str(CLIENTS), "-u", "root", "-A", "-s", path]
        with subprocess.Popen([*sys.argv[1:], *words]) as server:
            wait_until(lambda: send(path, b""), server)
            if server.poll() is not None:
                sys.exit(f"memcached.py: the server ended at once, with status {server.returncode}")
            clients = [Client(number, path) for number in range(CLIENTS)]
            for client in clients:
                client.start()
            for client in clients:
                client.join()
            status = stop(path, server)
    print(sum(c.answers for c in clients), "answers,", sum(c.wrong for c in clients), "wrong")
    sys.exit(status)


main()
