"""Side-by-side measurements, run by hand; nothing here is part of the tests."""
