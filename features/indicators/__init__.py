"""Values that sellers show: canonical forms, hubs, sightings and whose they are."""
