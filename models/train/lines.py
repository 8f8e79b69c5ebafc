"""The telephone line between a mouth and the detector, in numpy and real codecs."""

from __future__ import annotations

import subprocess
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy.signal import lfilter

from voices import HOP, RATE

FRAME = 160
"""A packet: 20 ms."""

# How often each is met. Chosen: most calls are G.711 end to end, mobiles bring GSM-like
# coders, and the rest stands for G.729 and transcoding, which has no free encoder.
CODECS = {"mu-law": 0.36, "a-law": 0.27, "gsm": 0.12, "g723": 0.08, "speex": 0.08, "opus": 0.07, "codec2": 0.02}
NOISES = {"none": 0.12, "white": 0.16, "pink": 0.2, "room": 0.2, "traffic": 0.2, "hum": 0.12}

# ffmpeg's encoder and the container it is passed in. G.723.1 is the nearest kin of G.729.
ENCODERS = {
    "gsm": (["-c:a", "libgsm"], "gsm"),
    "g723": (["-c:a", "g723_1", "-b:a", "6300"], "nut"),
    "speex": (["-c:a", "libspeex", "-cbr_quality", "3"], "nut"),
    "opus": (["-c:a", "libopus", "-b:a", "8k", "-application", "voip"], "ogg"),
    "codec2": (["-c:a", "libcodec2", "-mode", "3200"], "codec2"),
}


@dataclass(frozen=True)
class Line:
    level_dbfs: float
    noise: str
    snr_db: float
    low_hz: float
    high_hz: float
    tilt_db: float
    codec: str
    silence: str
    """What pauses carry: `sent`, `zeros` (nothing is sent) or `comfort` (noise made at this end)."""
    loss: float
    fill: str
    """What stands for a lost packet: `zeros` or `repeat`."""
    late_frames: int
    """Nothing comes so long after the answer: the switch is still joining the call to the listener."""
    is_levelled: bool
    clip_db: float
    """Peaks above the level that pass; more are cut."""


def pick(random: np.random.Generator, shares: dict[str, float]) -> str:
    names = list(shares)
    weights = np.array([shares[name] for name in names])
    return str(random.choice(names, p=weights / weights.sum()))


def draw_line(random: np.random.Generator) -> Line:
    """A line as they are met: most are good, some bad in one way or two."""
    is_noisy = random.random() < 0.3
    return Line(
        level_dbfs=float(random.uniform(-42, -14)),
        noise=pick(random, NOISES),
        snr_db=float(random.uniform(6, 18) if is_noisy else random.uniform(18, 45)),
        low_hz=float(random.uniform(60, 350)),
        high_hz=float(random.uniform(2900, 3900)),
        tilt_db=float(random.uniform(-6, 6)),
        codec=pick(random, CODECS),
        silence=pick(random, {"sent": 0.76, "zeros": 0.12, "comfort": 0.12}),
        loss=float(random.uniform(0.005, 0.06)) if random.random() < 0.3 else 0.0,
        fill="zeros" if random.random() < 0.5 else "repeat",
        late_frames=_late_frames(random),
        is_levelled=bool(random.random() < 0.2),
        clip_db=float(random.uniform(6, 12)) if random.random() < 0.08 else 40.0,
    )


def _late_frames(random: np.random.Generator) -> int:
    """Mostly under 160 ms; now and then, where a machine is busy, up to 0.8 s."""
    share = random.random()
    if share < 0.4:
        return 0
    return int(random.integers(1, 9)) if share < 0.9 else int(random.integers(10, 40))


def noise_of(kind: str, length: int, random: np.random.Generator) -> np.ndarray:
    """Noise of power one."""
    if kind == "none":
        return np.zeros(length, np.float32)
    t = np.arange(length) / RATE
    if kind == "hum":
        mains = random.choice([50, 60])
        sound = sum(
            random.uniform(0.1, 1) / k * np.sin(2 * np.pi * mains * k * t + random.uniform(0, 7)) for k in range(1, 9)
        )
        sound = sound + 0.1 * random.standard_normal(length)
    else:
        spectrum = np.fft.rfft(random.standard_normal(length))
        hz = np.fft.rfftfreq(length, 1 / RATE)
        slope = {"white": 0.0, "pink": 0.5, "room": 0.8, "traffic": 1.1}[kind] * random.uniform(0.8, 1.2)
        shaped = spectrum / np.maximum(hz, 80) ** slope
        if kind == "room":
            # Fans and appliances: a broad bump somewhere.
            shaped = shaped * (1 + 3 * np.exp(-(((hz - random.uniform(150, 1500)) / random.uniform(40, 300)) ** 2)))
        sound = np.fft.irfft(shaped, length)
        if kind == "traffic":
            # Cars swell and fall over seconds.
            knots = 10 ** (random.normal(0, 5, 2 + length // RATE) / 20)
            sound = sound * np.interp(t, np.arange(len(knots)), knots)
    return (sound / np.sqrt((sound**2).mean())).astype(np.float32)


def through_handset(samples: np.ndarray, line: Line) -> np.ndarray:
    """The band and tilt of microphone and line."""
    size = 1 << (len(samples) - 1).bit_length()
    hz = np.fft.rfftfreq(size, 1 / RATE)
    gain = 1 / (1 + (line.low_hz / np.maximum(hz, 1)) ** 6) / (1 + (hz / line.high_hz) ** 20)
    gain *= 10 ** (line.tilt_db * np.log2(np.clip(hz, 200, 3800) / 1000) / 2 / 20)
    return np.fft.irfft(np.fft.rfft(samples, size) * gain, size)[: len(samples)].astype(np.float32)


def levelled(samples: np.ndarray) -> np.ndarray:
    """An automatic gain: halves, in decibels, what is slow in the level's swings."""
    count = len(samples) // FRAME
    power = (samples[: count * FRAME].reshape(count, FRAME) ** 2).mean(axis=1)
    level = 10 * np.log10(power + 1e-7)
    middle = np.percentile(level, 80)
    slow = lfilter([0.05], [1, -0.95], np.maximum(level, middle - 25), zi=[0.95 * middle])[0]
    gain = 10 ** (np.clip(0.5 * (middle - slow), -10, 10) / 20)
    return samples * np.interp(np.arange(len(samples)), (np.arange(count) + 0.5) * FRAME, gain).astype(np.float32)


def transmit(
    speech: np.ndarray,
    background: np.ndarray,
    tones: np.ndarray,
    spoken: np.ndarray,
    line: Line,
    random: np.random.Generator,
) -> np.ndarray:
    """Everything up to the coder: from sound pressure to 16-bit samples.

    Speech and background are at an active level of 0.1; tones come from the network
    at their own level and do not pass the handset. `spoken` is the truth every 5 ms.
    """
    level = 10 ** (line.level_dbfs / 20)
    noise = noise_of(line.noise, len(speech), random) * level * 10 ** (-line.snr_db / 20)
    near = through_handset((speech + background) * (level / 0.1) + noise, line)
    if line.is_levelled:
        near = levelled(near)
    sound = np.clip(near, -level * 10 ** (line.clip_db / 20), level * 10 ** (line.clip_db / 20)) + tones
    if line.silence != "sent":
        sound = _suppressed(sound, tones, spoken, line, random)
    dither = random.uniform(-0.5, 0.5, len(sound)) if line.silence == "sent" else 0.0
    return np.clip(np.round(sound * 32767 + dither), -32768, 32767).astype(np.int16)


def _suppressed(
    sound: np.ndarray, tones: np.ndarray, spoken: np.ndarray, line: Line, random: np.random.Generator
) -> np.ndarray:
    """Pauses longer than 0.2 s are not sent."""
    per_frame = FRAME // HOP
    count = len(sound) // FRAME
    active = spoken[: count * per_frame].reshape(count, per_frame).any(axis=1)
    active |= np.abs(tones[: count * FRAME]).reshape(count, FRAME).max(axis=1) > 1e-5
    held = np.convolve(active, np.ones(11), "full")[:count] > 0
    result = sound.copy()
    quiet = np.repeat(~held, FRAME)
    comfort = np.zeros(int(quiet.sum()), np.float32)
    if line.silence == "comfort":
        level = 10 ** ((line.level_dbfs - line.snr_db + random.uniform(-8, 3)) / 20)
        comfort = (random.standard_normal(len(comfort)) * max(level, 2e-4)).astype(np.float32)
    result[: count * FRAME][quiet] = comfort
    return result


# --- Coders ----------------------------------------------------------------


def _mu_law_table() -> np.ndarray:
    x = np.arange(-32768, 32768)
    size = np.minimum(np.abs(x), 32635) + 132
    exponent = np.floor(np.log2(size)).astype(int) - 7
    mantissa = (size >> (exponent + 3)) & 15
    return (np.sign(x) * ((((mantissa << 3) + 132) << exponent) - 132)).astype(np.int16)


def _a_law_table() -> np.ndarray:
    x = np.arange(-32768, 32768)
    size = np.minimum(np.abs(x), 32767) >> 3
    step = 2 << np.maximum(0, np.floor(np.log2(np.maximum(size, 1))).astype(int) - 5)
    return (np.where(x < 0, -1, 1) * ((size // step) * step + step // 2) * 8).astype(np.int16)


G711 = {"mu-law": _mu_law_table(), "a-law": _a_law_table()}


def code(calls: list[np.ndarray], codec: str, folder: Path) -> list[np.ndarray]:
    """Codes and decodes many calls as one long recording: starting a coder is slow.

    The decoder's delay is taken out by the envelopes' cross-correlation. All lines end in G.711.
    """
    if codec in G711:
        return [G711[codec][call.astype(int) + 32768] for call in calls]
    gap = np.zeros(RATE // 4, np.int16)
    joined = np.concatenate([part for call in calls for part in (call, gap)])
    options, container = ENCODERS[codec]
    coded = folder / f"coded.{container}"
    raw = ["-f", "s16le", "-ar", str(RATE), "-ac", "1"]
    base = ["ffmpeg", "-v", "error", "-y"]
    subprocess.run([*base, *raw, "-i", "-", *options, "-f", container, str(coded)], input=joined.tobytes(), check=True)
    decoded = subprocess.run([*base, "-i", str(coded), *raw, "-"], capture_output=True, check=True).stdout
    sound = np.frombuffer(decoded, np.int16)
    delay = _delay(joined, sound)
    sound = (
        np.concatenate((sound[delay:], np.zeros(delay, np.int16)))
        if delay >= 0
        else np.concatenate((np.zeros(-delay, np.int16), sound))
    )
    sound = np.pad(sound, (0, max(0, len(joined) - len(sound))))
    starts = np.cumsum([0] + [len(call) + len(gap) for call in calls])
    return [G711["mu-law"][sound[s : s + len(call)].astype(int) + 32768] for s, call in zip(starts, calls)]


def _delay(before: np.ndarray, after: np.ndarray) -> int:
    """Samples by which the second lags, to a millisecond."""
    step = 8
    count = min(len(before), len(after), 60 * RATE) // step
    a, b = (np.abs(x[: count * step].astype(np.float32)).reshape(count, step).mean(axis=1) for x in (before, after))
    spectrum = np.conj(np.fft.rfft(a - a.mean(), 2 * count)) * np.fft.rfft(b - b.mean(), 2 * count)
    match = np.fft.irfft(spectrum)
    lags = np.arange(-100, 101)
    return int(lags[np.argmax(match[lags])]) * step


def lose(call: np.ndarray, line: Line, random: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Loses packets at the start and in bursts; which frames now hold nothing."""
    count = len(call) // FRAME
    result = call.copy()
    empty = np.zeros(count, bool)
    empty[: line.late_frames] = True
    result[: line.late_frames * FRAME] = 0
    frame = 0
    while line.loss and frame < count:
        if random.random() < line.loss / 2:
            for i in range(frame, min(count, frame + int(random.integers(1, 5)))):
                here = slice(i * FRAME, (i + 1) * FRAME)
                if line.fill == "zeros" or i == 0:
                    result[here], empty[i] = 0, True
                else:
                    result[here] = (result[(i - 1) * FRAME : i * FRAME] * 0.7).astype(np.int16)
                frame = i
        frame += 1
    return result, empty
