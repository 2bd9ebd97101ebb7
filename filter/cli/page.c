#include "cli/page.h"

#include "cli/figure.h"
#include "cli/message.h"
#include "cli/page_style.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum {
    TOP_REPEATS = 30,
    TOP_EXAMPLES = 4,
    WORDS_SHOWN = 40, /* of the command line */
    WORD_BYTES = 400  /* of each */
};

/* What a report needs to be written; passed on by all below. */
typedef struct {
    output *o;
    const settings *s;
    const winnow_stats *stats;
    const tally *t;
    double seconds;
} page;

/* What a reason means, before its figures; nothing for one that says it by its name. */
static const char *reason_text(int reason)
{
    static const char *const texts[WINNOW_REASONS] = {
        [WINNOW_REPEAT] = "was there before; ",
        [WINNOW_PHRASE] = "is known text of sites; ",
        [WINNOW_CONTEXT] = "its shape and its neighbours speak against it; ",
        [WINNOW_RULE] = "a rule of your own; ",
        [WINNOW_TEMPLATE] = "a short line that stood so in earlier documents; ",
    };
    return texts[reason] ? texts[reason] : "";
}

/* Names of the style, which more reasons share. */
static const char *colour_of(int reason)
{
    static const char *const colours[] = {"r1", "r2", "r3", "r4", "r5", "r6"};
    const size_t count = sizeof colours / sizeof *colours;
    return reason == WINNOW_KEPT ? "r0" : colours[((size_t)reason - 1) % count];
}

/* ---- Writing -------------------------------------------------------------------------------- */

/* Text of our own, as it is. */
static void put(const page *p, const char *html)
{
    output_put(p->o, html, strlen(html));
}

/* A character that HTML or a reader would take for something else. False: it stands for itself. */
static bool put_special(const page *p, uint32_t c)
{
    static const struct {
        char character;
        const char *html;
    } entities[] = {{'&', "&amp;"}, {'<', "&lt;"}, {'>', "&gt;"}, {'"', "&quot;"}, {'\'', "&#39;"}};
    for (size_t i = 0; i < sizeof entities / sizeof *entities; i++)
        if (c == (unsigned char)entities[i].character) {
            put(p, entities[i].html);
            return true;
        }
    if (c == '\t' || (c >= 0x20 && c < 0x7F) || c >= 0xA0)
        return false;
    output_format(p->o, "<span class=\"x\">\\x%02x</span>", (unsigned)c);
    return true;
}

/* Text of the input: escaped; bytes that are not UTF-8 and controls are named. Marks of direction
   stay, as languages need them: whoever calls puts the text into an element that isolates it. */
static void put_text(const page *p, const char *text, size_t len)
{
    while (len > 0) {
        uint32_t c;
        size_t n = display_decode(text, len, &c);
        if (n == 0)
            output_format(p->o, "<span class=\"x\">\\x%02x</span>", (unsigned char)*text);
        else if (!put_special(p, c))
            output_put(p->o, text, n);
        text += n ? n : 1;
        len -= n ? n : 1;
    }
}

static void put_string(const page *p, const char *text)
{
    put_text(p, text, strlen(text));
}

/* A figure as HTML: "<0.1 %" would begin an element. */
static figure html(figure f)
{
    const char *sign = f.text[0] == '<' ? "&lt;" : f.text[0] == '>' ? "&gt;" : NULL;
    figure out = f;
    if (sign)
        snprintf(out.text, sizeof out.text, "%s%.20s", sign, f.text + 1);
    return out;
}

static figure share(uint64_t part, uint64_t whole)
{
    return html(figure_share(part, whole));
}

/* A bar: `part` of `whole`. It says nothing that the numbers beside it do not. */
static void put_bar(const page *p, const char *colour, uint64_t part, uint64_t whole)
{
    double percent = whole ? 100 * (double)part / (double)whole : 0;
    output_format(p->o, "<svg class=\"bar %s\" width=\"100%%\" height=\"10\" aria-hidden=\"true\">",
                  colour);
    if (part)
        output_format(p->o, "<rect width=\"%.2f%%\" height=\"100%%\"/>",
                      percent < 0.5 ? 0.5 : percent);
    put(p, "</svg>");
}

static void begin_section(const page *p, const char *id, const char *title)
{
    output_format(p->o, "<section id=\"%s\" aria-labelledby=\"%s-title\">\n"
                        "<h2 id=\"%s-title\">%s</h2>\n", id, id, id, title);
}

static void end_section(const page *p)
{
    put(p, "</section>\n");
}

/* ---- The head ------------------------------------------------------------------------------- */

static void put_head(const page *p)
{
    put(p, "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
           "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
           "style-src '" PAGE_STYLE_HASH "'; base-uri 'none'; form-action 'none'\">\n"
           "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
           "<meta name=\"color-scheme\" content=\"light dark\">\n"
           "<meta name=\"generator\" content=\"winnow " WINNOW_VERSION "\">\n"
           "<title>winnow report</title>\n<style>");
    put(p, PAGE_STYLE);
    put(p, "</style>\n</head>\n<body>\n");
}

static void put_stack(const page *p)
{
    const winnow_stats *s = p->stats;
    double at = 0;
    put(p, "<svg class=\"stack\" width=\"100%\" height=\"26\" aria-hidden=\"true\">");
    for (int i = WINNOW_KEPT; i < WINNOW_REASONS && s->sentences; i++) {
        uint64_t count = i == WINNOW_KEPT ? s->kept : s->dropped[i];
        double percent = 100 * (double)count / (double)s->sentences;
        output_format(p->o, "<rect class=\"%s\" x=\"%.3f%%\" width=\"%.3f%%\" height=\"100%%\"/>",
                      colour_of(i), at, percent);
        at += percent;
    }
    put(p, "</svg>\n<ul class=\"key\">\n");
    for (int i = WINNOW_KEPT; i < WINNOW_REASONS; i++) {
        uint64_t count = i == WINNOW_KEPT ? s->kept : s->dropped[i];
        output_format(p->o, "<li class=\"%s\">%s %s</li>\n", colour_of(i),
                      winnow_reason_name((winnow_reason)i), share(count, s->sentences).text);
    }
    put(p, "</ul>\n");
}

static void put_headline(const page *p)
{
    const winnow_stats *s = p->stats;
    uint64_t gone = s->sentences - s->kept;
    put(p, "<header>\n<p class=\"over\">winnow report</p>\n");
    if (s->sentences)
        output_format(p->o, "<h1>%s of the sentences went, %s stayed</h1>\n",
                      share(gone, s->sentences).text,
                      share(s->kept, s->sentences).text);
    else
        put(p, "<h1>There was no text</h1>\n");
    output_format(p->o, "<p class=\"lead\">%s were read, %s written, in %s (%s). ",
                  figure_bytes(s->bytes_in).text, figure_bytes(s->bytes_out).text,
                  html(figure_time(p->seconds)).text, figure_rate(s->bytes_in, p->seconds).text);
    output_format(p->o, "Of %s sentences %s were dropped.</p>\n", figure_count(s->sentences).text,
                  figure_count(gone).text);
    put_stack(p);
    put(p, "<nav aria-label=\"Parts of this report\"><ul>\n"
           "<li><a href=\"#totals\">In and out</a></li>\n"
           "<li><a href=\"#reasons\">Reasons</a></li>\n"
           "<li><a href=\"#lengths\">Lengths</a></li>\n"
           "<li><a href=\"#repeats\">Repeats</a></li>\n"
           "<li><a href=\"#boilerplate\">Boilerplate</a></li>\n"
           "<li><a href=\"#sample\">Sample</a></li>\n"
           "<li><a href=\"#run\">This run</a></li>\n"
           "</ul></nav>\n</header>\n<main>\n");
}

/* ---- In and out ----------------------------------------------------------------------------- */

static void put_total(const page *p, const char *name, uint64_t in, uint64_t out)
{
    output_format(p->o, "<tr><th scope=\"row\">%s</th><td class=\"n\">%s</td>", name,
                  figure_count(in).text);
    output_format(p->o, "<td class=\"n\">%s</td><td class=\"n\">%s</td></tr>\n",
                  figure_count(out).text, share(out, in).text);
}

/* How many documents were touched; of a single one that goes without saying. */
static void put_documents(const page *p)
{
    const tally *t = p->t;
    uint64_t all = p->stats->documents;
    uint64_t with_text = t->documents_whole + t->documents_cut + t->documents_emptied;
    output_format(p->o, "<p class=\"note\">%s document%s", figure_count(all).text,
                  all == 1 ? "" : "s");
    if (all > 1)
        output_format(p->o, ": nothing was dropped from %s, something from %s, all text from %s",
                      figure_count(t->documents_whole).text, figure_count(t->documents_cut).text,
                      figure_count(t->documents_emptied).text);
    if (all > with_text)
        output_format(p->o, "; %s had none", figure_count(all - with_text).text);
    put(p, ".</p>\n");
}

static void put_totals(const page *p)
{
    const winnow_stats *s = p->stats;
    begin_section(p, "totals", "What came in and what stayed");
    if (p->s->filter.invert)
        put(p, "<p class=\"note\">The run was told to write what it drops (<code>--invert</code>): "
               "bytes and lines that stayed are of that.</p>\n");
    put(p, "<table>\n<thead><tr><td></td><th scope=\"col\" class=\"n\">In</th>"
           "<th scope=\"col\" class=\"n\">Stayed</th><th scope=\"col\" class=\"n\">Share</th></tr>"
           "</thead>\n<tbody>\n");
    put_total(p, "Bytes", s->bytes_in, s->bytes_out);
    put_total(p, "Lines", s->lines_in, s->lines_out);
    put_total(p, "Sentences", s->sentences, s->kept);
    put(p, "</tbody></table>\n");
    put_documents(p);
    end_section(p);
}

/* ---- Reasons -------------------------------------------------------------------------------- */

static void put_reason(const page *p, int i, uint64_t most)
{
    const winnow_stats *s = p->stats;
    output_format(p->o, "<tr><th scope=\"row\">%s <small>%s%s of text</small>",
                  winnow_reason_name((winnow_reason)i), reason_text(i),
                  figure_bytes(p->t->bytes[i]).text);
    put_bar(p, colour_of(i), s->dropped[i], most);
    output_format(p->o, "</th><td class=\"n\">%s</td><td class=\"n\">%s</td></tr>\n",
                  figure_count(s->dropped[i]).text,
                  share(s->dropped[i], s->sentences).text);
}

static void put_reasons(const page *p)
{
    uint64_t most = 0;
    for (int i = WINNOW_KEPT + 1; i < WINNOW_REASONS; i++)
        if (p->stats->dropped[i] > most)
            most = p->stats->dropped[i];
    begin_section(p, "reasons", "Why text was dropped");
    put(p, "<table>\n<thead><tr><th scope=\"col\">Reason</th>"
           "<th scope=\"col\" class=\"n\">Sentences</th><th scope=\"col\" class=\"n\">Share</th>"
           "</tr></thead>\n<tbody>\n");
    for (int i = WINNOW_KEPT + 1; i < WINNOW_REASONS; i++)
        put_reason(p, i, most);
    put(p, "</tbody></table>\n");
    end_section(p);
}

/* ---- Lengths -------------------------------------------------------------------------------- */

static uint64_t largest(const uint64_t *counts, size_t n)
{
    uint64_t most = 0;
    for (size_t i = 0; i < n; i++)
        if (counts[i] > most)
            most = counts[i];
    return most;
}

static void put_lengths(const page *p)
{
    begin_section(p, "lengths", "How long the sentences are");
    put(p, "<table class=\"lengths\">\n<caption>Sentences by characters; lines that go as a whole "
           "count as one. Each side has a scale of its own.</caption>\n<thead><tr>"
           "<th scope=\"col\">Characters</th><th scope=\"col\">Kept</th>"
           "<th scope=\"col\">Dropped</th></tr></thead>\n<tbody>\n");
    for (unsigned i = 0; i < TALLY_LENGTHS; i++) {
        unsigned from = tally_length_from(i);
        if (i + 1 < TALLY_LENGTHS)
            output_format(p->o, "<tr><th scope=\"row\" class=\"nb\">%u–%u</th>", from ? from : 1,
                          tally_length_from(i + 1) - 1);
        else
            output_format(p->o, "<tr><th scope=\"row\" class=\"nb\">%u and more</th>", from);
        for (unsigned side = 0; side < 2; side++) {
            const uint64_t *counts = p->t->lengths[side];
            put(p, "<td><div class=\"pair\">");
            put_bar(p, side ? "gone" : "r0", counts[i], largest(counts, TALLY_LENGTHS));
            output_format(p->o, "<span class=\"n\">%s</span></div></td>",
                          figure_count(counts[i]).text);
        }
        put(p, "</tr>\n");
    }
    put(p, "</tbody></table>\n");
    end_section(p);
}

/* ---- Repeats -------------------------------------------------------------------------------- */

static void put_entry_text(const page *p, const sketch_entry *e)
{
    put_text(p, e->text, e->len);
    if (e->cut)
        put(p, "…");
}

static void put_repeat(const page *p, const sketch_entry *e)
{
    output_format(p->o, "<tr><td class=\"n\">%s", figure_count(e->count - e->error).text);
    if (e->error)
        output_format(p->o, "–%s", figure_count(e->count).text);
    put(p, "</td><td dir=\"auto\" lang=\"\">");
    put_entry_text(p, e);
    put(p, "</td></tr>\n");
}

/* How far the counts can be trusted. */
static void put_error(const page *p, const sketch_entry *const *top, size_t n)
{
    uint64_t floor = sketch_floor(p->t->repeats), error = 0;
    for (size_t i = 0; i < n; i++)
        error = top[i]->error > error ? top[i]->error : error;
    put(p, "<p class=\"note\">How many copies were dropped, whatever counts as the same. ");
    if (floor == 0)
        put(p, "The counts are exact.</p>\n");
    else
        output_format(p->o, "Counted in bounded memory: no count is wrong by more than %s, and what "
                            "found no place was dropped at most %s times.</p>\n",
                      figure_count(error).text, figure_count(floor).text);
}

static void put_repeats(const page *p)
{
    const sketch_entry *top[TOP_REPEATS];
    size_t n = sketch_top(p->t->repeats, top, TOP_REPEATS);
    begin_section(p, "repeats", "What was repeated most");
    if (n == 0) {
        put(p, "<p class=\"note\">Nothing was dropped because it was there before.</p>\n");
    } else {
        put_error(p, top, n);
        put(p, "<table>\n<thead><tr><th scope=\"col\" class=\"n\">Dropped</th>"
               "<th scope=\"col\">Sentence</th></tr></thead>\n<tbody>\n");
        for (size_t i = 0; i < n; i++)
            put_repeat(p, top[i]);
        put(p, "</tbody></table>\n");
    }
    end_section(p);
}

/* ---- Boilerplate ---------------------------------------------------------------------------- */

static void put_category(const page *p, const tally_category *c, uint64_t most)
{
    const sketch_entry *top[TOP_EXAMPLES];
    size_t n = sketch_top(c->examples, top, TOP_EXAMPLES);
    const char *reason = winnow_reason_name(c->reason);
    put(p, "<div class=\"card\"><h3><bdi>");
    put_string(p, c->name[0] ? c->name : reason);
    put(p, "</bdi>");
    if (c->name[0])
        output_format(p->o, " <small>%s</small>", reason);
    output_format(p->o, "</h3>\n<small>%s dropped, %s</small>", figure_count(c->pieces).text,
                  figure_bytes(c->bytes).text);
    put_bar(p, colour_of((int)c->reason), c->pieces, most);
    put(p, "<ul>\n");
    for (size_t i = 0; i < n; i++) {
        uint64_t sure = top[i]->count - top[i]->error;
        put(p, "<li dir=\"auto\" lang=\"\">");
        put_entry_text(p, top[i]);
        if (sure > 1)
            output_format(p->o, " <small class=\"nb\">× %s</small>", figure_count(sure).text);
        put(p, "</li>\n");
    }
    put(p, "</ul></div>\n");
}

/* The category that comes after `last` by size; NULL: no more. */
static const tally_category *next_category(const tally *t, const tally_category *last)
{
    const tally_category *best = NULL;
    for (const tally_category *c = t->categories; c < t->categories + t->category_count; c++) {
        bool after = !last || c->pieces < last->pieces || (c->pieces == last->pieces && c > last);
        if (after && (!best || c->pieces > best->pieces))
            best = c;
    }
    return best;
}

static void put_boilerplate(const page *p)
{
    const tally_category *c = next_category(p->t, NULL);
    uint64_t most = c ? c->pieces : 0;
    begin_section(p, "boilerplate", "Boilerplate by category");
    if (!c) {
        put(p, "<p class=\"note\">No text of sites was found.</p>\n");
    } else {
        put(p, "<p class=\"note\">Each with what was dropped most; × tells how often at least."
               "</p>\n<div class=\"cards\">\n");
        for (; c; c = next_category(p->t, c))
            put_category(p, c, most);
        put(p, "</div>\n");
    }
    end_section(p);
}

/* ---- The sample ----------------------------------------------------------------------------- */

static void put_piece(const page *p, const tally_passage *g, const tally_piece *piece)
{
    const tally_category *c = &p->t->categories[piece->category];
    bool dropped = piece->reason != WINNOW_KEPT;
    bool named = dropped && piece->reason != WINNOW_REPEAT && c->name[0];
    if (dropped) {
        output_format(p->o, "<del class=\"%s\"><span class=\"tag\">%s", colour_of(piece->reason),
                      winnow_reason_name((winnow_reason)piece->reason));
        if (named) {
            put(p, ": ");
            put_string(p, c->name);
        }
        put(p, " </span>");
    } else {
        put(p, "<span>");
    }
    put_text(p, g->text + piece->start, piece->len);
    if (piece->cut)
        put(p, "…");
    put(p, dropped ? "</del>" : "</span>");
}

static void put_passage(const page *p, const tally_passage *g)
{
    output_format(p->o, "<article>\n<p class=\"where\">Document %s, ",
                  figure_count(g->document).text);
    output_format(p->o, "%s, from line %s</p>\n", g->part == 0 && g->whole ? "whole" : "a part",
                  figure_count(g->line).text);
    for (size_t i = 0; i < g->pieces; i++) {
        const tally_piece *piece = &g->piece[i];
        if (i == 0 || piece->breaks)
            output_format(p->o, "%s<p dir=\"auto\" lang=\"\"%s>", i ? "</p>\n" : "",
                          piece->breaks > 1 ? " class=\"gap\"" : "");
        else if (piece->spaced)
            put(p, " ");
        put_piece(p, g, piece);
    }
    put(p, "</p>\n</article>\n");
}

static bool has_passage(const tally_sample *s, const tally_passage *g)
{
    for (size_t i = 0; i < s->count; i++)
        if (s->kept[i]->document == g->document && s->kept[i]->part == g->part)
            return true;
    return false;
}

static void put_sample(const page *p)
{
    const tally_sample *touched = &p->t->touched, *any = &p->t->any;
    begin_section(p, "sample", "A sample of the text");
    put(p, "<p class=\"note\">Documents, or parts of long ones, drawn by lot, and by the same lot "
           "in every run; what was dropped is marked with its reason. First some that lost "
           "something, then some of all.</p>\n");
    for (size_t i = 0; i < touched->count; i++)
        put_passage(p, touched->kept[i]);
    for (size_t i = 0; i < any->count; i++)
        if (!has_passage(touched, any->kept[i]))
            put_passage(p, any->kept[i]);
    end_section(p);
}

/* ---- This run ------------------------------------------------------------------------------- */

/* A word of the command line as a shell would read it. */
static void put_word(const page *p, const char *word)
{
    static const char PLAIN[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                                "_./=:,@%+-";
    size_t len = strlen(word), fits = sketch_fitting(word, len, WORD_BYTES);
    bool quoted = len == 0 || word[strspn(word, PLAIN)];
    put(p, quoted ? " <bdi>&#39;" : " <bdi>");
    for (size_t from = 0, to; from < fits; from = to) {
        for (to = from; to < fits && word[to] != '\'';)
            to++;
        put_text(p, word + from, to - from);
        if (to < fits) {
            put(p, "&#39;\\&#39;&#39;");
            to++;
        }
    }
    put(p, fits < len ? "…" : "");
    put(p, quoted ? "&#39;</bdi>" : "</bdi>");
}

static void put_command(const page *p)
{
    int shown = p->s->word_count < WORDS_SHOWN ? p->s->word_count : WORDS_SHOWN;
    put(p, "<pre dir=\"ltr\"><code>winnow");
    for (int i = 1; i < shown; i++)
        put_word(p, p->s->words[i]);
    if (shown < p->s->word_count)
        output_format(p->o, " … and %d more", p->s->word_count - shown);
    put(p, "</code></pre>\n");
}

static void put_option(void *user, const char *name, const char *value)
{
    output_format(((const page *)user)->o,
                  "<tr><th scope=\"row\">--%s</th><td class=\"n\">%s</td></tr>\n", name, value);
}

static void put_fact(const page *p, const char *name, const char *value)
{
    output_format(p->o, "<tr><th scope=\"row\">%s</th><td class=\"n\">%s</td></tr>\n", name, value);
}

static void put_facts(const page *p)
{
    const winnow_stats *s = p->stats;
    char chance[32];
    snprintf(chance, sizeof chance, "%.2g", s->expected_false_drops);
    put(p, "<table>\n<caption>What happened on the way</caption>\n<tbody>\n");
    put_fact(p, "Time", html(figure_time(p->seconds)).text);
    put_fact(p, "Rate", figure_rate(s->bytes_in, p->seconds).text);
    put_fact(p, "Bytes that were not UTF-8", figure_count(s->invalid_bytes).text);
    put_fact(p, "Control characters and escape sequences removed", figure_count(s->controls).text);
    put_fact(p, "Kept unlooked at, too short to be compared", figure_count(s->too_short).text);
    put_fact(p, "Cut, too long to be held", figure_count(s->forced_cuts).text);
    put_fact(p, "Remembered", figure_count(s->unique).text);
    put_fact(p, "Memory that takes", figure_bytes(s->seen_bytes).text);
    put_fact(p, "Not remembered, as memory was full", figure_count(s->unremembered).text);
    put_fact(p, "Expected to be taken for another sentence", chance);
    put(p, "</tbody></table>\n");
}

static void put_run(const page *p)
{
    page copy = *p;
    begin_section(p, "run", "This run");
    put_command(p);
    put_facts(p);
    put(p, "<details><summary>All options</summary>\n<table>\n<tbody>\n");
    options_each(p->s, put_option, &copy);
    put(p, "</tbody></table></details>\n");
    end_section(p);
}

static void put_foot(const page *p)
{
    put(p, "</main>\n<footer>\n<p>");
    /* Lines of "name version". */
    for (const char *at = winnow_version_text(); *at;) {
        size_t len = strcspn(at, "\n");
        put_text(p, at, len);
        at += len + (at[len] == '\n');
        put(p, *at ? "<br>\n" : "</p>\n");
    }
    put(p, "</footer>\n</body>\n</html>\n");
}

void page_write(output *o, const settings *s, const winnow_stats *stats, const tally *t,
                double seconds)
{
    const page p = {o, s, stats, t, seconds};
    put_head(&p);
    put_headline(&p);
    put_totals(&p);
    put_reasons(&p);
    put_lengths(&p);
    put_repeats(&p);
    put_boilerplate(&p);
    put_sample(&p);
    put_run(&p);
    put_foot(&p);
}
