"""Conversations with services: their policies, turns, time limits, addresses."""
