"""How functions are compiled that only compiled functions call."""

from collections.abc import Callable
from typing import Any, TypeVar, cast

from numba import njit

_OPTIONS: dict[str, Any] = {
    "cache": True,
    "nogil": True,
    "_nrt": False,
    "no_cpython_wrapper": True,
}

Function = TypeVar("Function", bound=Callable[..., Any])


def inner(function: Function) -> Function:
    """
    Compile as `routing.search.compiled` does, without the entry from Python.

    Unpacking the named tuples of arrays there takes longer to compile than most functions.
    """
    return cast(Function, njit(**_OPTIONS)(function))
