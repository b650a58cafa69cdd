"""From an extract to roads as drawn: tags, speeds, turn restrictions."""
