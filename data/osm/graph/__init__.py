"""From roads as drawn to a graph: junctions, networks, zones, restricted turns."""
