"""Answer files: a plan, an explanation and a cover for upstream 26.0.0, beside reading it.

Processor time in one process, once the model is loaded; the plan's is that of a random file, the
mean of a hundred. The whole process of a plan is measured as the check's is.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

from plugindoc.answers.consequences import consequences
from plugindoc.answers.covering import cover
from plugindoc.answers.parsing import parse
from plugindoc.answers.planning import PlanMaker
from plugindoc.answers.search import ChangeSearch
from plugindoc.answers.settling import settle
from plugindoc.answers.targets import find_target
from plugindoc.answers.why import Explainer
from plugindoc.loading import read
from plugindoc.model.questions import Questions
from tests.bench.bench_check import BIN, PYTHON, least
from tests.parity.answering import answer_files
from tests.upstream import release

FILES: Final = 100


def milliseconds(work: Callable[[], object], times: int = 1) -> float:
    """Return the processor time of one call, after one that is not counted."""
    work()
    start = time.process_time()
    for _ in range(times):
        work()
    return (time.process_time() - start) * 1000 / times


def main() -> None:
    """Print the tables."""
    tree = release("26.0.0")
    reading = read(tree)
    questions = Questions(reading.project)
    maker = PlanMaker(questions)
    files = [parse(text, "answers.txt") for text in answer_files(questions, FILES, seed=3)]

    def settled() -> None:
        for file in files:
            settle(file.answers, questions, reading.outcome)

    def planned() -> None:
        for file in files:
            found = settle(file.answers, questions, reading.outcome)
            maker.make(file, consequences(found, questions, reading.hook))

    search = ChangeSearch((), questions, reading.outcome, reading.hook)
    explainer = Explainer(search)
    targets = [find_target(option.name, questions) for option in questions.options]

    def explained() -> None:
        for target in targets:
            explainer.explain(target)

    print("| upstream 26.0.0, once it is read | time |")
    print("|---|---|")
    print(f"| what is asked, one file | {milliseconds(settled) / FILES:.2f} ms |")
    print(f"| a plan, one file | {milliseconds(planned) / FILES:.2f} ms |")
    print(f"| why, one option | {milliseconds(explained) / len(targets):.2f} ms |")
    print(f"| a cover | {milliseconds(lambda: cover(search)):.0f} ms |")
    with tempfile.TemporaryDirectory() as scratch:
        file = Path(scratch) / "answers.txt"
        file.write_text("[general]\n")
        measured = least(
            {
                PYTHON: [sys.executable, "-c", "pass"],
                "plugindoc export": [str(BIN / "plugindoc"), "export", str(tree)],
                "plugindoc answers plan": [
                    *(str(BIN / "plugindoc"), "answers", "plan", str(file), str(tree))
                ],
            }
        )
    print("\n| whole processes | time | times an empty Python |")
    print("|---|---|---|")
    for name, cost in measured.items():
        print(f"| {name} | {cost:.3f} s | {cost / max(measured[PYTHON], 0.001):.0f} |")


if __name__ == "__main__":
    main()
