"""The in-house speech enhancement networks: built, trained, measured, taken apart.

Import what is needed from the rooms: `model.networks`, `model.stft`, `model.checkpoint`, `model.metrics`,
`model.training`, `model.evaluation`. This package itself imports nothing, so that a command's help needs no torch.
"""
