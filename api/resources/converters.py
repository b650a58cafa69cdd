"""Parts of addresses."""

from typing import Any

from werkzeug.routing import BaseConverter


class AnyText(BaseConverter):
    """The rest of an address, whatever it holds, also slashes at its ends and side by side."""

    part_isolating = False
    regex = r"[\s\S]+"


AS_IT_IS: dict[str, Any] = {"merge_slashes": False}
"""Of a rule: two slashes are two slashes."""
