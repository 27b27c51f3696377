"""Whether a file is what a place asks for."""

from __future__ import annotations

from dataclasses import dataclass

from narrator.check.report import Report
from narrator.presets import Bound, Preset, Quantity


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One criterion, and how a file meets it."""

    name: str
    value: str
    bound: str
    passed: bool


def judge(report: Report, preset: Preset) -> tuple[Finding, ...]:
    """Hold a file to every bound of a preset, in the preset's order.

    Values are judged as they are, not as they are rounded for printing.
    """
    return tuple(_find(report, bound) for bound in preset.bounds)


def _find(report: Report, bound: Bound) -> Finding:
    value = _measured(report, bound.quantity)
    if isinstance(value, str):
        return Finding(
            name=bound.quantity.value,
            value=value,
            bound=" or ".join(bound.names),
            passed=value in bound.names,
        )
    low_enough = bound.high is None or value <= bound.high
    return Finding(
        name=bound.quantity.value,
        value=f"{_number(value)} {bound.unit}",
        bound=f"{_range(bound)} {bound.unit}",
        passed=low_enough and (bound.low is None or value >= bound.low),
    )


def _measured(report: Report, quantity: Quantity) -> float | str:
    values: dict[Quantity, float | str] = {
        Quantity.CODEC: report.codec,
        Quantity.SAMPLE_RATE: report.sample_rate_hz,
        Quantity.BIT_RATE: report.bitrate_bps / 1000,
        Quantity.CONSTANT_BIT_RATE: "yes" if report.is_constant_bitrate else "no",
        Quantity.LENGTH: report.decoded_s / 60,
        Quantity.LOUDNESS: report.loudness.integrated_lufs,
        Quantity.RMS: report.levels.rms_dbfs,
        Quantity.PEAK: report.loudness.sample_peak_dbfs,
        Quantity.NOISE_FLOOR: report.levels.noise_floor_dbfs,
        Quantity.HEAD: report.levels.head_s,
        Quantity.TAIL: report.levels.tail_s,
    }
    return values[quantity]


def _range(bound: Bound) -> str:
    if bound.low is None:
        return f"at most {_number(bound.high or 0)}"
    if bound.high is None:
        return f"at least {_number(bound.low)}"
    if bound.low == bound.high:
        return _number(bound.low)
    return f"{_number(bound.low)} to {_number(bound.high)}"


def _number(value: float) -> str:
    if abs(value) >= 1000 and value == value // 1:
        return f"{value:,.0f}".replace("-", "−")
    return f"{value:.2f}".rstrip("0").rstrip(".").replace("-", "−")
