"""What a trained network learnt, and what it does with each of its parts.

- `learnt`: gates, codes, attention of a checkpoint, described;
- `parts`, `sites`, `knockout`: the parts of a network and running it without one;
- `effects`, `verdicts`: the effect of each knock-out on files, with intervals, and what may be said of it;
- `initial`: how far weights are from where they started;
- `report`: all of it as text; `maps`: where the output changes. `model.figures` draws it.
"""
