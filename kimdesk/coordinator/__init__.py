"""The coordinating office's side: receives releases, counts each once, shows the sums with their margins."""
