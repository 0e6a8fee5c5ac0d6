"""Whether a small picture shows what the large one shows.

A picture that was cropped or painted over may still carry the small one from before. Both are
made small and grey; what counts is another shape, or a place that differs much once the whole is
as bright and as rich in contrast as the other.
"""

from __future__ import annotations

import io

from PIL import Image

_SIDE = 32
_ENOUGH = 256
_SHAPE = 0.06
"""The shapes may differ by so much: the sides of a thumbnail are rounded."""
_MUCH = 48
"""Of 255: how much a place differs that was painted over."""
_SHARE = 4 / 32**2
"""The share of places that differ."""
_BAR = 24
"""A cell that is darker is part of a black bar, with which cameras fill up a thumbnail."""
_TRANSPOSED = (
    None,
    Image.Transpose.ROTATE_90,
    Image.Transpose.ROTATE_180,
    Image.Transpose.ROTATE_270,
)
MAX_PIXELS = 100_000_000

Grid = list[float]


class TooLarge(ValueError):
    """More pixels than are looked at."""


def opened(data: bytes) -> Image.Image:
    """The picture in ``data``, grey or in colours, fully read. Raises what Pillow raises, and
    :class:`TooLarge`."""
    image = Image.open(io.BytesIO(data), formats=("JPEG", "PNG"))
    if image.width * image.height > MAX_PIXELS:
        raise TooLarge
    return image


def differs(small: Image.Image, large: Image.Image) -> bool:
    """Whether ``small`` shows something else than ``large``."""
    papers = ("white", "black") if _is_clear(small) or _is_clear(large) else ("white",)
    return all(
        _differs(_flat(small, paper), _flat(large, paper), turn)
        for paper in papers
        for turn in _TRANSPOSED
    )


def _is_clear(image: Image.Image) -> bool:
    return image.mode in {"RGBA", "LA", "PA"} or "transparency" in image.info


def _flat(image: Image.Image, paper: str) -> Image.Image:
    """Grey, on ``paper`` where it is transparent, and not much larger than needed."""
    clear = _is_clear(image)
    if image.mode in {"P", "PA", "1"} or "transparency" in image.info:
        image = image.convert("RGBA" if clear else "RGB")
    image = image.reduce(max(1, min(image.size) // _ENOUGH))
    if clear:
        image = image.convert("RGBA")
        image = Image.alpha_composite(Image.new("RGBA", image.size, paper), image)
    return image.convert("L")


def _differs(small: Image.Image, large: Image.Image, turn: Image.Transpose | None) -> bool:
    large = large if turn is None else large.transpose(turn)
    small = _without_bars(small, large.width / large.height)
    if abs(small.width / small.height / (large.width / large.height) - 1) > _SHAPE:
        return True
    # Of an icon no more places than it has pixels for.
    side = max(2, min(_SIDE, *(length // 2 for length in (*small.size, *large.size))))
    first, second = _grid(small, side), _grid(large, side)
    gain, offset = _fit(first, second)
    places = sum(abs(gain * a + offset - b) > _MUCH for a, b in zip(first, second, strict=True))
    return places >= max(1, _SHARE * side * side)


def _grid(image: Image.Image, side: int) -> Grid:
    return [float(value) for value in image.resize((side, side), Image.Resampling.BOX).tobytes()]


def _fit(first: Grid, second: Grid) -> tuple[float, float]:
    """The brightness and contrast that make the one most like the other: least squares, within
    what an ordinary correction does."""
    mean_first, mean_second = sum(first) / len(first), sum(second) / len(second)
    variance = sum((a - mean_first) ** 2 for a in first)
    together = sum((a - mean_first) * (b - mean_second) for a, b in zip(first, second, strict=True))
    gain = min(1.6, max(0.6, together / variance)) if variance > len(first) else 1.0
    return gain, mean_second - gain * mean_first


def _without_bars(image: Image.Image, ratio: float) -> Image.Image:
    """Cut off the black bars that make a picture of the shape ``ratio`` one of 4 to 3."""
    width, height = image.size
    if abs(width / height / ratio - 1) <= _SHAPE:
        return image
    if width / height < ratio:
        margin = round((height - width / ratio) / 2)
        bar = max(1, margin - 2)  # not the blurred edge
        bars = [(0, 0, width, bar), (0, height - bar, width, height)]
        inner = (0, margin, width, height - margin)
    else:
        margin = round((width - height * ratio) / 2)
        bar = max(1, margin - 2)
        bars = [(0, 0, bar, height), (width - bar, 0, width, height)]
        inner = (margin, 0, width - margin, height)
    if margin < 1 or inner[2] - inner[0] < 8 or inner[3] - inner[1] < 8:
        return image
    dark = all(_mean(image.crop(bar)) < _BAR for bar in bars)
    return image.crop(inner) if dark else image


def _mean(image: Image.Image) -> float:
    values = image.tobytes()
    return sum(values) / max(1, len(values))
