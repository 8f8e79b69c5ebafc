"""Every voice and piece of music the training hears, and the bank of clips made of them.

The split is by source: a speaker is in one of train, val and test, whichever
engine or package speaks with that voice. Each source plays people and machines
alike, so that a voice never gives away who answered. Held out for test alone:
the engines klatt, HTS and unit selection, and the languages sv, pl and tr.
"""

from __future__ import annotations

import csv
import subprocess
import tempfile
import zlib
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import soundfile
from scipy.signal import resample_poly

from phrases import KINDS, PHRASES

RATE = 8000
HOP = 40
"""Speech truth is kept every 5 ms."""
ANY = len(KINDS)
"""The kind of a recording: its words are not known, it may stand for anything."""


@dataclass(frozen=True)
class Source:
    name: str
    engine: str
    voice: str
    language: str
    split: str
    package: str
    licence: str
    files: tuple[str, ...] = ()
    """Globs, for recordings."""

    @property
    def is_recording(self) -> bool:
        return self.engine == "recording"


FESTIVAL_FREE = "BSD-like (CMU, CSTR)"

# name, festival voice, language, split, Debian package, licence, character set of its text
FESTIVAL = [
    ("ked", "ked_diphone", "en", "train", "festvox-kdlpc16k", FESTIVAL_FREE, "ascii"),
    ("dita", "czech_dita", "cs", "train", "festvox-czech-dita", "GPL-3+", "iso-8859-2"),
    ("machac", "czech_machac", "cs", "train", "festvox-czech-machac", "GPL-3+", "iso-8859-2"),
    ("krb", "czech_krb", "cs", "train", "festvox-czech-krb", "GPL-3+", "iso-8859-2"),
    ("pc", "pc_diphone", "it", "train", "festvox-itapc16k", "GPL-2+", "iso-8859-1"),
    ("mv", "hy_fi_mv_diphone", "fi", "train", "festvox-suopuhe-mv", "LGPL-2+", "iso-8859-1"),
    # One speaker, three languages.
    ("nsk-hi", "hindi_NSK_diphone", "hi", "train", "festvox-hi-nsk", "GPL-2+", "utf-8"),
    ("nsk-mr", "marathi_NSK_diphone", "mr", "train", "festvox-mr-nsk", "GPL-2+", "utf-8"),
    ("nsk-te", "telugu_NSK_diphone", "te", "train", "festvox-te-nsk", "GPL-2+", "utf-8"),
    ("lp", "lp_diphone", "it", "val", "festvox-italp16k", "GPL-2+", "iso-8859-1"),
    ("lj", "suo_fi_lj_diphone", "fi", "val", "festvox-suopuhe-lj", "LGPL-2+", "iso-8859-1"),
    ("ph", "czech_ph", "cs", "test", "festvox-czech-ph", "GPL-2+", "iso-8859-2"),
    # kal speaks in flite too.
    ("kal-diphone", "kal_diphone", "en", "test", "festvox-kallpc16k", FESTIVAL_FREE, "ascii"),
    # HTS, held out as an engine; slt speaks in flite too.
    ("slt-hts", "cmu_us_slt_arctic_hts", "en", "test", "festvox-us-slt-hts", FESTIVAL_FREE, "ascii"),
    ("ona-hts", "upc_ca_ona_hts", "ca", "test", "festvox-ca-ona-hts", "LGPL-2.1+", "iso-8859-15"),
    # Unit selection, held out as an engine.
    ("nsh", "msu_ru_nsh_clunits", "ru", "test", "festvox-ru", FESTIVAL_FREE, "utf-8"),
]

FLITE = [("rms", "train"), ("awb", "val"), ("slt", "test"), ("kal16", "test")]

# espeak-ng: language of the wording, its voice, variant, split.
ESPEAK = [
    *(("en", "en-us", variant, "train") for variant in ("m1", "m3", "f1", "f2", "Andy", "Annie", "Lee")),
    *(("en", "en-gb", variant, "train") for variant in ("m2", "f3", "Linda", "Gene", "David")),
    *(("de", "de", variant, "train") for variant in ("m1", "m4", "f2", "Steph", "norbert")),
    *(("fr", "fr", variant, "train") for variant in ("m2", "f1", "f3", "Antonio")),
    *(("es", "es", variant, "train") for variant in ("m1", "f2", "Mario", "Alicia")),
    *(("it", "it", variant, "train") for variant in ("m3", "f1", "Marco")),
    ("hi", "hi", "f2", "train"),
    ("cs", "cs", "m4", "train"),
    ("en", "en-gb-scotland", "m5", "val"),
    ("en", "en-us", "f4", "val"),
    ("en", "en-us", "Jacky", "val"),
    ("de", "de", "f4", "val"),
    ("pt", "pt", "m5", "val"),
    ("pt", "pt-br", "f4", "val"),
    ("nl", "nl", "Michel", "val"),
    # klatt, held out as an engine.
    ("en", "en-us", "klatt", "test"),
    ("en", "en-us", "klatt4", "test"),
    ("de", "de", "klatt2", "test"),
    ("es", "es", "klatt3", "test"),
    # Languages held out.
    ("sv", "sv", "m7", "test"),
    ("sv", "sv", "f5", "test"),
    ("pl", "pl", "m6", "test"),
    ("pl", "pl", "anika", "test"),
    ("tr", "tr", "m7", "test"),
    ("en", "en-us-nyc", "travis", "test"),
]

KTUBERLING = "/usr/share/ktuberling/sounds"
TUXPAINT = "/usr/share/tuxpaint/stamps"
KLETTRES = "/usr/share/klettres"
FILLETS = "/usr/share/games/fillets-ng/sound"
HEDGEWARS = "/usr/share/games/hedgewars/Data/Sounds/voices"

# Recordings of people. Those of one language are in one split, since who spoke
# is not always said and one volunteer may have served two projects.
LANGUAGE_SPLITS = {
    "train": [
        "fr",
        "ca",
        "da",
        "es",
        "de",
        "en",
        "lt",
        "gl",
        "cs",
        "it",
        "nn",
        "nb",
        "hu",
        "ml",
        "he",
        "ar",
        "pt",
        "pt_BR",
        "ro",
        "bg",
        "nds",
        "wa",
    ],
    "val": ["el", "uk", "nl", "sv"],
    "test": ["ru", "sl", "be", "id", "tn", "ga"],
}

HEDGEWARS_SPLITS = {
    "train": ["Default", "Classic", "Surfer", "Mobster", "HillBilly", "Russian", "Default_es"],
    "val": ["Default_pl", "Default_uk", "Russian_pl"],
    "test": ["British", "Pirate", "Default_ru"],
}

# Cries, not words.
NOT_WORDS = ("laugh", "jump", "ouch", "ow", "oof", "ooff", "hmm", "boring", "poison")

CLIPS_PER_SOURCE = 160
"""One large source must not outweigh twenty small ones."""

# Music: glob, split, package, licence.
MUSIC = [
    ("/usr/share/games/hedgewars/Data/Music/[A-N]*.ogg", "train", "hedgewars-data", "GPL-2, GFDL-1.3"),
    ("/usr/share/games/fillets-ng/music/rybky0*.ogg", "train", "fillets-ng-data", "GPL-2"),
    ("/usr/share/games/wesnoth/1.16/data/core/music/[a-kr-w]*.ogg", "train", "wesnoth-1.16-music", "GPL-2"),
    ("/usr/share/games/hedgewars/Data/Music/[O-Z]*.ogg", "val", "hedgewars-data", "GPL-2, GFDL-1.3"),
    ("/usr/share/games/fillets-ng/music/[km]*.ogg", "val", "fillets-ng-data", "GPL-2"),
    ("/usr/share/games/wesnoth/1.16/data/core/music/[lm]*.ogg", "val", "wesnoth-1.16-music", "GPL-2"),
    ("/usr/share/games/frozen-bubble/snd/*zik*.ogg", "test", "frozen-bubble-data", "GPL-2"),
]


def sources() -> list[Source]:
    """All voices, in an order that does not change."""
    found: list[Source] = []
    for name, voice, language, split, package, licence, _ in FESTIVAL:
        found.append(Source(f"festival-{name}", "festival", voice, language, split, package, licence))
    for voice, split in FLITE:
        found.append(Source(f"flite-{voice}", "flite", voice, "en", split, "flite", "BSD-like (CMU)"))
    for language, voice, variant, split in ESPEAK:
        engine = "klatt" if variant.startswith("klatt") else "espeak-ng"
        name = f"{engine}-{voice}-{variant}"
        found.append(Source(name, engine, f"{voice}+{variant}", language, split, "espeak-ng", "GPL-3+"))
    return found + _recordings()


def _recordings() -> list[Source]:
    found: list[Source] = []

    def add(name: str, language: str, split: str, package: str, licence: str, *files: str) -> None:
        if any(_glob(pattern) for pattern in files):
            found.append(Source(name, "recording", name, language, split, package, licence, files))

    for split, languages in LANGUAGE_SPLITS.items():
        for language in languages:
            add(f"ktuberling-{language}", language, split, "ktuberling-data", "GPL-2+", f"{KTUBERLING}/{language}/*")
            add(
                f"klettres-{language}",
                language,
                split,
                "klettres-data",
                "GPL-2+",
                f"{KLETTRES}/{language}/syllab/*",
                f"{KLETTRES}/{language}/alpha/*",
            )
            add(
                f"tuxpaint-{language}",
                language,
                split,
                "tuxpaint-stamps-default",
                "GPL-2",
                f"{TUXPAINT}/**/*_desc_{language}.ogg",
            )
    add("tuxpaint-en", "en", "train", "tuxpaint-stamps-default", "GPL-2", f"{TUXPAINT}/**/*_desc.ogg")
    # The small fish and the big one are two actors.
    for language, split in (("cs", "train"), ("nl", "test")):
        for actor in ("m", "v"):
            add(
                f"fillets-{language}-{actor}",
                language,
                split,
                f"fillets-ng-data-{language}",
                "GPL-2",
                f"{FILLETS}/**/{language}/*-{actor}-*.ogg",
            )
    for split, voices in HEDGEWARS_SPLITS.items():
        for voice in voices:
            add(f"hedgewars-{voice}", "und", split, "hedgewars-data", "GPL-2, GFDL-1.3", f"{HEDGEWARS}/{voice}/*.ogg")
    test_data = "/usr/share/pocketsphinx/test/data"
    add(
        "librivox-austen",
        "en",
        "test",
        "pocketsphinx-testdata",
        "public domain recording, BSD-2 package",
        f"{test_data}/librivox/*.wav",
    )
    add("pocketsphinx-cards", "en", "test", "pocketsphinx-testdata", "BSD-2", f"{test_data}/cards/*.wav")
    add("alsa-speaker-test", "en", "val", "alsa-utils", "GPL-2", "/usr/share/sounds/alsa/[FRS]*.wav")
    return found


def _glob(pattern: str) -> list[Path]:
    found = sorted(p for p in Path("/").glob(pattern.lstrip("/")) if p.is_file())
    return [p for p in found if not p.stem.lower().startswith(NOT_WORDS)]


# --- Synthesis -------------------------------------------------------------

STRETCHES = (0.9, 1.15)
"""Each wording is spoken twice, briskly and slowly."""


def _wordings(source: Source) -> list[tuple[int, str]]:
    by_kind = PHRASES[source.language]
    return [(KINDS.index(kind), text) for kind in KINDS for text in by_kind.get(kind, ())]


def _speak(source: Source, folder: Path) -> list[tuple[int, np.ndarray]]:
    """All wordings of a voice, at 8 kHz."""
    jobs = [
        (kind, text, stretch, folder / f"{i}-{j}.wav")
        for j, stretch in enumerate(STRETCHES)
        for i, (kind, text) in enumerate(_wordings(source))
    ]
    if source.engine == "festival":
        _festival(source, jobs, folder)
    else:
        for _, text, stretch, path in jobs:
            if source.engine == "flite":
                command = [
                    "flite",
                    "-voice",
                    source.voice,
                    "--setf",
                    f"duration_stretch={stretch}",
                    "-t",
                    text,
                    "-o",
                    str(path),
                ]
            else:
                pitch = 35 + zlib.crc32(source.name.encode()) % 35
                command = [
                    "espeak-ng",
                    "-v",
                    source.voice,
                    "-s",
                    str(round(165 / stretch)),
                    "-p",
                    str(pitch),
                    "-w",
                    str(path),
                    text,
                ]
            subprocess.run(command, check=False, capture_output=True)
    return [(kind, _read(path)) for kind, _, _, path in jobs if path.exists()]


def _festival(source: Source, jobs: list[tuple[int, str, float, Path]], folder: Path) -> None:
    """One process for a whole voice: festival starts slowly."""
    charset = next(row[6] for row in FESTIVAL if row[1] == source.voice)
    lines = [
        f"(voice_{source.voice})",
        "(define (say file text) (let ((u (eval (list 'Utterance 'Text text)))) (utt.synth u) (utt.save.wave u file 'riff)))",
    ]
    for _, text, stretch, path in jobs:
        spoken = text.replace('"', "")
        lines.append(f"(Parameter.set 'Duration_Stretch {stretch})")
        lines.append(f'(unwind-protect (say "{path}" "{spoken}") nil)')
    script = folder / "say.scm"
    script.write_bytes("\n".join(lines).encode(charset, "ignore"))
    subprocess.run(["festival", "-b", str(script)], check=False, capture_output=True, timeout=300)


def _read(path: Path, seconds: float | None = None, skip: float = 0.0) -> np.ndarray:
    """A file as 8 kHz mono float."""
    rate = soundfile.info(path).samplerate
    stop = -1 if seconds is None else int((skip + seconds) * rate)
    samples, rate = soundfile.read(
        path,
        start=int(skip * rate),
        frames=stop - int(skip * rate) if stop > 0 else -1,
        dtype="float32",
        always_2d=True,
    )
    mono = samples.mean(axis=1)
    divisor = int(np.gcd(rate, RATE))
    return resample_poly(mono, RATE // divisor, rate // divisor).astype(np.float32) if rate != RATE else mono


# --- Truth -----------------------------------------------------------------


def speech_mask(samples: np.ndarray) -> np.ndarray:
    """Where a clean clip holds speech, every 5 ms.

    Clips are quiet where nobody talks, so energy is truth enough: within 33 dB of
    the loud parts, and clear of a recording's own hiss. A stop's closure of up to
    80 ms belongs to its word.
    """
    count = len(samples) // HOP
    if count < 8:
        return np.zeros(count, bool)
    bright = np.append(samples[0], samples[1:] - 0.6 * samples[:-1])
    power = (bright[: count * HOP].reshape(count, HOP) ** 2).mean(axis=1)
    level = 10 * np.log10(np.convolve(power, np.ones(4) / 4, "same") + 1e-12)
    loud, floor = np.percentile(level, 95), np.percentile(level, 3)
    mask = level > max(loud - 33, min(floor + 9, loud - 18))
    return _drop_runs(_drop_runs(mask, False, 16), True, 8)


def _drop_runs(mask: np.ndarray, value: bool, shorter_than: int) -> np.ndarray:
    """Turns inner runs of a value that are too short into the other value."""
    edges = np.flatnonzero(np.diff(mask.astype(np.int8))) + 1
    result = mask.copy()
    for start, end in zip([0, *edges], [*edges, len(mask)]):
        is_inner = start > 0 and end < len(mask)
        if mask[start] == value and end - start < shorter_than and (is_inner or value):
            result[start:end] = not value
    return result


# --- Bank ------------------------------------------------------------------


def starts_of(parts: list[np.ndarray]) -> np.ndarray:
    """Where each part begins when they are laid end to end, and where the last one ends."""
    return np.insert(np.cumsum([len(part) for part in parts]), 0, 0)


class Bank:
    """All clips in two arrays, each clip levelled and cut to its speech."""

    def __init__(self, path: Path) -> None:
        data = np.load(path)
        self.audio, self.mask, self.start, self.source, self.kind = (
            data[k] for k in ("audio", "mask", "start", "source", "kind")
        )
        self.seconds = np.diff(self.start) / RATE

    def clip(self, index: int) -> tuple[np.ndarray, np.ndarray]:
        start, end = self.start[index], self.start[index + 1]
        return self.audio[start:end].astype(np.float32) / 32768, self.mask[start // HOP : end // HOP]


def build_bank(folder: Path, seed: int) -> None:
    """Speaks and reads every source. Kept: made anew only when the file is missing."""
    target = folder / "bank.npz"
    if target.exists():
        return
    random = np.random.default_rng(seed)
    audio: list[np.ndarray] = []
    masks: list[np.ndarray] = []
    source_of: list[int] = []
    kind_of: list[int] = []
    for index, source in enumerate(sources()):
        with tempfile.TemporaryDirectory(dir=folder) as scratch:
            clips = _recorded(source, random) if source.is_recording else _speak(source, Path(scratch))
        kept = 0
        for kind, samples in clips:
            trimmed = _trim(samples)
            if trimmed is None:
                continue
            kept += 1
            audio.append(trimmed[0])
            masks.append(trimmed[1])
            source_of.append(index)
            kind_of.append(kind)
        print(f"{source.name}: {kept} clips", flush=True)
    np.savez(
        target,
        audio=np.concatenate(audio),
        mask=np.concatenate(masks),
        start=starts_of(audio),
        source=np.array(source_of, np.int16),
        kind=np.array(kind_of, np.int8),
    )


def _recorded(source: Source, random: np.random.Generator) -> list[tuple[int, np.ndarray]]:
    paths = sorted({path for pattern in source.files for path in _glob(pattern)})
    if len(paths) > CLIPS_PER_SOURCE:
        paths = [paths[i] for i in sorted(random.choice(len(paths), CLIPS_PER_SOURCE, replace=False))]
    clips: list[tuple[int, np.ndarray]] = []
    for path in paths:
        try:
            clips.append((ANY, _read(path)))
        except soundfile.LibsndfileError:
            continue
    return clips


def _trim(samples: np.ndarray) -> tuple[np.ndarray, np.ndarray] | None:
    """Cuts a clip to its speech, at a common level; nothing if too short, long or silent."""
    mask = speech_mask(samples)
    spoken = np.flatnonzero(mask)
    if len(spoken) < 24:
        return None
    first, last = spoken[0], spoken[-1] + 1
    if (last - first) * HOP > 9 * RATE:
        return None
    part, mask = samples[first * HOP : last * HOP], mask[first:last]
    rms = np.sqrt((part[np.repeat(mask, HOP)] ** 2).mean())
    if rms < 1e-4:
        return None
    return np.clip(part * (0.1 / rms) * 32768, -32767, 32767).astype(np.int16), mask


def build_music(folder: Path) -> None:
    """A minute of every piece, at a common level."""
    target = folder / "music.npz"
    if target.exists():
        return
    pieces: dict[str, list[np.ndarray]] = {"train": [], "val": [], "test": []}
    for pattern, split, _, _ in MUSIC:
        for path in _glob(pattern):
            seconds = soundfile.info(path).duration
            samples = _read(path, 60.0, min(10.0, seconds / 4))
            rms = np.sqrt((samples**2).mean())
            if len(samples) > 4 * RATE and rms > 1e-4:
                samples = np.resize(samples, 60 * RATE)
                pieces[split].append(np.clip(samples * (0.1 / rms) * 32768, -32767, 32767).astype(np.int16))
    np.savez(target, **{split: np.array(found) for split, found in pieces.items()})


def write_manifest(bank: Bank, path: Path) -> None:
    """One row for every source: what it is, under which licence, in which split."""
    with path.open("w", newline="") as file:
        rows = csv.writer(file, lineterminator="\n")
        rows.writerow(
            ["source", "package", "version", "used", "licence", "voice", "language", "split", "clips", "minutes"]
        )
        for index, source in enumerate(sources()):
            own = bank.source == index
            used = " ".join(source.files) if source.is_recording else f"synthesis by {source.engine} of phrases.py"
            rows.writerow(
                [
                    source.name,
                    source.package,
                    _version(source.package),
                    used,
                    source.licence,
                    source.voice,
                    source.language,
                    source.split,
                    int(own.sum()),
                    round(float(bank.seconds[own].sum()) / 60, 1),
                ]
            )
        for pattern, split, package, licence in MUSIC:
            rows.writerow(
                [
                    f"music {Path(pattern).parts[4]} {Path(pattern).name}",
                    package,
                    _version(package),
                    pattern,
                    licence,
                    "",
                    "",
                    split,
                    len(_glob(pattern)),
                    "",
                ]
            )


def _version(package: str) -> str:
    command = ["dpkg-query", "-W", "-f=${Version}", package]
    return subprocess.run(command, check=False, capture_output=True, text=True).stdout
