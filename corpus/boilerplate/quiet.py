#!/usr/bin/env python3
"""Writes text that never was a web page, as JSON lines with kind and text, for fit.py.

  quiet.py ARTICLES SENTENCES MAIL [--without FILE] > quiet.jsonl

ARTICLES   JSON lines with text: encyclopaedia articles as plain text
SENTENCES  a sentence or short paragraph a line, in many languages
MAIL       a mailbox
--without  JSON lines with raw: text kept for measuring, which is left out

To these come manuals, documentation and source code from this machine's /usr, and forms made from
the articles' sentences: plays, verse, chats, recipes, tables, logs, subtitles. What makes these
forms what they are (names on lines of their own, verse of even length, short lines after a colon)
is what a careless rule takes for a menu; the words do not matter.
"""

import argparse, glob, gzip, json, os, random, re, sys

NAMES = "ANNA BEN CLARA DAVID EMIL FRIDA GEORG HANNAH IVAN JULES KATE LEO MARIA NED OLGA PAUL QUINN ROSE SAM TOM".split()
SHORT = [
    "Ay, my lady.",
    "No.",
    "Who is there?",
    "I will.",
    "What then?",
    "O!",
    "My friend!",
    "So it is.",
    "Good night.",
    "Farewell, farewell.",
    "Come in!",
]


class Maker:
    def __init__(self, sentences):
        self.sentences = sentences

    def words(self):
        return random.choice(self.sentences).split()

    def few(self, lo, hi):
        return " ".join(self.words()[: random.randint(lo, hi)])

    def verse(self, lines):
        pool = []
        while len(pool) < lines * 10:
            pool += self.words()
        out, at, mean = [], 0, random.choice([6, 7, 8, 9])
        stops, capital = random.random() < 0.5, random.random() < 0.7
        for _ in range(lines):
            n = mean + random.randint(-1, 1)
            line = re.sub(r"[\[\]_=|]", "", " ".join(pool[at : at + n])).strip() or "and so on"
            at += n
            if capital:
                line = line[:1].upper() + line[1:]
            if stops and random.random() < 0.5 and line[-1] not in ".,;:!?":
                line += random.choice(",,;,.:!?")
            out.append(line)
        return out

    def play(self):
        upper, gap, inner_gap, inline = (random.random() < p for p in (0.6, 0.6, 0.4, 0.2))
        cast = [n if upper else n.title() for n in random.sample(NAMES, 5)]
        title = self.few(2, 7)
        out = [title.upper() if random.random() < 0.5 else title, "", "Dramatis Personae", ""]
        out += [
            c
            + random.choice(
                [", a carpenter.", ", king of the land.", ", brother to " + cast[0] + ".", ""]
            )
            for c in cast
        ]
        for _ in range(random.randint(2, 8)):
            scene = random.choice(["ACT ", "SCENE ", "Scene ", "Act "]) + random.choice(
                ["I", "II", "III", "IV"]
            )
            out += [
                "",
                scene + random.choice(["", ". A room.", ". Before the house.", " The same."]),
                "",
            ]
            out.append(
                random.choice(["Enter ", "Exit ", "Exeunt "])
                + random.choice(cast)
                + random.choice([" and " + random.choice(cast), "", ". "])
            )
            for _ in range(random.randint(4, 18)):
                who, says = random.choice(cast), self.verse(
                    random.choice([1, 1, 1, 2, 3, 5, 8, 12])
                )
                if random.random() < 0.2:
                    says = [random.choice(SHORT)]
                out += [""] * gap
                if inline:
                    says[0] = who + random.choice([". ", ": "]) + says[0]
                else:
                    out += [who] + [""] * inner_gap
                out += says
        return out

    def poem(self):
        out = [self.few(2, 5), ""] if random.random() < 0.4 else []
        for _ in range(random.randint(2, 20)):
            out += self.verse(random.choice([2, 4, 4, 5, 8, 14])) + [""]
        return out

    def log(self):
        return [
            "2024-03-%02d %02d:%02d:%02d %s %s"
            % (
                1 + i // 40,
                i % 24,
                i * 7 % 60,
                i * 13 % 60,
                random.choice(["INFO", "WARN", "ERROR", "DEBUG"]),
                self.few(2, 9),
            )
            for i in range(120)
        ]

    def table(self):
        sep = random.choice([",", ";", "\t", ", ", " | "])
        rows = [
            [
                str(i),
                random.choice(NAMES).title(),
                self.words()[0],
                "%.2f" % (i * 3.7),
                "2020-01-%02d" % (i % 28 + 1),
            ]
            for i in range(100)
        ]
        return [sep.join(r) for r in [["id", "name", "city", "amount", "date"]] + rows]

    def subtitles(self):
        out = []
        for i in range(60):
            out += [
                str(i + 1),
                "00:%02d:%02d,000 --> 00:%02d:%02d,500"
                % (i // 20, i * 3 % 60, i // 20, (i * 3 + 2) % 60),
            ]
            out += self.verse(random.choice([1, 2])) + [""]
        return out

    def chat(self):
        form = random.choice(["<%s> %s", "%s: %s", "[12:07] %s: %s", "%s %s"])
        return [form % (random.choice(NAMES).lower(), self.few(1, 12)) for _ in range(80)]

    def questions(self):
        out = []
        for _ in range(20):
            out += ["Q: " + self.few(5, 10) + "?", "A: " + random.choice(self.sentences)]
        return out

    def dialogue(self):
        out = []
        for _ in range(12):
            out += [
                '"'
                + random.choice(self.sentences).rstrip(".")
                + '," said '
                + random.choice(NAMES).title()
                + "."
            ]
            out += ['"' + self.few(1, 6) + random.choice("?!.") + '"']
            out += [random.choice(self.sentences)] * (random.random() < 0.4)
        return out

    def recipe(self):
        out = [
            random.choice(self.sentences),
            "",
            random.choice(["Ingredients:", "You need:", "Ingredients"]),
        ]
        for _ in range(random.randint(5, 12)):
            much = random.choice(["1", "2", "3", "1/2", "100 g", "2 cups", "1 tbsp", "a pinch of"])
            out.append(
                "%s %s %s"
                % (
                    much,
                    random.choice(["fine", "fresh", "chopped", "cold"]),
                    self.few(1, 3).lower(),
                )
            )
        return (
            out
            + ["", "Method:"]
            + ["%d. %s" % (i + 1, random.choice(self.sentences)) for i in range(6)]
        )

    def lists(self):
        out = [self.few(2, 4)]
        for _ in range(8):
            out += [
                random.choice(self.sentences),
                random.choice(["Things to bring:", "The steps are:", "For example:"]),
            ]
            mark = random.choice(["- ", "* ", "• ", "", ""])
            out += [mark + self.few(2, 8) for _ in range(random.randint(3, 9))]
        return out


FORMS = dict(
    play=350,
    poem=200,
    log=60,
    table=60,
    subtitles=60,
    chat=60,
    questions=60,
    dialogue=60,
    recipe=120,
    lists=120,
)


def manual(text):
    """What is left of a man page without its macros."""
    out = []
    for line in text.split("\n"):
        head = re.match(r"\.S[HS] ?(.*)", line)
        if head:
            out += ["", head.group(1).strip('" ')]
        elif re.match(r"\.(TP|PP|P|LP|IP|sp)\b", line):
            out.append("")
        else:
            line = re.sub(r"^\.(B|I|BR|IR|RB|BI|IB|RI|SM) ", "", line)
            if not line.startswith((".", "'")):
                out.append(re.sub(r"\\f.|\\\(..|\\[-&| ]", "", line))
    return out


ENDINGS = (
    ".py",
    ".h",
    ".c",
    ".js",
    ".pm",
    ".pod",
    ".md",
    ".rst",
    ".txt",
    ".go",
    ".sh",
    ".pl",
    ".rb",
    ".css",
    ".xml",
    ".csv",
    ".json",
    ".vim",
)


def files_below(root):
    for folder, _, names in os.walk(root):
        for name in names:
            if (
                name.endswith(ENDINGS)
                or "/doc/" in folder
                and name.endswith((".gz", "copyright", "README"))
            ):
                yield os.path.join(folder, name)


def opened(path, size):
    """The file's first bytes as text; None when it is none."""
    try:
        with (gzip.open if path.endswith(".gz") else open)(path, "rb") as f:
            return f.read(size).decode("utf8")
    except (OSError, EOFError, ValueError):
        return None


def from_disk(most=350):
    paths, taken = (
        sorted(
            p
            for root in ("/usr/share", "/usr/lib", "/usr/include", "/usr/local")
            for p in files_below(root)
        ),
        {},
    )
    random.shuffle(paths)
    for path in paths:
        kind = os.path.basename(path).rsplit(".", 1)[-1]
        text = opened(path, 12000) if taken.get(kind, 0) < most else None
        if text and len(text) > 500 and max(map(len, text.split("\n"))) < 3000:
            taken[kind] = taken.get(kind, 0) + 1
            yield "file " + kind, text
    paths = sorted(glob.glob("/usr/share/man/man[1-8]/*.gz"))
    for path in random.sample(paths, min(600, len(paths))):
        text = opened(path, 30000)
        if text and len(text) > 1500:
            yield "manual", "\n".join(manual(text))


def from_articles(articles):
    for text in articles[:2500]:
        yield "article", text[:15000]
    for text in articles[4500:5000]:
        long = [x for x in text.split("\n") if len(x) > 120]
        if len(long) > 4:
            yield "speech", random.choice(
                ["Ladies and gentlemen:\n", "My fellow citizens:\n", ""]
            ) + "\n".join(long)


def from_sentences(lines):
    for _ in range(1600):
        at = random.randrange(len(lines) - 200)
        yield "translated", "\n".join(lines[at : at + random.choice([20, 40, 100, 200])])
    for _ in range(400):
        at = random.randrange(len(lines) - 1500)
        verses = [x for x in lines[at : at + 1500] if 25 < len(x) < 300][:150]
        form = random.choice(["{1}", "{0} {1}", "3:{0} {1}", "{0}. {1}"])
        yield "verses", "\n".join(form.format(i + 1, x) for i, x in enumerate(verses))
    for _ in range(1800):
        at = random.randrange(len(lines) - 6000)
        near = [x for x in lines[at : at + 6000] if x]
        kind = random.choice(["messages", "labels", "headed"])
        short = [x for x in near if len(x) < (60 if kind == "messages" else 28)]
        if kind == "headed":
            long = [x for x in near if len(x) > 80]
            short = headed(short, long) if long else []
        yield kind, "\n".join(short[: random.choice([20, 50, 100])])


def headed(short, long):
    """Paragraphs with runs of short lines between them: an index, a glossary, tables."""
    out, at = [], 0
    while at < len(short) and len(out) < 100:
        n = random.choice([1, 1, 2, 4, 8, 15, 30])
        out += short[at : at + n] + random.sample(long, min(len(long), random.choice([1, 1, 2, 4])))
        at += n
    return out


def from_mail(text, most=500):
    mails = re.split(r"\n(?=From \S+  )", text)
    for mail in random.sample(mails, min(most, len(mails))):
        _, _, body = mail.partition("\n\n")
        if body and "<" not in body[:400]:
            yield "mail", body[:6000]


def squeezed(text):
    return re.sub(r"\s+", " ", text).strip()


def main():
    ap = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    ap.add_argument("articles")
    ap.add_argument("sentences")
    ap.add_argument("mail")
    ap.add_argument("--without")
    a = ap.parse_args()
    random.seed(1)
    out = (
        "\n".join(squeezed(json.loads(x)["raw"]) for x in open(a.without, encoding="utf8"))
        if a.without
        else ""
    )
    articles = [json.loads(x)["text"] for x in open(a.articles, encoding="utf8")]
    random.shuffle(articles)
    lines = open(a.sentences, encoding="utf8").read().split("\n")
    sentences = [
        s
        for x in articles[2500:4500]
        for s in re.split(r"(?<=[.!?])\s+", squeezed(x))
        if 20 < len(s) < 240
    ]
    maker = Maker(sentences)

    def everything():
        yield from from_articles(articles)
        yield from from_sentences(lines)
        yield from from_mail(open(a.mail, encoding="latin1").read())
        yield from from_disk()
        for form, n in FORMS.items():
            for _ in range(n):
                yield form, "\n".join(getattr(maker, form)())

    for kind, text in everything():
        text = re.sub(r"\n{3,}", "\n\n", text.strip("\n"))
        if text.count("\n") >= 3 and squeezed(text)[:150] not in out:
            sys.stdout.write(json.dumps(dict(kind=kind, text=text)) + "\n")


if __name__ == "__main__":
    main()
