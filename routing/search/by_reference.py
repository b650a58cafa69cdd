"""
Many arrays as one argument of compiled code, passed by reference.

A named tuple is handed over by value: fifty arrays are four hundred numbers, copied at every call
that the compiler does not inline, and compiled at every place of a call. A `ByReference` is one
pointer to the same description of its arrays, and reads alike: `plan.visits[shift]`.
"""

# numba's extension interface is untyped.
# mypy: disable-error-code="no-untyped-call,override"

import struct
from dataclasses import dataclass, field, fields
from typing import Any, ClassVar

import numpy as np
from llvmlite import ir
from numba.core import cgutils, types
from numba.core.typing.templates import AttributeTemplate, infer_getattr
from numba.extending import (
    NativeValue,
    lower_getattr_generic,
    models,
    register_model,
    typeof_impl,
    unbox,
)
from numpy.typing import NDArray


class ReferenceType(types.Type):
    """
    Type of a `ByReference` in compiled code.

    Parameters
    ----------
    of
        Name of the Python class.
    layout
        Name and numba type of each field, in order.
    """

    def __init__(self, of: str, layout: tuple[tuple[str, types.Type], ...]) -> None:
        self.layout = layout
        super().__init__(name=f"{of}({', '.join(f'{name}: {kind}' for name, kind in layout)})")


@dataclass(frozen=True, eq=False)
class ByReference:
    """
    Base of dataclasses whose fields are arrays and numbers, for compiled code.

    The fields cannot be replaced, and compiled code must not outlive the object.
    """

    numba_type: ReferenceType = field(init=False, repr=False)
    address: int = field(init=False, repr=False)
    _description: NDArray[np.int64] = field(init=False, repr=False)

    _own: ClassVar[frozenset[str]] = frozenset({"numba_type", "address", "_description"})

    def __post_init__(self) -> None:
        layout: list[tuple[str, types.Type]] = []
        words: list[int] = []
        for name in (f.name for f in fields(self) if f.name not in self._own):
            value = getattr(self, name)
            kind, described = _describe(value)
            layout.append((name, kind))
            words += described
        description = np.array(words, dtype=np.int64)
        object.__setattr__(self, "_description", description)
        object.__setattr__(self, "address", description.ctypes.data)
        object.__setattr__(self, "numba_type", ReferenceType(type(self).__name__, tuple(layout)))


def _describe(value: Any) -> tuple[types.Type, list[int]]:
    """Numba's type of an array or number, and the words by which numba represents it."""
    if isinstance(value, float):
        return types.float64, [struct.unpack("q", struct.pack("d", value))[0]]
    if isinstance(value, int):
        return types.int64, [value]
    kind = typeof_impl(value, None)
    # Owner and parent of the memory, number and size of items, the items, shape and strides.
    return kind, [0, 0, value.size, value.itemsize, value.ctypes.data, *value.shape, *value.strides]


@typeof_impl.register(ByReference)
def _typeof(value: ByReference, context: Any) -> ReferenceType:
    return value.numba_type


@register_model(ReferenceType)
class _ReferenceModel(models.OpaqueModel):
    """A pointer."""


@unbox(ReferenceType)
def _unbox(kind: ReferenceType, value: Any, c: Any) -> NativeValue:
    number = c.pyapi.object_getattr_string(value, "address")
    address = c.pyapi.long_as_voidptr(number)
    c.pyapi.decref(number)
    return NativeValue(address, is_error=cgutils.is_not_null(c.builder, c.pyapi.err_occurred()))


@infer_getattr
class _ReferenceAttributes(AttributeTemplate):
    key = ReferenceType

    def generic_resolve(self, kind: ReferenceType, attribute: str) -> types.Type | None:
        return dict(kind.layout).get(attribute)


@lower_getattr_generic(ReferenceType)
def _getattr(context: Any, builder: Any, kind: ReferenceType, value: Any, attribute: str) -> Any:
    names = [name for name, _ in kind.layout]
    described = ir.LiteralStructType([context.get_value_type(of) for _, of in kind.layout])
    pointer = builder.bitcast(value, described.as_pointer())
    load = builder.load(cgutils.gep_inbounds(builder, pointer, 0, names.index(attribute)))
    # The description never changes, so it need not be read again after other memory was written.
    load.set_metadata("invariant.load", builder.module.add_metadata([]))
    return load
