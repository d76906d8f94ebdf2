"""The documents, one module for each kind or pair of kinds. Each takes a frozen input and writes it on a sheet."""
