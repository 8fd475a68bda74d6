"""What `litdb add` means: a run folder with its checkpoints and scores, as one transaction."""

from __future__ import annotations

import contextlib
import dataclasses
import json
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from litdb.catalogue import own
from litdb.catalogue.database.schema import CheckpointRow, ModelRow, ReadingRow, RunRow
from litdb.catalogue.hand import Written
from litdb.catalogue.measured import Measured, Utterance, put_checkpoint, went_on
from litdb.catalogue.naming import Naming, find_model
from litdb.catalogue.own import Added, record_looks
from litdb.catalogue.record import put_document
from litdb.errors import Conflict, InputError, NotFound, UsageError
from litdb.intake.run_folder import RunRead, SavedState, Scored
from litdb.intake.run_scores import readings_of, test_set_of
from litdb.values.names import fold_name
from litdb.values.reading import Reading
from litdb.vocabulary.protocol import Item, Protocol

#: Own networks have short names (`M4`) among own runs only: in papers the same letters mean something else.
OWN_SCOPE = "own"


@dataclass(frozen=True, slots=True)
class _How:
    """Whether other numbers are replaced, and why; why values are taken that their metric cannot have ('': they are not)."""

    replace: bool
    reason: str
    force: str


@dataclass(frozen=True, slots=True)
class RunAdded:
    """What taking in a run did. `notes` say what was left out, and why."""

    run: str
    model: str
    checkpoints: int
    added: Added
    notes: tuple[str, ...] = ()


def add_run(
    session: Session,
    run: RunRead,
    *,
    model: str = "",
    name: str = "",
    replace: bool = False,
    reason: str = "",
    force: str = "",
    new: bool = False,
) -> RunAdded:
    """Take a run into the catalogue, in the caller's transaction. The same run twice changes nothing.

    `model` is the own model that was trained (or, for an evaluation of somebody's audio, the model that made it);
    `name` replaces the run's own name; `force` is why values are taken that their metric cannot have. Raises UsageError when the model cannot be told, Conflict when another run is
    recorded under the name, or other numbers for one of its checkpoints.
    """
    run_key = name or run.name
    how = _How(replace, reason, force)
    if model and not new:
        own.refuse_near(session, model)
    owner = _owner(session, run, model)
    if owner is not None and owner.own:
        _check_same_run(session, run, run_key)
    counts = [Added(0, 0, 0)]
    notes: list[str] = []
    states = {state.name: state for state in run.checkpoints}
    bytes_of: dict[str, str] = {}  # by hash, the first state of this run that has them

    def once(found: Added, name: str, sha256: str | None) -> Added:
        """What was added for a state; what stands there only since another state of the same bytes came first is no news."""
        first = bytes_of.setdefault(sha256 or name, name)
        return found if first == name else dataclasses.replace(found, same=0)

    if owner is not None and owner.own:
        later = _later_states(session, run, run_key, owner)
        if later:
            notes.append(f"the run went on: {'; '.join(later)}; the history keeps both")
            how = dataclasses.replace(
                how, replace=True, reason=reason or f"the run went on: {'; '.join(later)}"
            )
        for saved in run.checkpoints:
            checkpoint = put_checkpoint(session, owner, _identified(run, run_key, owner.key, saved))
            counts.append(once(_figures(session, run, owner, checkpoint, how), saved.name, saved.sha256))
            notes += _same_bytes(checkpoint, f"{run_key}/{saved.name}", bytes_of[saved.sha256 or saved.name])
    for scored in run.scores:
        if scored.source == "checkpoint" and (owner is None or owner.own):
            state = states.get(scored.name)
            if state is not None and scored.sha256 not in (None, state.sha256):
                raise InputError(
                    f"{run.name}: the scores of {scored.name} are those of other bytes than the checkpoint has now: "
                    "`litdb model evaluate --all` the run again"
                )
            found = _measured(session, run, run_key, owner, scored, state, how)
            counts.append(once(found, scored.name, scored.sha256 or (state.sha256 if state else None)))
        elif scored.source == "noisy":
            reference = _reference(session)
            counts.append(_reproduced(session, reference, run_key, scored, how))
        elif owner is not None and not owner.own:
            counts.append(_reproduced(session, owner, run_key, scored, how))
            utterances = [Utterance(*score) for score in scored.results.utterances]
            own.put_scored_audio(
                session,
                owner,
                f"{run_key}/{scored.name}",
                test_set_of(scored).id,
                utterances,
                replace=how.replace,
            )
        elif owner is not None:
            counts.append(_measured(session, run, run_key, owner, scored, None, how))
        else:
            raise UsageError(f"{run.name}, {scored.name}: say whose audio this is with --model")
        test_set = test_set_of(scored)
        if (covered := scored.results.files or 0) < test_set.files:
            notes.append(
                f"{scored.name}: covers {covered} of {test_set.files} files: it is marked, and not ranked"
            )
        notes += test_set.notes
    record_looks(session, run_key, run.looks)
    total = Added(sum(c.new for c in counts), sum(c.replaced for c in counts), sum(c.same for c in counts))
    return RunAdded(
        run_key, owner.key if owner is not None else "", len(states), total, tuple(dict.fromkeys(notes))
    )


def _same_bytes(checkpoint: CheckpointRow, key: str, first: str) -> list[str]:
    """What to say of a state whose bytes are recorded under another key: its values are not stored a second time."""
    name = key.rpartition("/")[2]
    if first != name:
        return [f"{name} is the same bytes as {first}: its values stand once"]
    if checkpoint.key != key:
        return [f"{name} is the same bytes as {checkpoint.key}, which is recorded: its values stand there"]
    return []


def _owner(session: Session, run: RunRead, name: str) -> ModelRow | None:
    """The model of a run: as told, else by its short name among own runs. None for an evaluation that tells none."""
    if name:
        try:
            return find_model(session, name)
        except NotFound:
            return Naming(session).make(name, own=True, made_by="hand", scope=OWN_SCOPE)
    if run.kind == "evaluation" and not run.model:
        known = {state.run.model for scored in run.scores if (state := _by_hash(session, scored)) is not None}
        return known.pop() if len(known) == 1 else None
    if not run.model:
        raise UsageError(f"the run {run.name} does not say which model it trained: give --model")
    naming = Naming(session)
    own_names = {e.model_id for e in naming.names(fold_name(run.model)) if e.scope == OWN_SCOPE}
    if len(own_names) == 1:
        return session.get(ModelRow, own_names.pop())
    with contextlib.suppress(NotFound):
        found = find_model(session, run.model)
        if found.own:  # a published model may have the same letters
            return found
    return naming.make(run.model, own=True, made_by="hand", scope=OWN_SCOPE)


def _by_hash(session: Session, scored: Scored) -> CheckpointRow | None:
    if scored.sha256 is None:
        return None
    return session.scalar(select(CheckpointRow).where(CheckpointRow.sha256 == scored.sha256))


def _check_same_run(session: Session, run: RunRead, key: str) -> None:
    known = session.scalar(select(RunRow).where(RunRow.key == key))
    if known is None:
        return
    recorded = json.loads(known.details)
    if run.kind == "training" and recorded.get("identity") not in (None, run.identity):
        raise Conflict(
            f"another run is recorded as {key} (other configuration, seed or data): give this one a name with --name"
        )


def _later_states(session: Session, run: RunRead, run_key: str, owner: ModelRow) -> list[str]:
    """In words, the checkpoints whose recorded state the run has left behind.

    Raises Conflict for one with recorded scores that the run does not give anew: they would be those of other bytes.
    """
    found = []
    scored = {(scores.name, scores.sha256) for scores in run.scores}
    for saved in run.checkpoints:
        known = session.scalar(select(CheckpointRow).where(CheckpointRow.key == f"{run_key}/{saved.name}"))
        if known is None or known.sha256 in (None, saved.sha256):
            continue
        if not went_on(known, _identified(run, run_key, owner.key, saved)):
            continue
        measured = ReadingRow.checkpoint_id == known.id, ReadingRow.dataset != ""
        if (saved.name, saved.sha256) not in scored and session.scalar(
            select(ReadingRow.id).where(*measured)
        ) is not None:
            raise Conflict(
                f"{known.key} has scores of epoch {known.epoch}, and is of epoch {saved.epoch} now: "
                "`litdb model evaluate --all` the run, then add it again, or add it with --name"
            )
        found.append(f"{saved.name} from epoch {known.epoch} to {saved.epoch}")
    return found


def _identified(run: RunRead, run_key: str, model: str, state: SavedState) -> Measured:
    return Measured(
        model=model,
        identity=f"{run_key}/{state.name}",
        dataset="",
        readings=(),
        sha256=state.sha256,
        epoch=state.epoch,
        criterion=state.criterion,
        selected_on=state.selected_on,
        recipe=_recipe_in_words(run),
        details={"validation": dict(state.validation)} if state.validation else {},
        run_details={"identity": run.identity, **run.details},
    )


def _recipe_in_words(run: RunRead) -> str:
    recipe = run.details.get("recipe")
    if not isinstance(recipe, dict):
        return ""
    return ", ".join(f"{key} {value}" for key, value in recipe.items() if not isinstance(value, list | dict))


def _figures(session: Session, run: RunRead, owner: ModelRow, checkpoint: CheckpointRow, how: _How) -> Added:
    """Parameters and cost of the network, recorded with the checkpoint: they hold for all of a run."""
    readings: list[Reading] = []

    def put(metric: str, value: object, **stated: str) -> None:
        if isinstance(value, int | float) and not isinstance(value, bool):
            protocol = Protocol.of({key: Item(text) for key, text in stated.items()})
            readings.append(
                Written(
                    label=owner.name,
                    metric=metric,
                    printed=repr(value),
                    origin="measured",
                    by="run",
                    stated=protocol,
                    force=how.force,
                ).reading()
            )

    parameters = run.parameters if run.parameters is not None else run.cost.get("parameters")
    put("params", parameters, counting="all trainable parameters of the network")
    if run.cost:
        convention = run.cost.get("macs_convention")
        counting = {"counting": str(convention)} if convention else {}
        put("MACs", run.cost.get("macs_per_second"), audio_length="1", **counting)
        put("RTF", run.cost.get("real_time_factor"))
    if not readings:
        return Added(0, 0, 0)
    measured = Measured(
        model=owner.key,
        identity=checkpoint.key,
        dataset="",
        readings=tuple(readings),
        sha256=checkpoint.sha256,
    )
    return own.add_measured(session, measured, replace=how.replace, reason=how.reason)


def _measured(
    session: Session,
    run: RunRead,
    run_key: str,
    owner: ModelRow | None,
    scored: Scored,
    state: SavedState | None,
    how: _How,
) -> Added:
    known = _by_hash(session, scored)
    if known is not None:
        owner = known.run.model
    if owner is None:
        raise UsageError(
            f"{run.name}, {scored.name}: no checkpoint of that hash is recorded: say which model it is with --model"
        )
    # Of states with the same bytes one stands for all, and so does what that one was selected on.
    of_state = state.selected_on if state is not None else ""
    selected_on = (known.selected_on if known is not None else "") or of_state
    if state is not None:
        measured = _identified(run, run_key, owner.key, state)
    else:
        identity = known.key if known is not None else f"{run_key}/{scored.name}"
        measured = Measured(
            model=owner.key, identity=identity, dataset="", readings=(), sha256=scored.sha256,
            run_details={"identity": run.identity, **run.details},
        )  # fmt: skip
    dataset = test_set_of(scored).id
    readings = readings_of(scored, owner.name, "measured", selected_on, how.force, run.trained_on)
    utterances = tuple(Utterance(*score) for score in scored.results.utterances)
    complete = dataclasses.replace(measured, dataset=dataset, readings=readings, utterances=utterances)
    return own.add_measured(session, complete, replace=how.replace, reason=how.reason)


def _reproduced(session: Session, model: ModelRow, run_key: str, scored: Scored, how: _How) -> Added:
    """Own measurement of what somebody else made: their audio, or the unprocessed files."""
    dataset = test_set_of(scored).id
    document = put_document(
        session,
        f"evaluation:{run_key}/{scored.name}:{dataset}:{scored.fingerprint[:16]}",
        kind="evaluation",
        uri=f"run {run_key}, {scored.name}",
    )
    readings = readings_of(scored, model.key, "reproduced", "", how.force)
    return own.add_by_hand(session, document, readings, replace=how.replace, reason=how.reason)


def _reference(session: Session) -> ModelRow:
    found = session.scalars(
        select(ModelRow).where(ModelRow.kind == "reference", ModelRow.name == "Noisy")
    ).first()
    return found or Naming(session).make("Noisy", kind="reference", made_by="hand")
