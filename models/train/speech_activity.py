"""The speech-activity net: is this 20 ms speech, known from it and what came before.

A log-mel spectrum feeds two small recurrent layers. All of it, the transform
included, is in the exported graph, so that the service hands over samples and a
state and needs no signal code of its own that could drift from this one.
"""

from __future__ import annotations

import copy
import csv
import time
from pathlib import Path

import numpy as np
import soundfile
import torch
from sklearn.metrics import roc_auc_score
from torch import Tensor, nn

from calls import Truth
from voices import starts_of

FRAME, WINDOW = 160, 256
CONTEXT = WINDOW - FRAME
BANDS = 32
FIRST_BIN, LAST_BIN = 2, 122
FLOOR = 1e-8
"""Power below which nothing is told apart: half a step of G.711, spread over the bins."""
WIDTHS = (56, 48)
STATE = CONTEXT + sum(WIDTHS)


def _mel(hz: np.ndarray) -> np.ndarray:
    return 2595 * np.log10(1 + hz / 700)


class Spectrum(nn.Module):
    """256 samples to 32 log-mel bands and one figure for how few bins hold the power.

    The transform is centred on the window, so its cosines are even and its sines
    odd: folding the window halves the work and the constants. The last figure is
    what tells a tone (two or three bins) from a voice (many overtones).
    """

    def __init__(self) -> None:
        super().__init__()
        half = WINDOW // 2
        n = np.arange(half)
        bins = np.arange(FIRST_BIN, LAST_BIN + 1)
        window = np.sin(np.pi * (n + 0.5) / WINDOW) ** 2 / half
        angle = 2 * np.pi * np.outer(n - (WINDOW - 1) / 2, bins) / WINDOW
        edges = (
            np.interp(
                np.linspace(_mel(np.array(80.0)), _mel(np.array(3800.0)), BANDS + 2),
                _mel(np.arange(0, 4001.0)),
                np.arange(0, 4001.0),
            )
            / 8000
            * WINDOW
        )
        rise = (bins[:, None] - edges[:-2]) / np.diff(edges)[:-1]
        fall = (edges[2:] - bins[:, None]) / np.diff(edges)[1:]
        mel = np.maximum(0, np.minimum(rise, fall))
        # A low band narrower than a bin takes the nearest one.
        for band in np.flatnonzero(mel.sum(axis=0) < 1e-3):
            mel[np.argmin(np.abs(bins - edges[band + 1])), band] = 1
        for name, value in (
            ("cosines", window[:, None] * np.cos(angle)),
            ("sines", window[:, None] * np.sin(angle)),
            ("mel", mel),
        ):
            self.register_buffer(name, torch.tensor(value, dtype=torch.float32))

    def forward(self, windows: Tensor) -> Tensor:
        half = WINDOW // 2
        first, second = windows[..., :half], windows[..., half:].flip(-1)
        power = ((first + second) @ self.cosines) ** 2 + ((first - second) @ self.sines) ** 2
        bands = torch.log(power @ self.mel + FLOOR)
        total = power.sum(-1, keepdim=True) + FLOOR
        crowding = torch.log((power**2).sum(-1, keepdim=True) / total**2 + 1e-4)
        return torch.cat((bands, crowding), -1)


class SpeechActivity(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.first = nn.GRU(BANDS + 1, WIDTHS[0], batch_first=True)
        self.second = nn.GRU(WIDTHS[0], WIDTHS[1], batch_first=True)
        self.head = nn.Linear(WIDTHS[1], 1)

    def forward(self, features: Tensor) -> Tensor:
        """Log-odds of speech for frames [batch, time, features]."""
        return self.head(self.second(self.first(scaled(features))[0])[0]).squeeze(-1)


def scaled(features: Tensor) -> Tensor:
    """To about unit size; fixed, so that it needs no data."""
    return torch.cat(((features[..., :BANDS] + 12) / 4, features[..., BANDS:] + 3), -1)


class Step(nn.Module):
    """What is exported: 40 ms and a state in, two probabilities and the next state out."""

    def __init__(self, net: SpeechActivity) -> None:
        super().__init__()
        self.spectrum, self.net = Spectrum(), net

    def forward(self, samples: Tensor, state: Tensor) -> tuple[Tensor, Tensor]:
        heard = torch.cat((state[:, :CONTEXT], samples), 1)
        windows = torch.stack((heard[:, :WINDOW], heard[:, FRAME : FRAME + WINDOW]), 1)
        h1, h2 = state[:, CONTEXT : CONTEXT + WIDTHS[0]], state[:, CONTEXT + WIDTHS[0] :]
        features = scaled(self.spectrum(windows))
        drive = features @ self.net.first.weight_ih_l0.t() + self.net.first.bias_ih_l0
        odds = []
        for i in range(2):
            h1 = _gated(self.net.first, drive[:, i], h1)
            h2 = _gated(self.net.second, h1 @ self.net.second.weight_ih_l0.t() + self.net.second.bias_ih_l0, h2)
            odds.append(self.net.head(h2))
        return torch.sigmoid(torch.cat(odds, 1)), torch.cat((heard[:, 2 * FRAME :], h1, h2), 1)


def _gated(layer: nn.GRU, drive: Tensor, hidden: Tensor) -> Tensor:
    """One step of a recurrent layer, in plain sums and products."""
    width = layer.hidden_size
    recall = hidden @ layer.weight_hh_l0.t() + layer.bias_hh_l0
    gates = torch.sigmoid(drive[:, : 2 * width] + recall[:, : 2 * width])
    reset, keep = gates[:, :width], gates[:, width:]
    fresh = torch.tanh(drive[:, 2 * width :] + reset * recall[:, 2 * width :])
    return fresh + keep * (hidden - fresh)


# --- Data --------------------------------------------------------------------


class Frames:
    """Features and truth of all calls of a split, call after call."""

    def __init__(self, folder: Path, split: str) -> None:
        with (folder / "calls.csv").open() as file:
            rows = list(csv.DictReader(file))
        kept = [i for i, row in enumerate(rows) if row["split"] == split]
        self.rows = [rows[i] for i in kept]
        data = np.load(folder / "truth.npz")
        truth, start = data["truth"], data["start"]
        parts = [truth[start[i] : start[i + 1]] for i in kept]
        self.truth, self.start = np.concatenate(parts), starts_of(parts)
        cache = folder / f"features-{split}.npy"
        if not cache.exists():
            np.save(cache, self._features(folder))
        self.features = np.load(cache)

    def _features(self, folder: Path) -> np.ndarray:
        spectrum = Spectrum()
        features = np.empty((len(self.truth), BANDS + 1), np.float16)
        for row, start, end in zip(self.rows, self.start[:-1], self.start[1:]):
            samples, _ = soundfile.read(folder / row["file"], dtype="float32")
            padded = torch.from_numpy(np.concatenate((np.zeros(CONTEXT, np.float32), samples)))
            features[start:end] = spectrum(padded.unfold(0, WINDOW, FRAME)).numpy()
        return features

    def weights(self) -> np.ndarray:
        """How much a frame counts: both answers alike, doubtful ones less or not at all."""
        speech = self.truth == Truth.SPEECH
        known = self.truth != Truth.UNKNOWN
        share = speech.sum() / known.sum()
        weight = np.where(speech, 0.5 / share, 0.5 / (1 - share)) * known
        weight[self.truth == Truth.BACKGROUND_TALK] *= 0.3
        edge = np.flatnonzero(np.diff(speech.astype(np.int8)))
        weight[edge] *= 0.5
        weight[edge + 1] *= 0.5
        return weight.astype(np.float32)


# --- Training ------------------------------------------------------------------

CROP = 300
"""Frames of one example: 6 s."""
BATCH = 64


def train(folder: Path, seed: int, epochs: int, budget_s: float) -> SpeechActivity:
    """Adam on random crops; the epoch that validates best is kept."""
    torch.manual_seed(seed)
    random = np.random.default_rng(seed)
    data, held = Frames(folder, "train"), Frames(folder, "val")
    weight = data.weights()
    target = (data.truth == Truth.SPEECH).astype(np.float32)
    net = SpeechActivity()
    steps = int(np.ceil(len(data.truth) / CROP / BATCH))
    optimiser = torch.optim.Adam(net.parameters(), 3e-3)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, 3e-3, epochs * steps, pct_start=0.1)
    best, best_loss, began = copy.deepcopy(net), float("inf"), time.monotonic()
    for epoch in range(epochs):
        net.train()
        for _ in range(steps):
            x, y, w = _batch(data, target, weight, random)
            loss = (nn.functional.binary_cross_entropy_with_logits(net(x), y, reduction="none") * w).sum() / w.sum()
            optimiser.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(net.parameters(), 1.0)
            optimiser.step()
            schedule.step()
        loss_held, auc = _validate(net, held)
        print(f"epoch {epoch}: loss {loss_held:.4f}, AUC {auc:.4f}, {time.monotonic() - began:.0f} s", flush=True)
        if loss_held < best_loss:
            best, best_loss = copy.deepcopy(net), loss_held
            torch.save(best.state_dict(), folder / "speech-activity.pt")
        if time.monotonic() - began > budget_s:
            break
    return best


def _batch(
    data: Frames, target: np.ndarray, weight: np.ndarray, random: np.random.Generator
) -> tuple[Tensor, Tensor, Tensor]:
    """Crops, half of them from a call's first moment, where the state is empty."""
    x = np.full((BATCH, CROP, BANDS + 1), np.log(FLOOR), np.float32)
    y, w = np.zeros((BATCH, CROP), np.float32), np.zeros((BATCH, CROP), np.float32)
    for i, call in enumerate(random.integers(0, len(data.rows), BATCH)):
        first, end = data.start[call], data.start[call + 1]
        if random.random() < 0.5 and end - first > CROP:
            first = random.integers(first, end - CROP)
        count = min(CROP, end - first)
        part = slice(first, first + count)
        x[i, :count], y[i, :count], w[i, :count] = data.features[part], target[part], weight[part]
    # Another level, as if the line were quieter or louder.
    gain = np.exp(random.uniform(-1.6, 1.6, (BATCH, 1, 1))).astype(np.float32)
    x[..., :BANDS] = np.log(np.maximum(np.exp(x[..., :BANDS]) - FLOOR, 0) * gain + FLOOR)
    return torch.from_numpy(x), torch.from_numpy(y), torch.from_numpy(w)


def predict(net: SpeechActivity, data: Frames) -> np.ndarray:
    """Probabilities for every frame, each call from an empty state."""
    net.eval()
    result = np.empty(len(data.truth), np.float32)
    order = np.argsort(np.diff(data.start), kind="stable")
    with torch.no_grad():
        for group in np.array_split(order, max(1, len(order) // 64)):
            spans = [(data.start[i], data.start[i + 1]) for i in group]
            x = np.zeros((len(group), max(e - s for s, e in spans), BANDS + 1), np.float32)
            for row, (s, e) in zip(x, spans):
                row[: e - s] = data.features[s:e]
            speech = torch.sigmoid(net(torch.from_numpy(x))).numpy()
            for row, (s, e) in zip(speech, spans):
                result[s:e] = row[: e - s]
    return result


def _validate(net: SpeechActivity, data: Frames) -> tuple[float, float]:
    p, w = np.clip(predict(net, data), 1e-6, 1 - 1e-6), data.weights()
    y = data.truth == Truth.SPEECH
    loss = -(np.where(y, np.log(p), np.log(1 - p)) * w).sum() / w.sum()
    known = data.truth < Truth.UNKNOWN
    return float(loss), float(roc_auc_score(y[known], p[known]))


# --- Export and report -----------------------------------------------------------


def export(net: SpeechActivity, path: Path) -> None:
    step = Step(net).eval()
    inputs = (torch.zeros(2, 2 * FRAME), torch.zeros(2, STATE))
    names = {"input_names": ["samples", "state"], "output_names": ["speech", "next_state"]}
    batch = {name: {0: "batch"} for name in ("samples", "state", "speech", "next_state")}
    torch.onnx.export(step, inputs, str(path), opset_version=13, dynamic_axes=batch, **names)


def check_step(net: SpeechActivity) -> float:
    """The largest difference between the stepped graph and the trained net, on noise."""
    samples = 0.05 * torch.randn(3, 50 * 2 * FRAME, generator=torch.Generator().manual_seed(1))
    step, state, stepped = Step(net).eval(), torch.zeros(3, STATE), []
    with torch.no_grad():
        for part in samples.split(2 * FRAME, 1):
            speech, state = step(part, state)
            stepped.append(speech)
        padded = torch.cat((torch.zeros(3, CONTEXT), samples), 1)
        whole = torch.sigmoid(net(Spectrum()(padded.unfold(1, WINDOW, FRAME))))
    return float((torch.cat(stepped, 1) - whole).abs().max())


def report(net: SpeechActivity, folder: Path) -> list[tuple[str, int, str, str, str]]:
    """On test voices, by condition: frames, ROC-AUC, missed speech and false alarms at 0.5."""
    data = Frames(folder, "test")
    p = predict(net, data)
    of_call = np.repeat(np.arange(len(data.rows)), np.diff(data.start))

    def column(name: str) -> np.ndarray:
        return np.array([row[name] for row in data.rows])

    level, snr = column("level_dbfs").astype(float), column("snr_db").astype(float)
    noise, label, mode, source = column("noise"), column("label"), column("mode"), column("source")
    is_noisy = noise != "none"
    conditions: list[tuple[str, np.ndarray]] = [("all", level < 0)]
    conditions += [
        (f"level {low} to {high} dBFS", (level >= low) & (level < high))
        for low, high in ((-42, -35), (-35, -25), (-25, -14))
    ]
    conditions += [
        (f"noise {low} to {high} dB under", is_noisy & (snr >= low) & (snr < high))
        for low, high in ((6, 12), (12, 20), (20, 45))
    ]
    conditions += [(f"codec {name}", column("codec") == name) for name in sorted(set(column("codec")))]
    conditions += [(f"pauses {name}", column("silence") == name) for name in ("sent", "zeros", "comfort")]
    conditions += [("packets lost", column("loss").astype(float) > 0)]
    conditions += [
        (f"{name} behind", np.char.endswith(mode, f"with {name}")) for name in ("television", "babble", "music")
    ]
    engines = {
        "recordings": ("ktub", "klet", "tuxp", "fill", "hedg", "libr", "pock"),
        "HTS": ("festival-slt", "festival-ona"),
        "unit selection": ("festival-nsh",),
        "klatt": ("klatt",),
        "espeak-ng": ("espeak",),
    }
    conditions += [
        (f"voices: {name}", np.array([s.startswith(starts) for s in source])) for name, starts in engines.items()
    ]
    conditions += [(f"{name} calls", label == name) for name in ("person", "machine", "screening", "menu", "intercept")]
    conditions += [(f"{name} only", label == name) for name in ("fax", "busy", "ringing")]
    conditions += [("ringing: music", (label == "ringing") & (mode == "music"))]
    conditions += [
        (f"silence: {name}", (label == "silence") & (mode == name)) for name in ("noise", "small noises", "digits")
    ]
    rows: list[tuple[str, int, str, str, str]] = []
    for name, chosen in conditions:
        here = chosen[of_call]
        known = here & (data.truth < Truth.UNKNOWN)
        rows.append((name, *_figures(data.truth[known] == Truth.SPEECH, p[known])))
    talk_behind = data.truth == Truth.BACKGROUND_TALK
    at = np.arange(len(p)) - data.start[of_call]
    beep = np.array(
        [
            [float(row["talk_end_s"]) * 50 + 5, float(row["beep_time_s"]) * 50] if row["beep_time_s"] else [0, 0]
            for row in data.rows
        ]
    )[of_call]
    beeping = (at >= beep[:, 0]) & (at < beep[:, 1])
    rows.append(("beep and the pause before it", *_figures(np.zeros(int(beeping.sum()), bool), p[beeping])))
    rows.append(("only talk in the background", *_figures(np.zeros(int(talk_behind.sum()), bool), p[talk_behind])))
    return rows


def _figures(truth: np.ndarray, p: np.ndarray) -> tuple[int, str, str, str]:
    speech, other = int(truth.sum()), int((~truth).sum())
    auc = f"{roc_auc_score(truth, p):.4f}" if speech and other else "–"
    missed = f"{100 * (p[truth] < 0.5).mean():.1f} %" if speech else "–"
    alarms = f"{100 * (p[~truth] >= 0.5).mean():.1f} %" if other else "–"
    return len(truth), auc, missed, alarms


def report_answers(net: SpeechActivity, folder: Path) -> list[str]:
    """What a call's rhythm is built from: are first answers heard, and how exact are their ends."""
    data = Frames(folder, "test")
    is_on = predict(net, data) >= 0.5
    missed, onsets, ends, false_bursts, quiet_minutes = 0, [], [], 0, 0.0
    for row, start, end in zip(data.rows, data.start[:-1], data.start[1:]):
        on = is_on[start:end]
        if not row["talk_start_s"]:
            quiet_minutes += len(on) * 0.02 / 60
            edges = np.flatnonzero(np.diff(np.pad(on.astype(np.int8), 1)))
            false_bursts += int((edges[1::2] - edges[::2] >= 4).sum())
            continue
        first, last = (round(float(row[name]) * 50) for name in ("talk_start_s", "talk_end_s"))
        heard = np.flatnonzero(on[first : last + 5])
        if not len(heard):
            missed += 1
            continue
        onsets.append(20 * int(heard[0]))
        if row["label"] == "person" and row["mode"] in ("single word", "name"):
            ends.append(20 * (first + int(np.flatnonzero(on[first : last + 40])[-1]) + 1 - last))
    return [
        f"first talk never heard: {missed} of {missed + len(onsets)} calls",
        "first talk heard after its start: p50 {:.0f} ms, p90 {:.0f} ms, p99 {:.0f} ms".format(
            *np.percentile(onsets, (50, 90, 99))
        ),
        "end of a person's quiet first answer, heard minus true: p5 {:.0f} ms, p50 {:.0f} ms, p95 {:.0f} ms".format(
            *np.percentile(ends, (5, 50, 95))
        ),
        f"bursts of 80 ms and more where nobody talks (tones, music, noise): {false_bursts} in {quiet_minutes:.0f} minutes",
    ]
