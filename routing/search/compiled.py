"""How the search is compiled."""

from collections.abc import Callable
from typing import Any, TypeVar, cast

from numba import njit

_OPTIONS: dict[str, Any] = {"cache": True, "nogil": True, "_nrt": False}

Function = TypeVar("Function", bound=Callable[..., Any])


def compiled(function: Function) -> Function:
    """
    Compile a function that works on arrays in place and makes none.

    Without numba's run-time (`_nrt`) references to arrays are not counted. With it, every call
    that hands over the named tuples counts up and down for each of their fifty arrays, and the
    whole search takes twenty to seventy times as long.
    """
    return cast(Function, njit(**_OPTIONS)(function))


def inlined(function: Function) -> Function:
    """Compile, besides, into its callers: for small functions in the innermost loops."""
    return cast(Function, njit(**_OPTIONS, forceinline=True)(function))
