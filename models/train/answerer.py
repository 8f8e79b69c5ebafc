"""The answerer model: is it a machine that talks, from the running figures of a call.

Input is a CSV with a row for every 100 ms of every call: `call`, `label`, `split`,
`mode`, `at_ms`, then the figures as the service itself measures them (names of
`AnalysisFeatures`). They are measured by the service and not here, so that what
was trained on is what is met.

1. Positive are machine, screening and menu; negative are people. The rest is left
   to the tone detectors.
2. All rows of one call weigh 1 together: a long greeting is not more machines.
3. Boosted trees, at most 120 of depth 4, stopped early on the val voices. What must
   only ever speak for a machine (or against) is held monotone, so that no odd
   corner of made-up data turns into a rule.
4. Platt's calibration on the val voices makes the sum a log-odds. It is fitted to the
   highest sum that each call ever reaches, since that is what a verdict sees: asked
   every 100 ms, a call has many chances to look like a machine.
5. The threshold is read off people of the val voices in the same way.
6. Kinds of machine: for menu and screening a sum each, against all other machines,
   from the time on when the first sentences are over.
"""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import NamedTuple

import numpy as np
import xgboost
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

MACHINES = ("machine", "screening", "menu")
KEYS = ("call", "label", "split", "mode", "at_ms")

# More of it: surer of a machine (1), less sure (-1). Others are free.
MONOTONE = {
    "firstBurstMs": 1,
    "longestBurstMs": 1,
    "talkMs": 1,
    "firstTurnMs": 1,
    "turnTalkMs": 1,
    "turnCount": -1,
    "trailingSilenceMs": -1,
}

# Not looked at: who the voice is, how good the line is, how soon someone speaks and how
# long we listened say nothing true about people, or only what calls.py has chosen; beeps
# and tones are judged by rules of their own.
LEFT_OUT = (
    *("audioMs", "initialSilenceMs", "speechLevelDbfs", "noiseLevelDbfs"),
    *("voicedRatio", "pitchHz", "pitchSpreadSemitones", "levelSpreadDb"),
    *("toneMs", "beepCount"),
)

TREES, DEPTH = 120, 4
KINDS = ("menu", "screening")
KIND_FROM_MS = 5000  # Of talk: what comes after the first sentences tells the kinds apart.
KIND_SILENCE_MS = 1500  # In a longer silence all of them are alike.
FALSE_MACHINES = (0.0025, 0.005, 0.01)
LOST_PEOPLE = 0.0025  # Half of what a cap of 3 % can bear; the other half is left to the greeting's length, which judges too.


class Rows(NamedTuple):
    features: list[str]
    x: np.ndarray
    y: np.ndarray
    label: np.ndarray
    since_ms: np.ndarray
    """Since the first talk."""
    call: np.ndarray
    split: np.ndarray
    mode: np.ndarray
    at_ms: np.ndarray


def read(path: Path) -> Rows:
    with path.open(newline="") as file:
        rows = csv.reader(file)
        header = next(rows)
        at = {name: header.index(name) for name in header}
        label = at["label"]
        kept = [row for row in rows if row[label] in (*MACHINES, "person")]
    features = [name for name in header if name not in KEYS and name not in LEFT_OUT]
    columns = [at[name] for name in features]
    # The trees compare in 32 bits; the service in 64, which differs only in exact ties.
    x = np.array([[float(row[i]) for i in columns] for row in kept], np.float32)
    text = {name: np.array([row[at[name]] for row in kept]) for name in KEYS}
    _, call = np.unique(text["call"], return_inverse=True)
    since_ms = text["at_ms"].astype(float) - np.array([float(row[at["initialSilenceMs"]]) for row in kept])
    y = np.isin(text["label"], MACHINES)
    mode = np.array([f"{kind}: {mode}" for kind, mode in zip(text["label"], text["mode"])])
    return Rows(features, x, y, text["label"], since_ms, call, text["split"], mode, text["at_ms"].astype(float))


class Sum(NamedTuple):
    """Trees, and slope and offset that make their sum a log-odds."""

    model: xgboost.XGBClassifier
    slope: float
    offset: float

    def probability(self, x: np.ndarray) -> np.ndarray:
        return 1 / (1 + np.exp(-(self.slope * _log_odds(self.model, x) + self.offset)))


def early(rows: Rows, until_ms: float) -> Rows:
    """Up to so long after the first talk: a conversation that goes on is no longer an answer."""
    return _some(rows, rows.since_ms <= until_ms)


def _talked(rows: Rows) -> Rows:
    """Machines from the time on when their kinds can be told apart."""
    talk, silence = (rows.x[:, rows.features.index(name)] for name in ("talkMs", "trailingSilenceMs"))
    return _some(rows, rows.y & (talk >= KIND_FROM_MS) & (silence <= KIND_SILENCE_MS))


def _some(rows: Rows, is_wanted: np.ndarray) -> Rows:
    return Rows(rows.features, *(column[is_wanted] for column in rows[1:]))


def _weight(call: np.ndarray) -> np.ndarray:
    """All rows of one call weigh 1 together."""
    _, number, count = np.unique(call, return_inverse=True, return_counts=True)
    return 1.0 / count[number]


def train(rows: Rows, until_ms: float, seed: int) -> tuple[Sum, dict[str, Sum]]:
    """Machine against person, and each kind of machine against the others."""
    answers, machines = early(rows, until_ms), _talked(rows)
    machine = _train(answers, answers.y, MONOTONE, seed)
    kinds = {kind: _train(machines, machines.label == kind, {}, seed) for kind in KINDS}
    return machine, kinds


def _train(rows: Rows, y: np.ndarray, monotone: dict[str, int], seed: int) -> Sum:
    fit, held = rows.split == "train", rows.split == "val"
    weight = _weight(rows.call)
    model = xgboost.XGBClassifier(
        n_estimators=TREES,
        max_depth=DEPTH,
        learning_rate=0.15,
        subsample=0.7,
        colsample_bytree=0.8,
        min_child_weight=0.1,  # Rows weigh a hundredth of a call: the few of an instant must tell.
        reg_lambda=2,
        monotone_constraints=tuple(monotone.get(name, 0) for name in rows.features),
        base_score=0.5,
        tree_method="hist",
        eval_metric="logloss",
        early_stopping_rounds=15,
        random_state=seed,
        n_jobs=1,
    )
    model.fit(
        rows.x[fit],
        y[fit],
        sample_weight=weight[fit],
        eval_set=[(rows.x[held], y[held])],
        sample_weight_eval_set=[weight[held]],
        verbose=False,
    )
    peaks, first = _peaks(rows.call, _log_odds(model, rows.x))
    val = held[first]
    # Machine and not weigh the same: the odds before anything is heard are even.
    platt = LogisticRegression(C=1e6, class_weight="balanced").fit(peaks[val][:, None], y[first][val])
    return Sum(model, float(platt.coef_[0, 0]), float(platt.intercept_[0]))


def _log_odds(model: xgboost.XGBClassifier, x: np.ndarray) -> np.ndarray:
    return model.predict(x, output_margin=True).astype(float)


def _peaks(call: np.ndarray, value: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The highest value of each call, and the index of its first row."""
    _, first, number = np.unique(call, return_index=True, return_inverse=True)
    peaks = np.full(len(first), -np.inf)
    np.maximum.at(peaks, number, value)
    return peaks, first


def _threshold(machine: Sum, rows: Rows, share: float) -> float:
    """What only this share of the val people ever reach."""
    people = _some(rows, (rows.split == "val") & ~rows.y)
    return float(np.quantile(_peaks(people.call, machine.probability(people.x))[0], 1 - share))


def _kind_threshold(kind: str, own: Sum, rows: Rows) -> float:
    """What one in a hundred of the other machines of val ever reaches."""
    others = _talked(_some(rows, (rows.split == "val") & (rows.label != kind)))
    return round(float(np.quantile(_peaks(others.call, own.probability(others.x))[0], 0.99)), 4)


def export(machine: Sum, kinds: dict[str, Sum], rows: Rows, until_ms: float, version: str, path: Path) -> None:
    """Plain figures that the service walks itself: a figure under the threshold goes left; no figure is ever missing."""
    figures = {
        "name": f"answerer-{version}",
        "machineProbabilityMin": round(_threshold(machine, early(rows, until_ms), LOST_PEOPLE), 4),
        "features": rows.features,
        "machine": _figures(machine, rows.x[:500]),
        "kinds": {kind: {"probabilityMin": _kind_threshold(kind, own, rows), **_figures(own, rows.x[:500])} for kind, own in kinds.items()},
    }
    path.write_text(json.dumps(figures, separators=(",", ":")).replace('{"feature"', '\n{"feature"') + "\n")


def _figures(own: Sum, sample: np.ndarray) -> dict:
    """@raises RuntimeError when the figures walked as the service will do not give what the trees give."""
    booster = own.model.get_booster()[: own.model.best_iteration + 1]
    learner = json.loads(booster.save_raw("json"))["learner"]
    figures = {
        "baseLogOdds": 0.0,
        "calibration": {"slope": round(own.slope, 6), "offset": round(own.offset, 6)},
        "trees": [_flat(tree) for tree in learner["gradient_booster"]["model"]["trees"]],
    }
    worst = np.abs(_walked(figures, sample) - _log_odds(own.model, sample)).max()
    if worst > 1e-3:
        raise RuntimeError(f"the exported trees differ from the trained ones by {worst}")
    return figures


def _flat(tree: dict[str, list[float]]) -> dict[str, list[float]]:
    leaf = [child == -1 for child in tree["left_children"]]
    split = tree["split_conditions"]
    return {
        "feature": [-1 if is_leaf else int(i) for is_leaf, i in zip(leaf, tree["split_indices"])],
        "threshold": [0 if is_leaf else float(np.float32(t)) for is_leaf, t in zip(leaf, split)],
        "left": [max(0, int(i)) for i in tree["left_children"]],
        "right": [max(0, int(i)) for i in tree["right_children"]],
        "value": [round(t, 6) if is_leaf else 0 for is_leaf, t in zip(leaf, split)],
    }


def _walked(figures: dict, x: np.ndarray) -> np.ndarray:
    """What the service will compute."""
    sums = np.full(len(x), figures["baseLogOdds"])
    for tree in figures["trees"]:
        for i, row in enumerate(x):
            node = 0
            while tree["feature"][node] >= 0:
                goes_left = row[tree["feature"][node]] < tree["threshold"][node]
                node = tree["left" if goes_left else "right"][node]
            sums[i] += tree["value"][node]
    return sums


def report(machine: Sum, kinds: dict[str, Sum], all_rows: Rows, until_ms: float) -> str:
    """Operating points read off the val people, and what they do to the test voices, as Markdown."""
    rows = early(all_rows, until_ms)
    p = machine.probability(rows.x)
    peaks, first = _peaks(rows.call, p)
    y, split, mode, call = rows.y[first], rows.split[first], rows.mode[first], rows.call[first]
    lines = []
    for name in ("train", "val", "test"):
        own = split == name
        auc = roc_auc_score(y[own], peaks[own])
        lines.append(f"ROC-AUC of the highest probability per call, {name}: {auc:.4f} ({own.sum()} calls)")
    count = ((split == "val") & ~y).sum()
    test = split == "test"
    for share in FALSE_MACHINES:
        threshold = _threshold(machine, rows, share)
        lost, caught = (peaks[test & ~y] > threshold), (peaks[test & y] > threshold)
        lines += [
            "",
            f"Threshold {threshold:.4f}: at most {100 * share:g} % of {count} val people ever reach it; "
            f"of the test voices {lost.sum()} of {len(lost)} people do, and {100 * caught.mean():.1f} % of the machines, beeps not counted.",
            "",
            "| test calls | calls | called machine | median ms |",
            "|---|---|---|---|",
        ]
        for name in sorted(set(mode[test])):
            own = test & (mode == name)
            reached = np.array([_first_at(rows, p, one, threshold) for one in call[own]])
            hit = ~np.isnan(reached)
            median = f"{np.median(reached[hit]):.0f}" if hit.any() else "–"
            lines.append(f"| {name} | {own.sum()} | {hit.sum()} | {median} |")
    return "\n".join([*lines, "", *_kind_lines(kinds, all_rows)])


def _kind_lines(kinds: dict[str, Sum], rows: Rows) -> list[str]:
    machines = _talked(_some(rows, rows.split == "test"))
    lines = ["| named | of menus | of screening assistants | of other machines |", "|---|---|---|---|"]
    for kind, own in kinds.items():
        peaks, first = _peaks(machines.call, own.probability(machines.x))
        label = machines.label[first]
        least = _kind_threshold(kind, own, rows)
        shares = [f"{(peaks[label == name] >= least).sum()} of {(label == name).sum()}" for name in ("menu", "screening", "machine")]
        lines.append(f"| {kind} | {' | '.join(shares)} |")
    return lines


def _first_at(rows: Rows, p: np.ndarray, call: int, threshold: float) -> float:
    own = (rows.call == call) & (p > threshold)
    return float(rows.at_ms[own].min()) if own.any() else float("nan")
