"""The names that a document gives to its own models, and words that look like names of models."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from litdb.extract.meaning import words
from litdb.extract.types import Grid
from litdb.values.names import bare_name
from litdb.vocabulary import vocabulary

_NAME = re.compile(r"(?<![\w/@.-])[A-Za-z³²]*[A-Z][\w³²]*(?:[+-]+[\w³²]*)*\+*(?![\w/@])")
_NOT_NAMES = frozenset(
    [
        "SE",
        "GAN",
        "AI",
        "GPU",
        "CPU",
        "API",
        "IEEE",
        "ICASSP",
        "INTERSPEECH",
        "NEURIPS",
        "ICML",
        "ICLR",
        "SLT",
        "WASPAA",
        "ASRU",
        "ACM",
        "TASLP",
        "PYTORCH",
        "TENSORFLOW",
        "GITHUB",
        "README",
        "ASR",
        "TTS",
        "STFT",
        "ISTFT",
        "FFT",
        "T-F",
        "TF",
        "DNN",
        "CNN",
        "RNN",
        "SOTA",
        "WB",
        "NB",
        "SNR",
        "DB",
        "HZ",
        "KHZ",
        "ARXIV",
        "PAPER",
        "MIT",
        "BSD",
        "ONNX",
        "CUDA",
        "LLM",
        "PMC",
        "DOI",
        "URL",
        "HTML",
        "PDF",
        "MOS",
        "INTERSPEECH2025",
        "U-NET",
        "UNET",
        "OPENAI",
        "HUGGINGFACE",
        "JSON",
        "CSV",
        "YAML",
        "WAV",
        "VCTK",
        "NIPS",
        "US",
        "UK",
        "USA",
        "II",
        "III",
        "IV",
        "TABLE",
        "RESULTS",
        "DNS",
    ]
)
_PROPOSING = re.compile(
    r"(?:propos|present|introduc|call|nam|term|dubb|refer(?:red)? to as|denot|develop)\w*\s+(?:(?:an?|the|our|novel|new|as|by|method|model|network|"
    r"it|this|is)\s+){0,3}(?:\\textbf\{|\*\*)?(?P<name>[A-Z][\w+-]*[A-Z0-9][\w+-]*)"
)
_PREFIX = re.compile(r"^\s*(?P<name>[^:]{2,48}?)(?:\s*:|\s+[–—-])\s+\S|^\s*(?P<wide>[^：]{2,48}?)：\S")
#: A title that is nothing but a name, or a place and a name: 'auklet', 'dipper/denoiser-48'.
_ONE_WORD = re.compile(r"(?:[\w.-]+/)?(?P<name>[A-Za-z][\w.+-]{2,30})")
#: 'Training report: plover-net': one word that looks made up, behind what the document is.
_BEHIND_COLON = re.compile(
    r"^[A-Z][a-z]+(?: [a-z]+){0,3}\s*:\s*`?(?P<name>(?=\S*(?:[-_]|\d|[a-z][A-Z]))[A-Za-z][\w.+-]{2,30})`?$"
)
#: 'Lute codec': a name and what bears it.
_OF_A_KIND = re.compile(
    r"(?P<name>[A-Z][\w.+-]{2,30}) (?:(?:speech|neural|audio) )?(?:codec|denoiser|vocoder|enhancer|network|suppressor)"
)
_NO_TITLE_NAME = re.compile(
    r"results?|readme|benchmarks?|leaderboard|evaluation|experiments?|models?|documentation|introduction|tutorial|awesome\S*|speech\S*|"
    r"audio\S*|index|home|table|overview|summary|changelog|report|recipes?|baselines?|performance|paper",
    re.I,
)
_CONFIGURED = re.compile(
    r"\b(?:model|method|system|mask_estimator|estimator|network|arch(?:itecture)?)(?:_?name)?\s*[=:]\s*['\"](?P<name>[A-Za-z][\w+-]{2,30})['\"]"
)


def names_in(text: str) -> list[str]:
    """Words that look like names of models: capitals inside, digits, hyphens; no venues, tools, metrics, test sets."""
    vocab = vocabulary()
    if len(re.findall(r"[A-Z]{2,}", text)) > 2 and not re.search(r"[a-z]", text):
        return []  # in a title that is all in capitals every word has them
    taken = [(start, start + 40) for start, _ in vocab.datasets_in(text)]
    found = []
    for match in _NAME.finditer(text):
        name = match.group().strip("-")
        letters = re.sub(r"[^A-Za-z]", "", name)
        capitals = sum(1 for ch in letters if ch.isupper())
        if len(letters) < 3 or (capitals < 2 and not re.search(r"[a-z][A-Z]|\d|\+", name)):
            continue
        if name.upper() in _NOT_NAMES or vocab.metric(name) is not None or vocab.dataset(name) is not None:
            continue
        if any(
            start <= match.start() < end and vocab.dataset(text[start : match.end()]) for start, end in taken
        ):
            continue
        found.append(name)
    return found


def title_name(title: str) -> str:
    """The name that a title gives to its model: 'NAME: what it is', or the only name in it."""
    match = _PREFIX.match(title)
    if match:
        name = (match["name"] or match["wide"]).strip()
        if len(name.split()) <= 3 and (names_in(name) or re.fullmatch(r"[A-Z]\w+", name)):
            return name
    return ""


def own_names(
    title: str, abstract: str, grids: Sequence[Grid], kind: str, prose: str = ""
) -> tuple[str, ...]:
    """The names of the paper's own models, most certain first."""
    found: dict[str, str] = {}

    def add(name: str) -> None:
        key = bare_name(name)
        if len(key) >= 2:
            found.setdefault(key, name)

    if name := title_name(title):
        add(name)
    for grid in grids:
        for row in grid.rows:
            for cell in row[:2]:
                if (
                    cell.text
                    and words.OURS.search(cell.text)
                    and not words.OURS_ALONE.match(cell.text.strip())
                ):
                    bare = words.LIST_NUMBER.sub("", words.OURS.sub(" ", cell.text)).strip(" ,:-")
                    if (
                        bare
                        and len(bare) <= 40
                        and re.search(r"[A-Za-z]{2}", re.sub(r"\([^()]*\)", "", bare))  # not 'Ours (pruned)'
                        and not words.CHANGE_LABEL.match(bare)
                    ):
                        add(bare)
    for match in _PROPOSING.finditer(abstract):
        add(match["name"])
    if not found and (name := _alone_uncited(grids, f"{abstract}\n{prose}")):
        add(name)
    if kind == "markdown" and not found:
        for name in names_in(title)[:1] or _capital_name(title, prose) or _one_word(title):
            add(name)
    return tuple(found.values())


def _alone_uncited(grids: Sequence[Grid], prose: str) -> str:
    """The name that all rows without a citation share in tables whose other rows have one, where the text has it too."""
    cited, names = 0, dict[str, str]()
    for grid in grids:
        rows = [row[0] for row in grid.rows[1:] if row and re.search(r"[A-Za-z]{2}", row[0].text)]
        with_one = [cell for cell in rows if cell.cites]
        if len(with_one) < 3:
            continue
        cited += len(with_one)
        for cell in rows:
            label = words.DECORATION.sub(" ", words.LIST_NUMBER.sub("", cell.text)).strip()
            title = cell.colspan > 1 or words.STRONG_MODEL_HEADER.match(label)
            if not cell.cites and not title and not words.REFERENCE_LABEL.match(label):
                names[bare_name(label)] = re.split(r"\s*[(\[+]|\s(?=w/)", label)[0]
    shortest = min(names.values(), key=len, default="")
    shared = all(key.startswith(bare_name(shortest)) for key in names)
    known = names_in(shortest) == [shortest] or re.fullmatch(r"[A-Z][a-z]{2,}[\w-]*", shortest)
    spoken = known and re.search(rf"\b{re.escape(shortest)}\b", prose) and not _NO_MODEL.fullmatch(shortest)
    return shortest if cited and shared and spoken else ""


_SPOKEN = re.compile(
    r"\b(?:in|of|for|by|with)\s+(?:the\s+)?(?P<name>[A-Z][A-Za-z0-9+-]{3,24})\b(?!\s*[+&/])"
    r"|^(?P<first>[A-Z][A-Za-z0-9+-]{3,24})\s+(?:with|at|trained|using|under|for)\b"
)
_OUR_MODEL = re.compile(
    r"\b(?:our|the proposed)\s{1,3}(?:model|network|system|method|approach)\s?,?\s{1,3}(?:(?:called|named)\s{1,3})?"
    r"(?P<name>[A-Z][A-Za-z0-9+-]{3,24})\b"
)
#: 'Model: `godwit-base`', alone at the beginning of a line.
_MODEL_LINE = re.compile(
    r"^[\s*>-]{0,6}(?:model|network|system)\**\s*:\s*[`*\"']{1,3}(?P<name>[A-Za-z][\w.+-]{2,30})[`*\"']",
    re.I | re.M,
)
#: Proper names that are no models.
_NO_MODEL = re.compile(
    r"english|german|french|spanish|mandarin|chinese|japanese|korean|wiener|fourier|gaussian|mel|bark|table|figure|section|appendix|"
    r"noise|speech|signal|audio|input|output|music|cortex|python|github",
    re.I,
)


def spoken_names(headings: Iterable[str], prose: str) -> tuple[str, ...]:
    """Names that captions, headings and sentences give to what they are about: 'steps of Godwit', 'our model, Godwit'.

    One that the text has once only, or that is a test set, a metric or a tool, is none.
    """
    found: dict[str, None] = {}
    vocab = vocabulary()
    for match in _MODEL_LINE.finditer(prose[:20_000]):
        found.setdefault(match["name"])
    for match in (
        *_OUR_MODEL.finditer(prose[:20_000]),
        *(m for text in headings for m in _SPOKEN.finditer(text)),
    ):
        name = next(filter(None, match.groups()))
        known = vocab.metric(name) is not None or bool(vocab.datasets_in(name)) or name.upper() in _NOT_NAMES
        if match.groupdict().get("first") and not _in_a_sentence(name, prose):
            continue  # any word has a capital where a caption begins: 'Comparison for ...'
        if known or _NO_MODEL.fullmatch(name) or prose.count(name) < 2:
            continue
        found.setdefault(name)
    return tuple(found)


def _capital_name(title: str, prose: str) -> list[str]:
    """The first word of a title where sentences of the text have it with its capital in their middle: 'Godwit'."""
    match = re.match(r"[A-Z][a-z]{2,}\b", title)
    return [match[0]] if match and _in_a_sentence(match[0], prose) else []


def _in_a_sentence(name: str, prose: str) -> bool:
    """Whether a sentence has a word with its capital in its middle, as names have it."""
    return re.search(rf"[a-z,] {re.escape(name)}\b(?! [A-Z])", prose[:20_000]) is not None


def _one_word(title: str) -> list[str]:
    """The name that is all of a title, or all that stands before its dash."""
    prefix = _PREFIX.match(title)
    bare = re.sub(r"\s*\([^()]*\)\s*$", "", (prefix["name"] or prefix["wide"]) if prefix else title).strip(
        " `*"
    )
    match = _ONE_WORD.fullmatch(bare) or _BEHIND_COLON.search(title) or _OF_A_KIND.fullmatch(bare)
    if match is None or _NO_TITLE_NAME.fullmatch(match["name"]) or vocabulary().dataset(bare) is not None:
        return []
    return [match["name"]]


def configured_name(text: str) -> str:
    """A name given by a line such as `model = 'name'`."""
    match = _CONFIGURED.search(text)
    return match["name"] if match else ""


def is_property(name: str, value: str) -> bool:
    """Whether the first row of a list of properties is one of them, not the name of what has them: 'Architecture', 'dual-path GRU'."""
    plain = name.strip()
    heads = (
        words.STRONG_MODEL_HEADER.match(plain) or words.METRIC_HEADER.match(plain) or plain.lower() == "name"
    )
    return bool(plain) and not heads and len(value.split()) > 1 and not names_in(value.split()[0])
