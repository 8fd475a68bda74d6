"""Two processes as SLURM's srun and accelerate's launcher start them (`test_training` does as torchrun does)."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("torch")

ROOT = Path(__file__).resolve().parents[4]
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1"}
SCRIPT = """
import json
from model.training.machine.processes import Machine, accelerator, described, speaks
from model.training.machine.sums import summed
group = accelerator(Machine())
said = described(group)
ranks = summed(group, [1.0, group.process_index])
if speaks():
    print(json.dumps([said["processes"], said["backend"], said["devices"], ranks]))
import atexit, torch
atexit._run_exitfuncs()
assert not torch.distributed.is_initialized()
"""
JOINED = [2, "gloo", ["cpu", "cpu"], [2.0, 1.0]]


@pytest.mark.timeout(300)
def test_two_tasks_of_srun_are_one_group() -> None:
    """Variables as srun sets them; the first task speaks."""
    tasks = []
    for place in ("0", "1"):
        slurm = {
            "SLURM_STEP_NUM_TASKS": "2", "SLURM_PROCID": place, "SLURM_LOCALID": place,
            "SLURM_STEP_TASKS_PER_NODE": "2", "SLURM_STEP_NODELIST": "localhost", "SLURM_JOB_ID": str(os.getpid()),
            "SLURM_STEP_ID": "0", "SLURM_NTASKS": "2",
        }  # fmt: skip
        tasks.append(
            subprocess.Popen(
                [sys.executable, "-c", SCRIPT],
                env={**ENVIRONMENT, **slurm},
                stdout=subprocess.PIPE,
                text=True,
            )
        )
    first, second = (task.communicate(timeout=240)[0] for task in tasks)
    assert [task.returncode for task in tasks] == [0, 0]
    assert json.loads(first) == JOINED
    assert second == ""


@pytest.mark.timeout(300)
def test_two_processes_of_accelerates_launcher_are_one_group(tmp_path: Path) -> None:
    """With `--cpu` it starts one process, whatever number it is given; `--multi_gpu` is what starts several."""
    (tmp_path / "script.py").write_text(SCRIPT)
    launch = [
        "-m",
        "accelerate.commands.launch",
        "--multi_gpu",
        "--num_processes",
        "2",
        "--num_machines",
        "1",
    ]
    launch += ["--mixed_precision", "no", "--dynamo_backend", "no", "--main_process_port", "0"]
    found = subprocess.run(
        [sys.executable, *launch, str(tmp_path / "script.py")], env=ENVIRONMENT, capture_output=True, text=True,
    )  # fmt: skip
    assert found.returncode == 0, found.stderr
    assert json.loads(found.stdout.splitlines()[-1]) == JOINED
