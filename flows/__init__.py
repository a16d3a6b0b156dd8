"""The job: flows that run the stages in order, the command line, settings, the home directory."""
