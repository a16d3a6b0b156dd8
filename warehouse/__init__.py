"""Storing and publishing: contracts, migrations, the working database, snapshots, releases."""
