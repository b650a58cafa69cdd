"""
Which units a route remembers at which client: ng-sets that grow where routes come back.

Baldacci, Mingozzi, Roberti (2011), New route relaxation and pricing strategies for the vehicle
routing problem; dynamic augmentation as in Roberti, Mingozzi (2014).
"""

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from routing.bound.ground import Ground
from routing.bound.labels import Memory

FIRST_SIZE = 5
"""Nearest other units that are remembered at the beginning."""


class Neighbourhoods:
    """The ng-sets of all clients."""

    def __init__(self, ground: Ground, size: int = FIRST_SIZE) -> None:
        n = len(ground.client_of)
        self._unit_of = ground.unit_of
        self._remembers = np.zeros((n, ground.units), dtype=np.bool_)
        both_ways = ground.leg_s[:n, :n] + ground.leg_s[:n, :n].T
        for client in range(n):
            nearest = np.argsort(both_ways[client], kind="stable")
            units = dict.fromkeys(ground.unit_of[nearest].tolist())
            units.pop(int(ground.unit_of[client]))
            self._remembers[client, list(units)[:size]] = True
            self._remembers[client, ground.unit_of[client]] = True

    @property
    def words(self) -> int:
        return max(1, -(-self._remembers.shape[1] // 64))

    def memory(self) -> Memory:
        """The sets in the form that labelling reads."""
        n, units = self._remembers.shape
        bits = np.zeros((n, self.words * 64), dtype=np.bool_)
        bits[:, :units] = self._remembers
        packed = np.packbits(bits, axis=1, bitorder="little")
        return Memory(np.ascontiguousarray(packed).view(np.uint64))

    def grow(self, routes: Iterable[tuple[int, ...]]) -> int:
        """Remember what these routes forgot before they came back; returns how much was added."""
        added = 0
        for rows in routes:
            last: dict[int, int] = {}
            for position, row in enumerate(rows):
                unit = int(self._unit_of[row])
                for between in rows[last[unit] + 1 : position] if unit in last else ():
                    if not self._remembers[between, unit]:
                        self._remembers[between, unit] = True
                        added += 1
                last[unit] = position
        return added

    def allow(self, rows: tuple[int, ...]) -> bool:
        """Whether a route could be made with the memory as it is now."""
        if len(set(rows)) == len(rows) == len(set(self._unit_of[list(rows)].tolist())):
            return True
        memory: NDArray[np.bool_] = np.zeros(self._remembers.shape[1], dtype=np.bool_)
        for row in rows:
            unit = self._unit_of[row]
            if memory[unit]:
                return False
            memory &= self._remembers[row]
            memory[unit] = True
        return True
