"""landform's pytest plugin against other ways to test the same module. ``suites`` holds the tests."""
