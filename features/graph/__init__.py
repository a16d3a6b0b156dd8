"""Who holds what with whom: edges, hubs, accidents, and how networks change."""
