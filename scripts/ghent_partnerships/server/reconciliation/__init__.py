"""The Reconciliation Service API 0.2, and the draft of 1.0 beside it: names are matched with the entities of a release.

https://reconciliation-api.github.io/specs/
"""
