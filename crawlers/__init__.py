"""Collecting: live spiders, dropped files, the sandbox. Everything ends in the import record."""
