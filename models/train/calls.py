"""Calls from the moment they are answered, with the truth about them.

Every call is a WAV file of 8 kHz and a row of `calls.csv`; what is spoken when is
in `truth.npz`, every 20 ms (see `Truth`).
"""

from __future__ import annotations

import csv
import tempfile
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import soundfile
from scipy.signal import lfilter, resample_poly

import lines
from phrases import KINDS
from voices import ANY, HOP, RATE, Bank, sources, starts_of

LIMIT_S = 16.0
SIZES = {"train": 4000, "val": 3000, "test": 3000}
CHUNK = 200

# --- What is drawn how often. These shares decide the operating point. ------------

# Not the shares of real traffic: enough of each to learn and to measure.
LABELS = {
    "person": 0.43,
    "machine": 0.3,
    "screening": 0.05,
    "menu": 0.05,
    "fax": 0.02,
    "intercept": 0.04,
    "busy": 0.03,
    "ringing": 0.05,
    "silence": 0.03,
}

# How a person answers: share, median seconds, spread (ln), kinds of wording.
PERSON = {
    # "Hello?" and its likes: what nearly everybody says on a private phone.
    "single word": (0.77, 0.65, 0.45, ("hello",)),
    # A name, or a question back.
    "name": (0.15, 1.5, 0.3, ("name", "hello")),
    # Company, name, offer of help: up to 5 s, with pauses inside.
    "sentence": (0.08, 2.8, 0.26, ("work", "name")),
}
LIFT_S = (0.05, 1.2)  # From the answer to the first word: mostly at once ...
SLOW_LIFT = (0.15, 1.2, 3.5)  # ... but some fumble with the handset.
INNER_PAUSE_S = (0.2, 0.9)  # Between the parts of a sentence at work; as in greetings, or pauses would give the label away.
WAIT_S = (1.2, 4.0)  # A person who hears nothing waits this long ...
REPEATS = 0.35  # ... and says hello again,
CONVERSES = 0.5  # or is answered, and talks on in turns.
TURN_S, TURN_PAUSE_S = (0.5, 6.0), (1.0, 4.0)
# Trained on more of it than is met, and judged at what is: the threshold hangs on it.
PERSON_BACKGROUND = {
    "train": {"none": 0.7, "babble": 0.08, "television": 0.11, "music": 0.11},
    "val": {"none": 0.86, "babble": 0.04, "television": 0.06, "music": 0.04},
    "test": {"none": 0.86, "babble": 0.04, "television": 0.06, "music": 0.04},
}
SMALL_NOISES = 0.3  # Breath, clicks, a laugh.

MACHINE_START_S = (0.05, 1.5)  # Greetings start soon after the answer ...
LATE_START = (0.2, 1.5, 4.0)  # ... or late: seconds of silence occur.
GREETING_S = (8.0, 0.6, 1.2)  # Median, spread (ln), least: "leave a message" to half a minute.
PHRASE_PAUSE_S = (0.2, 0.9)
EARLY_PAUSE = (0.2, 0.6, 1.3)  # "Hi, this is Bob. ... I can't come to the phone": the pause that looks like a person.
MACHINE_BACKGROUND = {"none": 0.88, "babble": 0.02, "television": 0.02, "music": 0.08}
BEEPS = 0.6
LATE_BEEP = (0.05, 3.0, 6.0)
SCREENING_S = (3.0, 9.0)
MENU_ITEMS, MENU_GAP_S, MENU_LOOP_S = (3, 8), (0.3, 0.9), (3.0, 5.0)
BACKGROUND_DB = (12.0, 25.0)  # Under the speech.
TONE_DBFS = (-35.0, -8.0)

# Sources are weighed by what they are, each group shared among its members.
GROUPS = {"recording": 0.45, "festival": 0.22, "flite": 0.1, "espeak-ng": 0.18, "klatt": 0.05}


class Truth:
    """What a 20 ms frame holds."""

    NOTHING, SPEECH, UNKNOWN, BACKGROUND_TALK = range(4)


@dataclass
class Track:
    """The far end's sound, as clean layers."""

    speech: np.ndarray = field(default_factory=lambda: np.zeros(int(LIMIT_S * RATE), np.float32))
    background: np.ndarray = field(default_factory=lambda: np.zeros(int(LIMIT_S * RATE), np.float32))
    tones: np.ndarray = field(default_factory=lambda: np.zeros(int(LIMIT_S * RATE), np.float32))
    spoken: np.ndarray = field(default_factory=lambda: np.zeros(int(LIMIT_S * RATE) // HOP, bool))
    has_background_talk: bool = False

    def say(self, clip: tuple[np.ndarray, np.ndarray], at_s: float, gain_db: float = 0.0) -> float:
        """Lays a clip in; returns when it ends."""
        samples, mask = clip
        start = round(at_s * RATE / HOP)
        mask = mask[: max(0, len(self.spoken) - start)]
        samples = samples[: len(mask) * HOP]
        self.speech[start * HOP : start * HOP + len(samples)] += samples * 10 ** (gain_db / 20)
        self.spoken[start : start + len(mask)] |= mask
        return (start + len(mask)) * HOP / RATE

    def sound(self, tone: np.ndarray, at_s: float) -> float:
        start = round(at_s * RATE)
        tone = tone[: max(0, len(self.tones) - start)]
        self.tones[start : start + len(tone)] += tone
        return (start + len(tone)) / RATE


@dataclass
class Call:
    label: str
    mode: str
    source: str
    track: Track
    talk_start_s: float | None = None
    talk_end_s: float | None = None
    beep_end_s: float | None = None
    length_s: float = LIMIT_S


class Studio:
    """Draws calls of one split."""

    def __init__(self, bank: Bank, music: np.ndarray, split: str, random: np.random.Generator) -> None:
        self.bank, self.music, self.random = bank, music, random
        self.person_background = PERSON_BACKGROUND[split]
        self.names = [source.name for source in sources()]
        self.members: dict[str, list[int]] = {}
        self.clips_of: dict[int, np.ndarray] = {}
        for index, source in enumerate(sources()):
            own = np.flatnonzero(bank.source == index)
            if source.split == split and len(own):
                self.members.setdefault(source.engine, []).append(index)
                self.clips_of[index] = own

    # Small draws.

    def between(self, bounds: tuple[float, float]) -> float:
        return float(self.random.uniform(*bounds))

    def chance(self, share: float) -> bool:
        return bool(self.random.random() < share)

    def pick(self, shares: dict[str, float]) -> str:
        return lines.pick(self.random, shares)

    def log_normal(self, median: float, spread: float) -> float:
        return float(median * np.exp(spread * self.random.standard_normal()))

    # Voices.

    def voice(self) -> int:
        groups = {name: share for name, share in GROUPS.items() if name in self.members}
        members = self.members[self.pick(groups)]
        # Large collections a little more often than those of a dozen words.
        weights = np.array([len(self.clips_of[m]) for m in members]) ** 0.5
        return int(self.random.choice(members, p=weights / weights.sum()))

    def voice_with_short_clips(self) -> int:
        """A reader of sentences can not stand for a single word."""
        while True:
            voice = self.voice()
            if (self.bank.seconds[self.clips_of[voice]] < 1.0).sum() >= 3:
                return voice

    def clip(self, voice: int, kinds: tuple[str, ...], seconds: float | None = None) -> tuple[np.ndarray, np.ndarray]:
        """A clip of a voice, near a length if one is asked for; spoken a little faster or slower."""
        own = self.clips_of[voice]
        wanted = [KINDS.index(kind) for kind in kinds] + [ANY]
        fitting = own[np.isin(self.bank.kind[own], wanted)]
        if not len(fitting):
            fitting = own
        speed = self.between((0.92, 1.09))
        if seconds is None:
            index = self.random.choice(fitting)
        else:
            misfit = np.abs(np.log(self.bank.seconds[fitting] / seconds)) + 0.15 * self.random.random(len(fitting))
            index = fitting[np.argmin(misfit)]
            speed = float(np.clip(self.bank.seconds[index] / seconds, 0.85, 1.18))
        if seconds is not None and self.bank.seconds[index] < 0.7 * seconds:
            return self._run_together(fitting, seconds)
        return self._at_speed(index, speed)

    def _at_speed(self, index: int, speed: float) -> tuple[np.ndarray, np.ndarray]:
        samples, mask = self.bank.clip(index)
        samples = resample_poly(samples, 40, round(40 * speed)).astype(np.float32)
        count = len(samples) // HOP
        stretched = mask[np.minimum((np.arange(count) * round(40 * speed) / 40).astype(int), len(mask) - 1)]
        return samples[: count * HOP], stretched

    def _run_together(self, clips: np.ndarray, seconds: float) -> tuple[np.ndarray, np.ndarray]:
        """A phrase from a voice that only has words: said with hardly a gap between."""
        speed = self.between((0.92, 1.09))
        parts: list[tuple[np.ndarray, np.ndarray]] = []
        hops = 0
        while hops * HOP / RATE < 0.85 * seconds:
            if parts:
                gap = int(self.between((4, 26)))
                parts.append((np.zeros(gap * HOP, np.float32), np.zeros(gap, bool)))
            parts.append(self._at_speed(int(self.random.choice(clips)), speed))
            hops = sum(len(mask) for _, mask in parts)
        return np.concatenate([part[0] for part in parts]), np.concatenate([part[1] for part in parts])

    def talk(
        self,
        track: Track,
        voice: int,
        kinds: tuple[str, ...],
        at_s: float,
        seconds: float,
        pause: tuple[float, float],
        early_pause_s: float = 0.0,
    ) -> float:
        """Phrases with pauses between until so much time is filled; returns when the last one ends."""
        end = at_s
        is_first = True
        while end - at_s < seconds * 0.8 and end < LIMIT_S - 0.3:
            left = seconds - (end - at_s)
            start = at_s if is_first else end + (early_pause_s or self.between(pause))
            if is_first and early_pause_s:
                clip = self.clip(voice, ("name", "hello"), min(left, self.between((0.5, 1.6))))
            else:
                clip = self.clip(voice, kinds, min(left, self.between((1.0, 4.0))))
                early_pause_s = early_pause_s if is_first else 0.0
            end = track.say(clip, start, self.between((-2, 2)))
            is_first = False
        return end

    # Sounds that are not speech.

    def tone(self, frequencies: tuple[float, ...], seconds: float, dbfs: float) -> np.ndarray:
        t = np.arange(round(seconds * RATE)) / RATE
        wave = sum(np.sin(2 * np.pi * hz * t + self.between((0, 6.28))) for hz in frequencies)
        ramp = np.minimum(1, np.minimum(t, t[::-1]) / 0.004)
        return (wave * ramp * 10 ** (dbfs / 20) * np.sqrt(2 / len(frequencies))).astype(np.float32) * 0.7

    def cadence(
        self,
        track: Track,
        frequencies: tuple[float, ...],
        rhythm: tuple[float, ...],
        start_s: float,
        dbfs: float,
        until_s: float = LIMIT_S,
    ) -> None:
        """On and off times in turn, again and again."""
        at, i = start_s, 0
        while at < until_s:
            seconds = rhythm[i % len(rhythm)]
            if i % 2 == 0:
                track.sound(self.tone(frequencies, min(seconds, until_s - at), dbfs), at)
            at += seconds
            i += 1

    def music_part(self, seconds: float) -> np.ndarray:
        """Played music or, one time in three, made up of notes."""
        length = round(seconds * RATE)
        if len(self.music) and not self.chance(0.33):
            piece = self.music[self.random.integers(len(self.music))]
            start = self.random.integers(len(piece) - length)
            return piece[start : start + length].astype(np.float32) / 32768
        sound = np.zeros(length)
        beat = self.between((0.12, 0.5))
        root = self.between((110, 300))
        for part in range(int(self.random.integers(1, 4))):
            at = 0.0
            overtones = self.random.uniform(0, 1, 6) / np.arange(1, 7)
            decay = self.between((0.5, 6))
            while at < seconds:
                hz = root * 2 ** (self.random.choice([0, 2, 4, 5, 7, 9, 11, 12, 16, 19]) / 12) * (part + 1) ** 0.5
                hold = beat * int(self.random.integers(1, 5))
                t = np.arange(min(round(hold * RATE), length - round(at * RATE))) / RATE
                note = sum(
                    a * np.sin(2 * np.pi * hz * (k + 1) * t) for k, a in enumerate(overtones) if hz * (k + 1) < 3900
                )
                start = round(at * RATE)
                sound[start : start + len(t)] += note * np.exp(-decay * t) * np.minimum(1, t / 0.01)
                at += hold
        return (0.1 * sound / (np.sqrt((sound**2).mean()) + 1e-9)).astype(np.float32)

    def babble(self, voices: int, seconds: float) -> np.ndarray:
        """Others talking without a pause: a television is one, a room is many."""
        length = round(seconds * RATE)
        sound = np.zeros(length, np.float32)
        for _ in range(voices):
            voice = self.voice()
            at = 0
            while at < length:
                samples, _ = self.clip(voice, KINDS)
                part = samples[: length - at]
                sound[at : at + len(part)] += part
                at += len(samples) + round(self.between((0.05, 0.4)) * RATE)
        return sound / np.sqrt(voices)

    def small_noise(self) -> np.ndarray:
        """A click, a breath, a laugh or a cough, at the level of speech."""
        kind = self.pick({"click": 0.4, "breath": 0.3, "laugh": 0.15, "knock": 0.15})
        if kind == "click":
            return self.random.standard_normal(int(self.between((8, 80)))).astype(np.float32) * 0.2
        if kind == "knock":
            t = np.arange(round(0.12 * RATE)) / RATE
            return (0.4 * np.sin(2 * np.pi * self.between((80, 500)) * t) * np.exp(-t * self.between((25, 80)))).astype(
                np.float32
            )
        seconds = self.between((0.3, 1.2))
        t = np.arange(round(seconds * RATE)) / RATE
        hiss = lfilter([1, -0.6], [1, -self.between((0.2, 0.9))], self.random.standard_normal(len(t)))
        shape = np.sin(np.pi * t / seconds) ** 2
        if kind == "laugh":
            shape = shape * np.maximum(0, np.sin(2 * np.pi * self.between((4, 6)) * t))
        return (hiss / hiss.std() * shape * 0.1 * 10 ** (self.between((-25, -6)) / 20)).astype(np.float32)

    def add_background(self, track: Track, shares: dict[str, float]) -> str:
        kind = self.pick(shares)
        gain = 10 ** (-self.between(BACKGROUND_DB) / 20)
        if kind == "music":
            track.background += self.music_part(LIMIT_S) * gain
        elif kind != "none":
            voices = 1 if kind == "television" else int(self.random.integers(3, 7))
            sound = self.babble(voices, LIMIT_S)
            if kind == "television" and self.chance(0.5):
                sound = sound + 0.3 * self.music_part(LIMIT_S)
            track.background += sound * gain
            track.has_background_talk = True
        return kind

    def add_small_noises(self, track: Track) -> None:
        for _ in range(int(self.random.integers(1, 5))):
            noise = self.small_noise()
            start = int(self.random.integers(0, len(track.background) - len(noise)))
            track.background[start : start + len(noise)] += noise

    # Calls.

    def draw(self) -> tuple[Call, lines.Line]:
        line = lines.draw_line(self.random)
        label = self.pick(LABELS)
        call = getattr(self, label)()
        return call, line

    def person(self) -> Call:
        mode = self.pick({name: row[0] for name, row in PERSON.items()})
        _, median, spread, kinds = PERSON[mode]
        seconds = float(np.clip(self.log_normal(median, spread), 0.2, 6.0))
        voice, track = self.voice_with_short_clips() if mode == "single word" else self.voice(), Track()
        share, least, most = SLOW_LIFT
        start = self.between((least, most) if self.chance(share) else LIFT_S)
        if mode == "sentence":
            end = self.talk(track, voice, kinds, start, seconds, INNER_PAUSE_S)
        else:
            end = track.say(self.clip(voice, kinds, seconds), start)
        call = Call("person", mode, self.names[voice], track, start, end)
        at = end + self.between(WAIT_S)
        if self.chance(REPEATS):
            at = track.say(
                self.clip(voice, ("hello",), self.log_normal(0.6, 0.3)), at, self.between((0, 4))
            ) + self.between(WAIT_S)
        if self.chance(CONVERSES):
            while at < LIMIT_S - 0.5:
                at = self.talk(
                    track, voice, ("talk", "name", "hello"), at, self.between(TURN_S), INNER_PAUSE_S
                ) + self.between(TURN_PAUSE_S)
        else:
            call.length_s = min(LIMIT_S, at + 2.0)
        background = self.add_background(track, self.person_background)
        if background != "none":
            call.mode += f" with {background}"
        if self.chance(SMALL_NOISES):
            self.add_small_noises(track)
        return call

    def machine(self) -> Call:
        voice, track = self.voice(), Track()
        share, least, most = LATE_START
        start = self.between((least, most) if self.chance(share) else MACHINE_START_S)
        median, spread, shortest = GREETING_S
        seconds = max(shortest, self.log_normal(median, spread))
        share, least, most = EARLY_PAUSE
        early = self.between((least, most)) if self.chance(share) and seconds > 2.5 else 0.0
        end = self.talk(track, voice, ("machine",), start, seconds, PHRASE_PAUSE_S, early)
        mode = "early pause" if early else "short" if end - start < 3 else "greeting"
        call = Call("machine", mode, self.names[voice], track, start, end)
        after = end
        if self.chance(BEEPS):
            share, least, most = LATE_BEEP
            gap = self.between((least, most) if self.chance(share) else (0.15, 1.6))
            first = self.between((380, 1600))
            pair = (first, min(2000.0, first * self.between((1.1, 1.6)))) if self.chance(0.15) else (first,)
            after = track.sound(self.tone(pair, self.between((0.13, 1.2)), self.between(TONE_DBFS)), end + gap)
            if after < LIMIT_S:
                call.beep_end_s = after
        self.add_background(track, MACHINE_BACKGROUND)
        call.length_s = min(LIMIT_S, after + 4.0)
        return call

    def screening(self) -> Call:
        voice, track = self.voice(), Track()
        start = self.between((0.1, 2.0))
        end = self.talk(track, voice, ("screening",), start, self.between(SCREENING_S), PHRASE_PAUSE_S)
        after = self.pick({"silence": 0.3, "ringing": 0.3, "music": 0.15, "person": 0.25})
        at = end + self.between((0.5, 2.0))
        if after == "ringing":
            self.cadence(track, (440.0, 480.0), (2.0, 4.0), at, self.between(TONE_DBFS))
        elif after == "music" and at < LIMIT_S:
            track.sound(self.music_part(LIMIT_S - at), at)
        elif after == "person":
            track.say(self.clip(self.voice(), ("hello",), self.log_normal(0.65, 0.4)), at + self.between((0.5, 3)))
        return Call("screening", f"then {after}", self.names[voice], track, start, end)

    def menu(self) -> Call:
        voice, track = self.voice(), Track()
        start = self.between((0.1, 2.0))
        end = start
        while end < LIMIT_S:
            for i in range(int(self.random.integers(*MENU_ITEMS))):
                end = track.say(
                    self.clip(voice, ("menu",), self.between((1.2, 2.5))),
                    end + (self.between(MENU_GAP_S) if i else 0.0),
                )
            end += self.between(MENU_LOOP_S)
        self.add_background(track, MACHINE_BACKGROUND)
        return Call("menu", "menu", self.names[voice], track, start, LIMIT_S)

    def fax(self) -> Call:
        track = Track()
        mode = self.pick({"calling": 0.5, "called": 0.5})
        dbfs = self.between(TONE_DBFS)
        start = self.between((0.2, 2.0))
        if mode == "calling":
            self.cadence(track, (1100.0,), (0.5, 3.0), start, dbfs)
        else:
            tone = self.tone((2100.0,), self.between((2.6, 4.0)), dbfs)
            if self.chance(0.5):
                # Phase reversals switch echo cancellers off.
                tone = tone * np.where((np.arange(len(tone)) // round(0.45 * RATE)) % 2, -1, 1).astype(np.float32)
            end = track.sound(tone, start)
            # What follows is data: V.21's two tones at 300 baud.
            bits = np.repeat(self.random.integers(0, 2, 900), round(RATE / 300))
            wave = np.sin(2 * np.pi * np.cumsum(np.where(bits, 1650, 1850)) / RATE) * 10 ** (dbfs / 20)
            track.sound(wave.astype(np.float32), end + 0.075)
        return Call("fax", mode, "", track)

    def intercept(self) -> Call:
        voice, track = self.voice(), Track()
        mode = self.pick({"reorder": 0.2, "vacant": 0.2, "no circuit": 0.2, "intercept": 0.2, "itu": 0.2})
        at = self.between((0.05, 1.2))
        dbfs = self.between(TONE_DBFS)
        if mode == "itu":
            segments = [(hz, 0.33) for hz in (950.0, 1400.0, 1800.0)]
        else:
            low, high, short, long = (913.8, 1370.6), (985.2, 1428.5), 0.276, 0.38
            first, second = {
                "reorder": ((low, short), (high, long)),
                "vacant": ((high, long), (low, short)),
                "no circuit": ((high, long), (high, long)),
                "intercept": ((low, short), (low, short)),
            }[mode]
            segments = [(first[0][0], first[1]), (second[0][1], second[1]), (1776.7, 0.38)]
        for hz, seconds in segments:
            at = track.sound(self.tone((hz,), seconds, dbfs), at) + self.between((0, 0.02))
        start = at + self.between((0.1, 1.0))
        end = self.talk(track, voice, ("intercept",), start, self.between((3, 8)), PHRASE_PAUSE_S)
        return Call("intercept", mode, self.names[voice], track, start, end)

    def busy(self) -> Call:
        track = Track()
        tones: dict[str, tuple[tuple[float, ...], tuple[float, ...]]] = {
            "us busy": ((480, 620), (0.5, 0.5)),
            "us reorder": ((480, 620), (0.25, 0.25)),
            "uk busy": ((400,), (0.375, 0.375)),
            "eu busy": ((425,), (0.5, 0.5)),
            "eu congestion": ((425,), (0.25, 0.25)),
        }
        mode = self.pick({name: 1.0 for name in tones})
        frequencies, rhythm = tones[mode]
        self.cadence(track, frequencies, rhythm, self.between((0, 0.8)), self.between(TONE_DBFS))
        return Call("busy", mode, "", track, length_s=10.0)

    def ringing(self) -> Call:
        track = Track()
        tones: dict[str, tuple[tuple[float, ...], tuple[float, ...]]] = {
            "us": ((440, 480), (2, 4)),
            "uk": ((400, 450), (0.4, 0.2, 0.4, 2.0)),
            "eu": ((425,), (1, 4)),
            "fr": ((440,), (1.5, 3.5)),
            "music": ((), ()),
        }
        # Music is what a net takes for a voice most easily: half of these calls.
        mode = self.pick({name: 4.0 if name == "music" else 1.0 for name in tones})
        if mode == "music":
            track.sound(self.music_part(12.0) * 10 ** (self.between((-10, 6)) / 20), 0.0)
        else:
            self.cadence(track, *tones[mode], self.between((0, 2)), self.between(TONE_DBFS))
        return Call("ringing", mode, "", track, length_s=12.0)

    def silence(self) -> Call:
        track = Track()
        mode = self.pick({"noise": 0.4, "small noises": 0.3, "digits": 0.3})
        if mode == "small noises":
            self.add_small_noises(track)
        elif mode == "digits":
            at = self.between((0.3, 2.0))
            while at < 10:
                pair = (
                    float(self.random.choice([697, 770, 852, 941])),
                    float(self.random.choice([1209, 1336, 1477, 1633])),
                )
                at = track.sound(
                    self.tone(pair, self.between((0.06, 0.4)), self.between(TONE_DBFS)), at
                ) + self.between((0.06, 1.0))
        return Call("silence", mode, "", track, length_s=10.0)


COLUMNS = (
    "file",
    "label",
    "mode",
    "source",
    "split",
    "talk_start_s",
    "talk_end_s",
    "beep_time_s",
    "level_dbfs",
    "noise",
    "snr_db",
    "codec",
    "silence",
    "loss",
    "fill",
)


def _frames_truth(call: Call, line: lines.Line, empty: np.ndarray) -> np.ndarray:
    per_frame = lines.FRAME // HOP
    count = len(empty)
    spoken = call.track.spoken[: count * per_frame].reshape(count, per_frame).mean(axis=1) >= 0.5
    truth = np.where(spoken, Truth.SPEECH, Truth.NOTHING).astype(np.uint8)
    power = (call.track.speech[: count * lines.FRAME].reshape(count, lines.FRAME) ** 2).mean(axis=1)
    dbfs = 10 * np.log10(power + 1e-12) + 20 + line.level_dbfs
    floor = line.level_dbfs - line.snr_db if line.noise != "none" else -90.0
    # What the noise or the coder's step swallows cannot be heard.
    truth[spoken & (dbfs < max(floor, -63))] = Truth.UNKNOWN
    if call.track.has_background_talk:
        truth[truth == Truth.NOTHING] = Truth.BACKGROUND_TALK
    truth[empty & spoken] = Truth.UNKNOWN
    return truth


def _make_chunk(
    folder: Path, split: str, chunk: int, size: int, seed: int
) -> tuple[list[dict[str, object]], list[np.ndarray]]:
    random = np.random.default_rng([seed, list(SIZES).index(split), chunk])
    studio = Studio(Bank(folder / "bank.npz"), np.load(folder / "music.npz")[split], split, random)
    drawn = [studio.draw() for _ in range(size)]
    sent: list[np.ndarray] = []
    for call, line in drawn:
        length = int(call.length_s * RATE) // lines.FRAME * lines.FRAME
        track = call.track
        sent.append(
            lines.transmit(
                track.speech[:length],
                track.background[:length],
                track.tones[:length],
                track.spoken[: length // HOP],
                line,
                random,
            )
        )
    carried: dict[int, np.ndarray] = {}
    with tempfile.TemporaryDirectory(dir=folder) as scratch:
        for codec in lines.CODECS:
            own = [i for i, (_, line) in enumerate(drawn) if line.codec == codec]
            if own:
                carried.update(zip(own, lines.code([sent[i] for i in own], codec, Path(scratch))))
    rows: list[dict[str, object]] = []
    truths: list[np.ndarray] = []
    for i, (call, line) in enumerate(drawn):
        audio, empty = lines.lose(carried[i], line, random)
        file = f"{split}/{chunk:02d}-{i:03d}.wav"
        soundfile.write(folder / file, audio, RATE, subtype="PCM_16")
        truths.append(_frames_truth(call, line, empty))
        seconds = {"talk_start_s": call.talk_start_s, "talk_end_s": call.talk_end_s, "beep_time_s": call.beep_end_s}
        rows.append(
            {"file": file, "label": call.label, "mode": call.mode, "source": call.source, "split": split}
            | {name: "" if value is None else round(min(value, call.length_s), 3) for name, value in seconds.items()}
            | {
                "level_dbfs": round(line.level_dbfs, 1),
                "noise": line.noise,
                "snr_db": round(line.snr_db, 1),
                "codec": line.codec,
                "silence": line.silence,
                "loss": round(line.loss, 4),
                "fill": line.fill,
            }
        )
    return rows, truths


def make_calls(folder: Path, seed: int, workers: int) -> None:
    """Draws all calls of all splits, unless they are there."""
    if (folder / "truth.npz").exists():
        return
    jobs = [
        (split, chunk, min(CHUNK, size - chunk * CHUNK))
        for split, size in SIZES.items()
        for chunk in range(-(-size // CHUNK))
    ]
    for split in SIZES:
        (folder / split).mkdir(exist_ok=True)
    with ProcessPoolExecutor(workers) as pool:
        made = list(pool.map(_make_chunk, *zip(*((folder, split, chunk, size, seed) for split, chunk, size in jobs))))
    with (folder / "calls.csv").open("w", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        writer.writeheader()
        for rows, _ in made:
            writer.writerows(rows)
    truths = [truth for _, chunk in made for truth in chunk]
    np.savez(
        folder / "truth.npz",
        truth=np.concatenate(truths),
        start=starts_of(truths),
    )
