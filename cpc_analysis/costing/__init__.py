"""Costing: the ledger shared out over the work that used it."""
