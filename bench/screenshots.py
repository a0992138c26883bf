"""The pictures of the README, taken from the running app: `python bench/screenshots.py [FOLDER]`."""

from __future__ import annotations

import shutil
import socket
import sys
import threading
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

PICTURES = {
    "overview": "/cnn/tinyvgg?lang=en&tour=0&profile=light",
    "layer": "/cnn/tinyvgg?lang=en&tour=0&profile=light&node=features.2&unit=3",
    "sequence": "/rnn/sentiment-zh-lstm?lang=en&profile=light&input=sample:late-but-good&t=13",
    "lab": "/lab/conv2d?lang=en&profile=light&preset=padded&step=9",
    "number": "/cnn/tinyvgg?lang=en&tour=0&profile=light&node=features.0&unit=3&at=38,14",
}
SIZE = {"width": 1440, "height": 900}
FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync"]


def serve() -> str:
    """The address of the app, served by a thread of this process."""
    import uvicorn

    from app.main import create_app

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = uvicorn.Server(uvicorn.Config(create_app(), host="127.0.0.1", port=port, log_level="warning"))
    threading.Thread(target=server.run, daemon=True).start()
    while not server.started:
        time.sleep(0.05)
    return f"http://127.0.0.1:{port}"


def main() -> None:
    """Take each picture at 1440 x 900, packed as well as PNG can."""
    from PIL import Image
    from playwright.sync_api import sync_playwright

    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "docs" / "pictures"
    folder.mkdir(parents=True, exist_ok=True)
    address = serve()
    with sync_playwright() as playwright:
        chromium = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        page = browser.new_page(viewport=SIZE, reduced_motion="reduce")
        for name, path in PICTURES.items():
            page.goto(address + path)
            page.wait_for_load_state("networkidle")
            page.evaluate("() => document.fonts.ready")
            file = folder / f"{name}.png"
            page.screenshot(path=file)
            Image.open(file).convert("RGB").save(file, optimize=True)
        browser.close()


if __name__ == "__main__":
    main()
