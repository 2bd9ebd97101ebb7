#!/usr/bin/env python3
"""The page of --report in a browser: headless Chromium, driven by the WebDriver protocol.

Usage: tests/cli/browser.py [FOLDER], with $WINNOW (build/winnow) as the program. In FOLDER the
screenshots stay. Where there is no chromium or no chromedriver, says so and succeeds.
"""
import base64
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.request

WINNOW = pathlib.Path(os.environ.get("WINNOW", "build/winnow")).resolve()
CORPUS = pathlib.Path(__file__).resolve().parents[2] / "corpus" / "articles"
WIDTHS = (360, 1280)
SCHEMES = ("light", "dark")

# Each would show in the page's tree, or in its log, if it were taken for markup.
HOSTILE = [
    "</p><script>alert(1)</script> is a sentence with a script in it.",
    "\"><img src=x onerror=alert(1)> is a sentence with a picture in it.",
    "' onmouseover='alert(1) is a sentence that would be an attribute.",
    "</style></del></td></table></main></html><iframe src=javascript:alert(1)> ends it all.",
    "<!-- a comment that has no end, followed by a word.",
    "<svg><style>* { display: none }</style> is a sentence with a style.",
    "<meta http-equiv=refresh content=0> is a sentence that goes elsewhere.",
    "&lt;script&gt;alert(1)&lt;/script&gt; &amp;amp; &#0; are entities in a sentence.",
    "Controls \x01 \x1b[31m \x7f \x9b of all kinds stand here.",
    "An override \u202ethat is never closed\nand the line behind it, which is not turned.",
    "\u2067An isolate that is never closed either, and more.",
    "Zalgo " + "e" + "\u0301\u0327\u0323" * 60 + " is a sentence of marks.",
    "A word" + "A" * 3000 + " that is too long for any screen.",
    "\u05d6\u05d4\u05d5 \u05de\u05e9\u05e4\u05d8 \u05d1\u05e2\u05d1\u05e8\u05d9\u05ea, "
    "\u05e9\u05e0\u05db\u05ea\u05d1 \u05de\u05d9\u05de\u05d9\u05df.",
    "Posted in <b>News</b>\nLeave a comment\nShare on Facebook\nRead more \u00bb",
]


class Browser:
    """A session of chromedriver."""

    def __init__(self, folder):
        self.driver = subprocess.Popen(
            ["chromedriver", "--port=0"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
            text=True)
        for line in self.driver.stdout:
            if "started successfully on port" in line:
                self.base = "http://127.0.0.1:" + line.split("port")[1].strip(" .\n")
                break
        else:
            raise RuntimeError("chromedriver does not start")
        options = {"args": ["--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars",
                            "--disable-dev-shm-usage", f"--user-data-dir={folder}/profile"],
                   "binary": shutil.which("chromium")}
        session = self.call("POST", "/session", {"capabilities": {"alwaysMatch": {
            "goog:chromeOptions": options, "goog:loggingPrefs": {"browser": "ALL"}}}})
        self.base += "/session/" + session["sessionId"]

    def call(self, method, path, body=None):
        data = json.dumps(body).encode() if body is not None else None
        request = urllib.request.Request(self.base + path, data, method=method)
        request.add_header("Content-Type", "application/json")
        with urllib.request.urlopen(request, timeout=60) as answer:
            return json.load(answer)["value"]

    def command(self, name, **parameters):
        return self.call("POST", "/goog/cdp/execute", {"cmd": name, "params": parameters})

    def run(self, script):
        return self.call("POST", "/execute/sync", {"script": script, "args": []})

    def log(self):
        return self.call("POST", "/se/log", {"type": "browser"})

    def show(self, page, width, scheme):
        self.command("Emulation.setDeviceMetricsOverride", width=width, height=900,
                     deviceScaleFactor=1, mobile=width < 600)
        self.command("Emulation.setEmulatedMedia",
                     features=[{"name": "prefers-color-scheme", "value": scheme}])
        self.call("POST", "/url", {"url": page.as_uri()})

    def save(self, name):
        shot = self.command("Page.captureScreenshot", captureBeyondViewport=True)
        name.write_bytes(base64.b64decode(shot["data"]))

    def close(self):
        try:
            self.call("DELETE", "")
        finally:
            self.driver.terminate()
            self.driver.wait()


def report(folder, name, text, *options):
    page = folder / f"{name}.html"
    subprocess.run([WINNOW, f"--report={page}", *options], input=text, check=True,
                   stdout=subprocess.DEVNULL)
    return page


def contrast_script():
    """Finds the lowest contrast (WCAG 2.1) of text with what is behind it, and where that is."""
    return """
    const canvas = document.createElement('canvas').getContext('2d', {willReadFrequently: true});
    const paint = (colours) => {
        for (const colour of colours) { canvas.fillStyle = colour; canvas.fillRect(0, 0, 1, 1); }
        return canvas.getImageData(0, 0, 1, 1).data;
    };
    const light = (rgb) => [0.2126, 0.7152, 0.0722].reduce((sum, weight, i) => {
        const c = rgb[i] / 255;
        return sum + weight * (c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
    }, 0);
    let worst = [99, ''];
    for (const e of document.querySelectorAll('body *')) {
        const said = [...e.childNodes].some(n => n.nodeType === 3 && n.data.trim());
        if (!said || e.closest('svg')) continue;
        const behind = [];
        for (let a = e; a; a = a.parentElement) behind.unshift(getComputedStyle(a).backgroundColor);
        const ground = paint(['#fff', ...behind]);
        const below = light(ground), above = light(paint([getComputedStyle(e).color]));
        const ratio = (Math.max(below, above) + 0.05) / (Math.min(below, above) + 0.05);
        if (ratio < worst[0]) worst = [ratio, e.tagName + '.' + e.className];
    }
    return worst;
    """


def faults(browser, page, width):
    """What is wrong with the page that is shown."""
    found = [f"console: {entry['message']}" for entry in browser.log()]
    wide = browser.run("return document.documentElement.scrollWidth")
    if wide > width:
        found.append(f"scrolls sideways: {wide} pixels")
    tags = set(browser.run(
        "return [...document.querySelectorAll('*')].map(e => e.tagName.toLowerCase())"))
    alien = tags & {"script", "img", "iframe", "link", "object", "embed", "form", "base"}
    if alien:
        found.append(f"elements that are not ours: {alien}")
    if browser.run("return [...document.querySelectorAll('*')].some(e =>"
                   " [...e.attributes].some(a => a.name.startsWith('on') || a.name === 'style'))"):
        found.append("an attribute that is not ours")
    for selector, count in (("style", 1), ("meta", 5), ("main", 1), ("h1", 1), ("footer", 1)):
        there = browser.run(f"return document.querySelectorAll('{selector}').length")
        if there != count:
            found.append(f"{there} elements {selector}, not {count}")
    if not browser.run("return document.body.lastElementChild.tagName === 'FOOTER'"):
        found.append("something stands behind the footer")
    ratio, where = browser.run(contrast_script())
    if ratio < 4.5:
        found.append(f"contrast {ratio:.2f} of {where}")
    return found


def check_hostile_text(browser):
    """The markup is there as text, in full."""
    text = browser.run("return document.querySelector('#sample')?.textContent ?? ''")
    want = [line for line in HOSTILE[:8] if line not in text]
    return [f"not shown as text: {line}" for line in want]


def main():
    for program in ("chromium", "chromedriver"):
        if not shutil.which(program):
            print(f"browser: skipped: no {program}")
            return 0
    temporary = tempfile.TemporaryDirectory()
    folder = pathlib.Path(temporary.name)
    shots = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else folder
    shots.mkdir(parents=True, exist_ok=True)
    hostile = "\n\n".join(HOSTILE + HOSTILE).encode() + b"\n\xff\xfe are no UTF-8.\n"
    articles = b"".join(p.read_bytes() + b"\0" for p in sorted(CORPUS.glob("*.txt")))
    pages = {
        "empty": report(folder, "empty", b""),
        "articles": report(folder, "articles", articles, "--format=nul"),
        "hostile": report(folder, "hostile", hostile),
        "untidy": report(folder, "untidy", hostile, "--no-tidy", "--form=none",
                         "--boilerplate=strict"),
    }
    cases = failed = 0
    browser = Browser(folder)
    try:
        for name, page in pages.items():
            for width in WIDTHS:
                for scheme in SCHEMES:
                    browser.show(page, width, scheme)
                    found = faults(browser, page, width)
                    if name in ("hostile", "untidy"):
                        found += check_hostile_text(browser)
                    browser.save(shots / f"{name}-{width}-{scheme}.png")
                    for fault in found:
                        print(f"browser: {name}, {width} wide, {scheme}: {fault}")
                    cases += 1
                    failed += bool(found)
    finally:
        browser.close()
        temporary.cleanup()
    print(f"browser: {cases} cases, {failed} failed")
    return failed > 0


if __name__ == "__main__":
    sys.exit(main())
