"""Execute the committed notebooks anew, in place, and strip what changes from run to run: `make notebooks`."""

import sys
from pathlib import Path

from cpc_analysis.reports.catalogue import shipped_folder
from cpc_analysis.reports.refreshing import refresh_notebook


def main(paths: list[Path]) -> None:
    for path in paths or sorted(shipped_folder().glob("*.ipynb")):
        print(f"{path.name}: {'changed' if refresh_notebook(path.resolve()) else 'as it was'}")


if __name__ == "__main__":
    main([Path(argument) for argument in sys.argv[1:]])
