"""What everything else stands on: clock, paths, resources, files, logging, errors."""
