"""The embedded sample: real places and coarse roads of Germany, invented companies and figures."""
