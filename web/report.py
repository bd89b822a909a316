"""Figures of an evaluation, as lines for a terminal and as a page with plots that needs no other file."""

import io
from collections.abc import Iterator, Mapping, Sequence
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from qa.evaluation import Figures, Outcome
from qa.evaluation.estimates import Estimate
from qa.evaluation.refusal import Bar
from qa.evaluation.summary import Stage

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

MISSED = 200
"""Questions that went wrong which a page shows at most."""
_SIZE = (4.6, 3)
"""Of a plot, in inches."""
_INK, _OTHER = "#1f4e79", "#b3541e"


class PlotsUnavailable(RuntimeError):
    """What draws plots isn't installed; the message says what to do."""


def told(rows: Mapping[str, object]) -> Iterator[str]:
    """Names and values, a line each; what belongs together under its name, a curve left out."""
    nested = {name: value for name, value in rows.items() if isinstance(value, Mapping)}
    for name, value in rows.items():
        if name not in nested:
            yield _line(name, value)
    for name, group in nested.items():
        yield f"\n{name}"
        yield from _indented(group)


def _indented(group: Mapping[str, Any]) -> Iterator[str]:
    for name, value in group.items():
        if isinstance(value, Mapping) and name == "by_kind":
            yield from _indented(value)
        elif not isinstance(value, Sequence) or isinstance(value, str):
            yield _line(name, value)


def _line(name: str, value: object) -> str:
    return f"{name:>22}  {_written(value)}"


def _written(value: object) -> str:
    """A figure with its interval, several of them in a row, or what else there is."""
    if not isinstance(value, Mapping):
        return "-" if value is None else f"{value:.3f}" if isinstance(value, float) else str(value)
    if "low" in value:
        return "{value:.3f} ({low:.3f} to {high:.3f}, of {count})".format(**value)
    known = {name: each for name, each in value.items() if each is not None}
    return ", ".join(f"{name} {_written(each)}" for name, each in known.items())


def page(head: Mapping[str, str], figures: Figures, outcomes: Sequence[Outcome]) -> str:
    """One HTML page, self-contained: tables, plots as SVG, and what went wrong.

    Needs what :func:`expect_plots` expects.
    """
    environment = Environment(
        loader=PackageLoader("web"), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )
    environment.filters["figure"] = _shown
    wrong = [each for each in outcomes if _went_wrong(each)]
    return environment.get_template(
        "report.html"
    ).render(
        head=head,
        figures=figures,
        groups={
            "first questions": figures.first_questions,
            "follow-ups": figures.follow_ups,
            **figures.answers.by_kind,
        },
        tables=dict(_tables(figures)),
        plots=[(title, Markup(svg)) for title, svg in _plots(figures)],  # noqa: S704 - our own SVG
        missed=wrong[:MISSED],
        count=len(wrong),
    )


def _went_wrong(each: Outcome) -> bool:
    return not each.right if each.gold.answerable else each.answer.answered


def _shown(value: object) -> str:
    if isinstance(value, Estimate):
        return f"{value.value:.3f} ({value.low:.3f} to {value.high:.3f}, of {value.count})"
    return "–" if value is None else f"{value:.3f}" if isinstance(value, float) else str(value)


def _tables(figures: Figures) -> Iterator[tuple[str, dict[str, object]]]:
    """Names and values that stand together."""
    plain = {
        name: getattr(figures, name)
        for name in ("questions", "answerable", "citations", "uncited_sentences", "length_ratio")
    }
    yield "Questions", plain
    if figures.retrieval:
        yield "Search", _fields(figures.retrieval)
    yield "Answers", {k: v for k, v in _fields(figures.answers).items() if k != "by_kind"}
    yield "Refusal", {k: v for k, v in _fields(figures.refusal).items() if k != "curve"}
    yield "Citations", _fields(figures.citing)


def _fields(value: Any) -> dict[str, object]:  # noqa: ANN401 - any of the figures' dataclasses
    return {name: getattr(value, name) for name in value.__dataclass_fields__}


def expect_plots() -> None:
    """See that plots can be drawn. Raises ``PlotsUnavailable``."""
    if find_spec("matplotlib") is None:
        raise PlotsUnavailable(
            "a page with plots needs matplotlib: pip install 'baowen[plots]', or leave --report out"
        )


def _plots(figures: Figures) -> Iterator[tuple[str, str]]:
    """Titles and SVG elements."""
    from matplotlib import rc_context
    from matplotlib.figure import Figure

    with rc_context({"svg.fonttype": "none", "svg.hashsalt": "baowen", "font.size": 9}):
        if found := figures.retrieval:
            yield "How far down the search has what answers", _bars(Figure(_SIZE), _fields(found))
        if curve := figures.refusal.curve:
            yield "Risk and coverage", _risk(Figure(_SIZE), curve)
            yield "What another bar would do", _over_bars(Figure(_SIZE), curve)
        if stages := figures.stages_ms:
            yield "Time of a question", _times(Figure(_SIZE), stages)


def _bars(figure: "Figure", estimates: Mapping[str, Any]) -> str:
    axes = figure.subplots()
    values = [each.value for each in estimates.values()]
    spread = [
        [each.value - each.low for each in estimates.values()],
        [each.high - each.value for each in estimates.values()],
    ]
    axes.bar(list(estimates), values, color=_INK, yerr=spread, capsize=3)
    axes.set_ylim(0, 1)
    return _svg(figure, axes)


def _risk(figure: "Figure", curve: Sequence[Bar]) -> str:
    axes = figure.subplots()
    points = [(bar.coverage, bar.risk) for bar in curve if bar.risk is not None]
    axes.plot(*zip(*points, strict=True), color=_INK, marker=".")
    axes.set(xlabel="questions answered", ylabel="answers that are wrong", xlim=(0, 1), ylim=(0, 1))
    return _svg(figure, axes)


def _over_bars(figure: "Figure", curve: Sequence[Bar]) -> str:
    axes = figure.subplots()
    for name, label, color in (
        ("right", "answered rightly, of the answerable", _INK),
        ("refused", "refused, of the others", _OTHER),
    ):
        points = [(bar.bar, y) for bar in curve if (y := getattr(bar, name)) is not None]
        if points:
            axes.plot(*zip(*points, strict=True), color=color, label=label)
    axes.set(xlabel="bar", xlim=(0, 1), ylim=(0, 1))
    axes.legend(loc="lower center", frameon=False)
    return _svg(figure, axes)


def _times(figure: "Figure", stages: Mapping[str, Stage]) -> str:
    axes = figure.subplots()
    names = list(stages)
    for at, (name, label, color) in enumerate(
        (("median", "median", _INK), ("p95", "95 % within", _OTHER))
    ):
        places = [place + at * 0.4 for place in range(len(names))]
        axes.barh(
            places, [getattr(stages[each], name) for each in names], 0.4, color=color, label=label
        )
    axes.set_yticks([place + 0.2 for place in range(len(names))], names)
    axes.invert_yaxis()
    axes.set_xlabel("ms")
    axes.legend(frameon=False)
    return _svg(figure, axes)


def _svg(figure: "Figure", axes: "Axes") -> str:
    axes.spines[["top", "right"]].set_visible(False)
    written = io.StringIO()
    figure.savefig(written, format="svg", metadata={"Date": None}, bbox_inches="tight")
    svg = written.getvalue()
    return svg[svg.index("<svg") :]
