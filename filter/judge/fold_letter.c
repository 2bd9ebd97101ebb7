/*
 * What `loose` takes for an accent, and why:
 * - Latin and Greek: every mark, and the letters that differ from another by a stroke or a missing
 *   dot (l in "Lodz", o in "smorrebrod", d in Vietnamese, Turkish i), for that is how they are
 *   typed where the keyboard lacks them. The ligatures ae and oe are two letters.
 * - Cyrillic: stress marks, and the dots of yo, which Russian prints or leaves out at will. Short i
 *   (and Ukrainian yi, Belarusian short u, Macedonian gje and kje, Tajik, Mari, Chuvash letters)
 *   are letters of their own that nobody leaves out.
 * - Indic vowel signs, virama and nukta, Thai and Lao vowels and tones, Kana voicing marks are part
 *   of the letter: without them words become other words.
 * - Hebrew points, Arabic harakat and hamza stay too. Points are often left out in print, but the
 *   same marks tell letters apart (shin and sin, alef with hamza), and a repeat that passes costs
 *   less than a sentence that is lost.
 */
#include "judge/fold_letter.h"

static bool is_latin_or_greek(uint32_t cp)
{
    if (cp < 0x80)
        return (cp | 0x20) >= 'a' && (cp | 0x20) <= 'z';
    return (cp >= 0xC0 && cp < 0x2B0) || (cp >= 0x370 && cp < 0x400) ||
           (cp >= 0x1D00 && cp < 0x1DC0) || (cp >= 0x1E00 && cp < 0x2000) ||
           (cp >= 0x2C60 && cp < 0x2C80) || (cp >= 0xA720 && cp < 0xA800) ||
           (cp >= 0xAB30 && cp < 0xAB70);
}

static bool is_cyrillic(uint32_t cp)
{
    return (cp >= 0x400 && cp < 0x530) || (cp >= 0x1C80 && cp < 0x1C90) ||
           (cp >= 0xA640 && cp < 0xA6A0);
}

/* The marks of Latin, Greek and Cyrillic: Unicode's blocks of them. The iota subscript is no
   accent: it case folds to a letter. */
static bool is_accent(uint32_t cp)
{
    return ((cp >= 0x300 && cp < 0x370) || (cp >= 0x1AB0 && cp < 0x1B00) ||
            (cp >= 0x1DC0 && cp < 0x1E00) || (cp >= 0x20D0 && cp < 0x2100) ||
            (cp >= 0xFE20 && cp < 0xFE30)) &&
           cp != FOLD_YPOGEGRAMMENI;
}

/* Grave, acute, double grave and inverted breve are stress and tone, but on Macedonian gje and kje;
   the diaeresis makes yo. */
static bool is_cyrillic_accent(uint32_t base, uint32_t mark)
{
    if (mark == 0x308)
        return base == 0x435;
    bool stress = mark == 0x300 || mark == 0x301 || mark == 0x30F || mark == 0x311;
    return stress && base != 0x433 && base != 0x43A;
}

bool fold_accent_goes(uint32_t base, uint32_t mark)
{
    if (!is_accent(mark))
        return false;
    if (is_cyrillic(base))
        return is_cyrillic_accent(base, mark);
    return is_latin_or_greek(base) || base == '0' || base == ' ' || base == 0;
}

fold_typed fold_typed_for(uint32_t cp)
{
    switch (cp) {
    case 0xE6: return (fold_typed){'a', 'e'};
    case 0x153: return (fold_typed){'o', 'e'};
    case 0xF8: return (fold_typed){'o', 0};
    case 0x111: return (fold_typed){'d', 0};
    case 0x127: return (fold_typed){'h', 0};
    case 0x131: return (fold_typed){'i', 0};
    case 0x142: return (fold_typed){'l', 0};
    case 0x167: return (fold_typed){'t', 0};
    default: return (fold_typed){cp, 0};
    }
}
