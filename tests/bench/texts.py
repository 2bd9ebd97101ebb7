"""The texts that `make bench` measures on: given ones cut to size, or made ones, always the same.

Made texts say nothing: clauses of words in random order, the words those of corpus/articles. Anybody
can make them again; real text is the better measure, where there is some.
"""
import itertools, os, random, re

NOT_WORDS = re.compile(r"[\s\d.,;:!?\"“”„«»()\[\]{}<>|/\\=+*#_…。，、！？「」।॥።፣፤፥፦፧፨։،؟-]+")
STOPS = ".。।።։"
ENGLISH = "us-condemns-rising-terrorism", "forum-thread", "quotes-and-case", "recipe"
PAGES = "us-condemns-rising-terrorism", "german-page-with-menu"
OTHER = "source-code", "french-stray-bytes"


def size_of(words):
    """Bytes, of "64M" or the like."""
    unit = {"K": 10, "M": 20, "G": 30}.get(words[-1:].upper())
    return int(words[:-1]) << unit if unit else int(words)


def cut(path, to, size):
    """The whole lines of the file's first `size` bytes (a bit more when there is no line end), as a
    file of its own that is on the disk, so that the page cache can let go of it."""
    with open(path, "rb") as f:
        data = f.read(size)
        if len(data) == size:
            end = data.rfind(b"\n") + 1
            data = data[:end] if end else data + f.readline()
    return write(to, [data])


def write(to, pieces):
    with open(to, "wb") as f:
        f.writelines(pieces)
        f.flush()
        os.fsync(f.fileno())
    return to


def clause(dice, words):
    """Words in random order, of 25 to 60 characters or a little more."""
    length, taken = dice.randint(25, 60), []
    while length > 0:
        taken.append(dice.choice(words))
        length -= len(taken[-1]) + 1
    return " ".join(taken)


class Tongue:
    """A language as an article shows it: its words, and what its sentences end in."""

    def __init__(self, dice, text, clauses):
        words = sorted(set(filter(None, NOT_WORDS.split(text))))
        self.dice = dice
        self.stop = max(STOPS, key=text.count)
        self.clauses = [clause(dice, words) for _ in range(clauses)]

    def sentence(self):
        a, b = self.dice.choices(self.clauses, k=2)
        return a[:1].upper() + a[1:] + ", " + b + self.stop

    def paragraph(self):
        return " ".join(self.sentence() for _ in range(self.dice.randint(2, 6))) + "\n"


def english(dice, articles):
    tongue = Tongue(dice, "\n".join(articles[x] for x in ENGLISH).lower(), 20000)
    while True:
        yield tongue.paragraph() + "\n"


def scripts(dice, articles):
    """A paragraph of each language in turn."""
    tongues = [Tongue(dice, text, 2000) for name, text in articles.items() if name not in OTHER]
    for tongue in itertools.cycle(tongues):
        yield tongue.paragraph() + "\n"


def site(dice, articles):
    """Pages with the short lines of pages in the corpus around them; two paragraphs of three are
    copies."""
    tongue = Tongue(dice, "\n".join(articles[x] for x in ENGLISH).lower(), 20000)
    lines = [x for name in PAGES for x in articles[name].splitlines() if 0 < len(x) < 40]
    known = [tongue.paragraph() for _ in range(500)]
    while True:
        body = [tongue.paragraph() if dice.random() < 1 / 3 else dice.choice(known)
                for _ in range(dice.randint(3, 8))]
        yield "\n".join([tongue.sentence()[:60], *lines[:8], "", *body, *lines[8:], "", ""])


def bytes_of(paragraphs, size):
    while size > 0:
        piece = "".join(itertools.islice(paragraphs, 100)).encode()
        size -= len(piece)
        yield piece


def make_all(articles, folder, size):
    """{name: path} of all of them."""
    read = {p.stem: p.read_text(encoding="utf8", errors="ignore")
            for p in sorted(articles.glob("*.txt"))}
    kinds = {"made: English": english, "made: many scripts": scripts, "made: a site": site}
    return {name: write(folder / (make.__name__ + ".txt"),
                        bytes_of(make(random.Random(1), read), size))
            for name, make in kinds.items()}
