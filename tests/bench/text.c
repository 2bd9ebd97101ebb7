/*
 * Speed of the text stage, of each scanning kernel and of folding by each of its kernels, line by
 * line, in GB/s of input, best of several runs.
 *
 *     text            on generated text of several languages
 *     text FILE...    on files
 *
 * A batch is as large as the pipeline's, so that memory is no faster here than there.
 */
#include <stdint.h>
#include <string.h>

#include "base/scan.h"
#include "bench.h"
#include "judge/fold.h"
#include "judge/fold_ascii.h"
#include "text/text.h"

enum { BATCH = 256 * 1024, SAMPLE = 8 * 1024 * 1024, RUNS = 7 };

typedef struct {
    const char *name;
    bool decompose; /* take it apart (NFD) first */
    const char *words;
} sample;

static const sample samples[] = {
    {"ASCII", false,
     "the river turned slowly under an old bridge where two boats waited for rain, and nobody "
     "on either bank could say which of them would leave first. Prices rose by 14 % in March."},
    {"Latin, accents", false,
     "les élèves ont déjà mangé à la fenêtre où l’été s’achève ; Größe und Höhe, für die Straße "
     "zu schön, señor niño mañana corazón, příliš žluťoučký kůň pěl ďábelské ódy."},
    {"Cyrillic", false,
     "старый мост стоял над рекой, и никто не знал, когда вернутся лодки; дети ждали у воды до "
     "самого вечера. Утром пошёл дождь, и йод кончился."},
    {"Chinese", false,
     "河水慢慢地流过古老的石桥，两条小船停在岸边等雨。 没有人知道哪一条会先离开。 孩子们一直等到天黑。"},
    {"Hindi", false,
     "पुराने पुल के नीचे नदी धीरे धीरे बहती है और दो नावें वर्षा की प्रतीक्षा करती हैं। "
     "बच्चे संध्या तक किनारे पर खड़े रहे, क्योंकि कोई नहीं जानता था।"},
    {"Thai", false,
     "แม่น้ำไหลช้าๆ ใต้สะพานเก่า เรือสองลำรอฝนอยู่ที่ริมฝั่ง เด็กๆ ยืนรออยู่จนถึงเย็น "
     "และไม่มีใครรู้ว่าลำไหนจะออกก่อน"},
    {"Vietnamese, NFD", true,
     "dòng sông chảy chậm dưới chiếc cầu cũ, hai con thuyền đợi mưa bên bờ; bọn trẻ đứng chờ "
     "đến tối mà không ai biết thuyền nào sẽ rời bến trước. Sáng hôm sau trời đổ mưa."},
};

/* Words of the sample in a random order, in lines of 20 to 400 bytes. */
static void generate(const char *words, buffer *out)
{
    uint64_t dice = 1;
    size_t line = 0, limit = 60;
    while (out->len < SAMPLE) {
        dice = dice * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
        const char *at = words + (dice >> 33) % strlen(words);
        while (at > words && at[-1] != ' ')
            at--;
        size_t len = strcspn(at, " ");
        bool end = line > limit;
        if (!buffer_append(out, at, len) || !buffer_append(out, end ? "\n" : " ", 1))
            bench_die("out of memory");
        line = end ? 0 : line + len;
        limit = end ? 20 + (dice >> 40) % 380 : limit;
    }
}

static void decompose(buffer *text)
{
    text_stage *t;
    text_options opt = {.form = WINNOW_NFD};
    text_clean out = {0};
    if (text_create(&t, &opt) != WINNOW_OK ||
        text_run(t, text->data, text->len, 0, &out) != WINNOW_OK)
        bench_die("out of memory");
    buffer_free(text);
    *text = out.text;
    out.text = (buffer){0};
    text_clean_free(&out);
    text_free(t);
}

/* The end of the batch that begins at `at`: after a line end where there is one. */
static size_t batch_end(const buffer *text, size_t at)
{
    if (text->len - at <= BATCH)
        return text->len;
    size_t end = at + BATCH;
    while (end > at && text->data[end - 1] != '\n')
        end--;
    return end > at ? end : at + BATCH;
}

typedef struct {
    const scan_kernels *kernels;
    const fold_kernels *folding;
    winnow_match match;
    buffer folded;
    text_stage *stage;
    text_clean *out;
    scan_set set;
    uint64_t sum; /* so that nothing is optimised away */
} bench;

typedef void job(bench *b, const uint8_t *text, size_t len);

static void job_ascii(bench *b, const uint8_t *text, size_t len)
{
    for (size_t at = 0; at < len; at++)
        at += b->kernels->ascii(text + at, len - at);
    b->sum++;
}

static void job_utf8(bench *b, const uint8_t *text, size_t len)
{
    b->sum += b->kernels->utf8(text, len);
}

static void job_marks(bench *b, const uint8_t *text, size_t len)
{
    scan_marks marks[SCAN_BATCH / 64];
    for (size_t at = 0; at < len; at += SCAN_BATCH) {
        size_t n = len - at < SCAN_BATCH ? len - at : SCAN_BATCH;
        b->kernels->text(text + at, n, &b->set, 0, marks);
        b->sum += marks[0].stops;
    }
}

static void job_stage(bench *b, const uint8_t *text, size_t len)
{
    text_clear(b->out);
    if (text_run(b->stage, text, len, 0, b->out) != WINNOW_OK)
        bench_die("the stage failed");
    b->sum += b->out->text.len;
}

static void job_fold(bench *b, const uint8_t *text, size_t len)
{
    for (size_t at = 0; at < len;) {
        const uint8_t *end = memchr(text + at, '\n', len - at);
        size_t line = end ? (size_t)(end - text) - at : len - at;
        if (!fold_by(b->folding, b->match, text + at, line, &b->folded))
            bench_die("out of memory");
        b->sum += b->folded.len;
        at += line + 1;
    }
}

static double best(job *run, bench *b, const buffer *text)
{
    double least = 1e9;
    for (int i = 0; i < RUNS; i++) {
        double start = bench_now();
        for (size_t at = 0, end; at < text->len; at = end) {
            end = batch_end(text, at);
            run(b, text->data + at, end - at);
        }
        double took = bench_now() - start;
        least = took < least ? took : least;
    }
    return (double)text->len / least * 1e-9;
}

static void report(const char *name, const buffer *text)
{
    static const struct {
        const char *name;
        text_options opt;
    } stages[] = {
        {"tidy + NFC", {.form = WINNOW_NFC, .tidy = true}},
        {"tidy", {.form = WINNOW_FORM_NONE, .tidy = true}},
        {"NFC", {.form = WINNOW_NFC}},
        {"NFD", {.form = WINNOW_NFD}},
        {"NFKC", {.form = WINNOW_NFKC}},
    };
    size_t count;
    const scan_kernels *const *all = scan_all(&count);
    text_clean out = {0};
    bench b = {.out = &out};
    scan_set_init(&b.set, true);
    printf("%-18s", name);
    for (size_t i = 0; i < count; i++) {
        b.kernels = all[i];
        printf("  %s: ascii %.1f utf8 %.1f marks %.1f", all[i]->name, best(job_ascii, &b, text),
               best(job_utf8, &b, text), best(job_marks, &b, text));
    }
    printf("\n%-18s", "");
    for (size_t i = 0; i < sizeof stages / sizeof *stages; i++) {
        if (text_create(&b.stage, &stages[i].opt) != WINNOW_OK)
            bench_die("out of memory");
        printf("  %s %.2f", stages[i].name, best(job_stage, &b, text));
        fflush(stdout);
        text_free(b.stage);
    }
    printf("\n%-18s", "");
    for (unsigned i = 0; (b.folding = fold_kernels_number(i)) != NULL; i++) {
        b.match = WINNOW_MATCH_TEXT;
        printf("  %s: fold text %.2f", b.folding->name, best(job_fold, &b, text));
        b.match = WINNOW_MATCH_LOOSE;
        printf(" loose %.2f", best(job_fold, &b, text));
    }
    printf("\n");
    buffer_free(&b.folded);
    text_clean_free(&out);
}

int main(int argc, char **argv)
{
    for (int i = 1; i < argc; i++) {
        buffer text = bench_read(argv[i], SIZE_MAX);
        report(argv[i], &text);
        buffer_free(&text);
    }
    for (size_t i = 0; argc == 1 && i < sizeof samples / sizeof *samples; i++) {
        buffer text = {0};
        generate(samples[i].words, &text);
        if (samples[i].decompose)
            decompose(&text);
        report(samples[i].name, &text);
        buffer_free(&text);
    }
    return 0;
}
