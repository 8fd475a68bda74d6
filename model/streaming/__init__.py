"""A causal network frame by frame: what it must remember is carried along."""

from model.streaming.audio import AudioStream
from model.streaming.step import State, Step

__all__ = ["AudioStream", "State", "Step"]
