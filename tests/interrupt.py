"""interrupt.py SIGNAL PROGRAM ARGUMENT...: runs PROGRAM with a terminal as its stderr and sends SIGNAL to it when it
has reported a block there. Writes what else it wrote to stderr; exits as it did, with -N for a signal N."""
import os
import pty
import re
import signal
import subprocess
import sys


def main():
    ours, theirs = pty.openpty()
    # A shell's background job ignores SIGINT, and what it starts would, too.
    program = subprocess.Popen(sys.argv[2:], stderr=theirs,
                               preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL))
    os.close(theirs)
    talk, sent = b"", False
    while True:
        try:
            some = os.read(ours, 4096)
        except OSError:  # nobody has the terminal open any more
            break
        if not some:
            break
        talk += some
        if not sent and re.search(rb"\[K[1-9][0-9]* blocks", talk):
            program.send_signal(getattr(signal, sys.argv[1]))
            sent = True
    sys.stderr.write(re.sub(rb"\r?\x1b\[K[^\r\n]*", b"", talk).strip(b"\r").decode())
    if not sent:
        sys.exit("interrupt.py: it ended before it had reported a block")
    sys.exit(program.wait())


main()
