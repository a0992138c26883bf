"""The web app: HTTP in, HTTP out. It knows the engine and holds no mathematics of its own."""
