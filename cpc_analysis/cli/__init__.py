"""The command `cpc`: thin, every command a few calls of the package."""

from cpc_analysis.cli.application import app, main

__all__ = ["app", "main"]
