"""What is drawn of the map, as vector tiles."""
