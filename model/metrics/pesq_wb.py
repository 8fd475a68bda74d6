"""Wide-band PESQ (ITU-T P.862.2, MOS-LQO) by the package `pesq`, with its failures turned into reasons.

The package keeps at most 50 utterances in fixed arrays and writes past them on longer audio, which ends the
process (ludlows/PESQ issues 15, 18, 30). An utterance and the pause after it take at least 0.4 s together, so
signals over 20 s are scored in a child process, whose end costs one reason and not the whole evaluation.
"""

from __future__ import annotations

import struct
import subprocess
import sys

import numpy as np

from model.metrics.frames import RATE, Array

_SAFE_SECONDS = 20
_SHORTEST_SECONDS = 0.25


class NoPesq(Exception):
    """PESQ has no value for this pair; the message is the reason."""


def pesq_wb(clean: Array, enhanced: Array) -> float:
    """Wide-band MOS-LQO of two signals [samples] at 16 kHz. Raises :class:`NoPesq` with the reason."""
    if len(clean) < _SHORTEST_SECONDS * RATE:
        raise NoPesq("shorter than 0.25 s")
    for name, signal in (("clean", clean), ("enhanced", enhanced)):
        if not np.any(signal):
            raise NoPesq(f"{name} signal is all zero")
    if len(clean) > _SAFE_SECONDS * RATE:
        return _in_child(clean, enhanced)
    return _direct(clean, enhanced)


def _direct(clean: Array, enhanced: Array) -> float:
    import pesq  # compiled extension: only needed here

    try:
        value = float(pesq.pesq(RATE, clean, enhanced, "wb"))
    except pesq.NoUtterancesError:
        raise NoPesq("no utterance detected") from None
    except pesq.PesqError as error:
        detail = error.args[0] if error.args else error
        raise NoPesq(detail.decode() if isinstance(detail, bytes) else str(detail)) from None
    if not np.isfinite(value):
        raise NoPesq("PESQ is not a number")
    return value


def _in_child(clean: Array, enhanced: Array) -> float:
    child = subprocess.run(
        [sys.executable, "-m", "model.metrics.pesq_wb"],
        input=clean.tobytes() + enhanced.tobytes(),
        capture_output=True,
        check=False,
    )
    if child.returncode == 0:
        return float(struct.unpack("d", child.stdout)[0])
    if child.returncode == 1 and child.stdout:
        raise NoPesq(child.stdout.decode())
    raise NoPesq("PESQ ended abnormally: too many utterances in one file, cut it into shorter ones")


def _serve() -> int:
    """Child process: two float64 signals of equal length on stdin, the value (8 bytes) or the reason on stdout."""
    clean, enhanced = np.frombuffer(sys.stdin.buffer.read()).reshape(2, -1)
    try:
        sys.stdout.buffer.write(struct.pack("d", _direct(clean, enhanced)))
    except NoPesq as reason:
        sys.stdout.write(str(reason))
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(_serve())
