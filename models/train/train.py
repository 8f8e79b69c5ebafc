"""Trains the models of this folder's parent. See ../README.md.

    train.py speech-activity   makes the calls, trains and exports the net
    train.py answerer CSV      trains and exports the trees from the service's figures
"""

from __future__ import annotations

import argparse
from pathlib import Path

import torch

import answerer
import calls
import speech_activity
import voices

MODELS = Path(__file__).resolve().parent.parent


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "--work", type=Path, default=MODELS.parent / ".outdial" / "training", help="folder for generated audio"
    )
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--workers", type=int, default=2, help="processes that make calls")
    jobs = parser.add_subparsers(dest="job", required=True)
    net = jobs.add_parser("speech-activity")
    net.add_argument("--epochs", type=int, default=16)
    net.add_argument("--budget-s", type=float, default=3600, help="stop after this many seconds of training")
    trees = jobs.add_parser("answerer")
    trees.add_argument("features", type=Path, help="CSV made by the service")
    trees.add_argument("--version", default="1")
    trees.add_argument("--until-ms", type=float, default=10000, help="how long after the first talk is learnt from")
    options = parser.parse_args()
    torch.set_num_threads(1)
    if options.job == "answerer":
        train_answerer(options.features, options.until_ms, options.seed, options.version)
    else:
        train_speech_activity(options.work, options.seed, options.workers, options.epochs, options.budget_s)


def train_speech_activity(work: Path, seed: int, workers: int, epochs: int, budget_s: float) -> None:
    work.mkdir(parents=True, exist_ok=True)
    voices.build_bank(work, seed)
    voices.build_music(work)
    voices.write_manifest(voices.Bank(work / "bank.npz"), MODELS / "MANIFEST.csv")
    calls.make_calls(work, seed, workers)
    net = speech_activity.train(work, seed, epochs, budget_s)
    speech_activity.export(net, MODELS / "speech-activity.onnx")
    print(f"stepped against whole: {speech_activity.check_step(net):.1e}")
    print("| condition | frames | ROC-AUC | missed | false alarms |\n|---|---|---|---|---|")
    for row in speech_activity.report(net, work):
        print("| " + " | ".join(str(cell) for cell in row) + " |")
    print("\n".join(f"- {line}" for line in speech_activity.report_answers(net, work)))


def train_answerer(features: Path, until_ms: float, seed: int, version: str) -> None:
    rows = answerer.read(features)
    machine, kinds = answerer.train(rows, until_ms, seed)
    answerer.export(machine, kinds, rows, until_ms, version, MODELS / "answerer.json")
    print(answerer.report(machine, kinds, rows, until_ms))


if __name__ == "__main__":
    main()
