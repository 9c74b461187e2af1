"""How long `import cpc_analysis` takes beside `import numpy`, each in processes of its own."""

from __future__ import annotations

import subprocess
import sys
import time

ROUNDS = 15


def best(statement: str) -> float:
    """The shortest of some runs of a statement in a new interpreter [seconds]."""
    shortest = float("inf")
    for _ in range(ROUNDS):
        start = time.perf_counter()
        subprocess.run([sys.executable, "-c", statement], check=True)
        shortest = min(shortest, time.perf_counter() - start)
    return shortest


def main() -> None:
    numpy, package = best("import numpy"), best("import cpc_analysis")
    print(f"import cpc_analysis: {package / numpy:.2f} x import numpy (goal 1.5)")


if __name__ == "__main__":
    main()
