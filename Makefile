# Two commands: `make run` and `make test`. Both set up a fresh machine first; tools/bootstrap.py does the work.
PYTHON ?= python3
BOOTSTRAP = $(PYTHON) -m tools.bootstrap

.PHONY: help run test lint setup lock catalogues test-faults test-disclosure test-documents clean

help:
	@$(BOOTSTRAP) --help

run test lint setup lock catalogues test-faults test-disclosure test-documents clean:
	@$(BOOTSTRAP) $@
