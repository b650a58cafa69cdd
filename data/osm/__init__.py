"""From one OpenStreetMap extract: roads, addresses, places, areas and a basemap."""
