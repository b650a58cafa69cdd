"""One blueprint per noun. A view validates, calls one service and shapes the answer."""
