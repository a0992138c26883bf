# Thin names for start.py, which does the work on every system.
.PHONY: serve setup test check bench screenshots
serve setup test check bench screenshots:
	python3 start.py $@
