#!/bin/sh
# What the command shows people: the page of --report, the summary of --stats, --progress.
# Usage: tests/cli/report.sh, with $WINNOW (build/winnow) as the program and $PEER
# (build/tests/cli/peer) as its helper.
. "$(dirname "$0")/suite.sh"
needs "$PEER"

expect() { # NAME WANTED GOT
    cases=$((cases + 1))
    [ "$2" = "$3" ] && return
    failed=$((failed + 1))
    printf 'report: %s: got\n%s\n' "$1" "$3"
}

like() { # NAME PATTERN GOT
    cases=$((cases + 1))
    # shellcheck disable=SC2254 # a pattern it is
    case $3 in
    $2) return ;;
    esac
    failed=$((failed + 1))
    printf 'report: %s: got\n%s\n' "$1" "$3"
}

# ---- The page ---------------------------------------------------------------------------------

# The text of a page, from one section up to another, a line for each line of its source.
text() { # FILE FROM TO
    sed -n "/<section id=\"$2\"/,/<section id=\"$3\"/p" "$1" |
        sed 's/<[^>]*>/ /g; s/  */ /g; s/^ //; s/ $//' | grep -v '^$'
}

printf '%s\n' 'The rain fell on the old roof all night.' 'Leave a Reply' '' \
    'Nobody was surprised by it. The rain fell on the old roof all night.' 'Yes.' > page
printf '%s\n' 'the rain fell on the old roof all night.' 'Leave a Reply' > other
"$W" --report=r.html page other > out
expect "what came in and what stayed" "What came in and what stayed
In Stayed Share
Bytes 185 75 40.5 %
Lines 7 4 57.1 %
Sentences 7 3 42.9 %
2 documents: nothing was dropped from 0, something from 1, all text from 1." \
    "$(text r.html totals reasons)"
like "drops by reason" "Why text was dropped
Reason Sentences Share
repeat was there before; 80 B of text 2 28.6 %
phrase is known text of sites; 26 B of text 2 28.6 %
*" "$(text r.html reasons lengths)"
like "lengths" "*
1–9 1 0
10–14 0 2
15–19 0 0
20–29 1 0
30–39 0 0
40–59 1 2
*" "$(text r.html lengths repeats)"
expect "what was repeated most" "What was repeated most
How many copies were dropped, whatever counts as the same. The counts are exact.
Dropped Sentence
2 The rain fell on the old roof all night." "$(text r.html repeats boilerplate)"
expect "boilerplate" "Boilerplate by category
Each with what was dropped most; × tells how often at least.
comments phrase
2 dropped, 26 B
Leave a Reply × 2" "$(text r.html boilerplate sample)"
expect "a sample" "A sample of the text
Documents, or parts of long ones, drawn by lot, and by the same lot in every run; what was dropped is marked with its reason. First some that lost something, then some of all.
Document 1, whole, from line 1
The rain fell on the old roof all night.
phrase: comments Leave a Reply
Nobody was surprised by it. repeat The rain fell on the old roof all night.
Yes.
Document 2, whole, from line 6
repeat the rain fell on the old roof all night.
phrase: comments Leave a Reply" "$(text r.html sample run)"
like "the command line" "This run
winnow --report=r.html page other
*" "$(text r.html run none)"
like "every choice" "*--form nfc
*--keep 1
*--min-words 3
*--boilerplate default
*" "$(text r.html run none)"

"$W" --report=q.html --lang=de -- "it's & <b>" < /dev/null 2> err
expect "a file that is not there leaves no page" no "$([ -e q.html ] && echo yes || echo no)"
: > "it's & <b>"
"$W" --report=q.html --lang=de -- "it's & <b>"
expect "a name with markup" \
    "winnow --report=q.html --lang=de -- &#39;it&#39;\\&#39;&#39;s &amp; &lt;b&gt;&#39;" \
    "$(text q.html run none | sed -n 2p)"
expect "figures are escaped, too" 0 "$(grep -c '<[0-9]' q.html)"
like "no text at all" "*<h1>There was no text</h1>*" "$(cat q.html)"

# Text of the input is text.
cat > hostile << 'END'
</p><script>alert(1)</script> is a sentence with a script in it.
"><img src=x onerror=alert(1)> is a sentence with a picture in it.
' onmouseover='alert(1) is a sentence that would be an attribute.
</style></del></td></table></main></html> ends it all, it would seem.
<!-- a comment that has no end, followed by a word.
&lt;script&gt; and &#0; are entities in a sentence.
END
printf 'An escape \033[31m and \302\233 and \001 and \000 are here.\n' >> hostile
cat hostile hostile > twice
"$W" --no-tidy --report=h.html twice > out
expect "no element of the input's" 0 \
    "$(grep -ci '<script\|<img\|<!-- \|[^-]onerror=alert(1)>' h.html)"
expect "no attribute of the input's" 0 "$(grep -c "<[a-z][^>]*onmouseover" h.html)"
occurs() { grep -o "$1" h.html | wc -l | tr -d ' '; }
expect "it is there as text" 3 "$(occurs '&lt;/p&gt;&lt;script&gt;alert(1)&lt;/script&gt; is a')"
expect "entities, too" 3 "$(occurs '&amp;lt;script&amp;gt; and &amp;#0; are')"
for control in 1b 9b 01 00; do
    expect "control $control is named" 3 "$(occurs "<span class=\"x\">.x$control</span>")"
done
expect "no control is left" 0 "$(LC_ALL=C tr -d '\n\t -~\200-\377' < h.html | wc -c | tr -d ' ')"

# The policy names the style by its hash.
if command -v python3 > /dev/null; then
    expect "the policy lets the style in" ok "$(python3 - h.html << 'END'
import base64, hashlib, re, sys
page = open(sys.argv[1], encoding="utf-8", newline="").read()
style = re.search("<style>(.*?)</style>", page, re.S).group(1)
want = "sha256-" + base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
print("ok" if f"style-src '{want}'" in page else f"PAGE_STYLE_HASH should be {want}")
END
)"
else
    skip "the style's hash (no python3)"
fi
expect "nothing from elsewhere" 0 "$(grep -c 'src=\|href="[^#]\|url(' r.html)"

# The same input makes the same page, but for the time it took.
untimed() {
    sed 's/, in [^(]*([^)]*)//; /row">Time</d; /row">Rate</d; /^<pre/d; s/--threads.*//' "$1"
}
awk 'BEGIN { for (i = 0; i < 90000; i++)
                 printf "Number %d is said by %d of us.%s", i % 20011, i % 20011 % 17, i % 9 ? " " : "\n"
             for (i = 0; i < 9000; i++)
                 printf "\n\nPart %d\nLeave a Reply\nOnce more, %d.\n", i, i }' > many
"$W" -j1 --report=1.html many > out1
"$W" -j3 --report=3.html many > out3
expect "the page is the same whatever -j" same \
    "$(untimed 1.html > a; untimed 3.html > b; cmp a b && echo same)"
"$W" many > plain
expect "the text is the same with a page" same "$(cmp plain out1 && cmp plain out3 && echo same)"
like "beyond the sketch's places, the error is told" \
    "*no count is wrong by more than *, and what found no place was dropped at most *" \
    "$(text 1.html repeats boilerplate)"
expect "the page is bounded" yes "$([ "$(wc -c < 1.html)" -lt 200000 ] && echo yes)"
expect "thirty repeats" 30 \
    "$(sed -n '/id="repeats"/,/id="boilerplate"/p' 1.html | grep -c '^<tr><td')"

# --dropped and --report together; -o and the page come in one run.
"$W" --dropped=d --report=f.html -o o page other
expect "--dropped beside --report" 4 "$(wc -l < d | tr -d ' ')"
expect "... and the page, and the text" yes "$([ -s f.html ] && [ -s o ] && echo yes)"
echo old > kept.html
chmod 604 kept.html
"$W" --report=kept.html page > out
expect "a page that was there is replaced, and keeps its mode" -rw----r-- \
    "$(ls -l kept.html | cut -c 1-10)"
like "... by a whole one" "<!DOCTYPE html>*</html>" "$(cat kept.html)"

# ---- The summary ------------------------------------------------------------------------------

like "--stats on a terminal" "                    read     written     share
bytes              185 B        75 B    40.5 %
lines                  7           4    57.1 %
documents              2
sentences              7

  kept                 3      42.9 %  ##########
  repeat               2      28.6 %  #######
  phrase               2      28.6 %  #######
  context              0         0 %
  rule                 0         0 %
  template             0         0 %

1 too short to be compared
2 remembered in * kB
* s, * *B/s" "$("$PEER" screen 80 "$W" --stats page other)"
like "--stats of nothing" "* 0 B *-
*documents              0
*0 remembered in *" "$("$PEER" screen 80 "$W" --stats /dev/null)"
like "--stats elsewhere is JSON" '{"version":*}' "$("$W" --stats page 2>&1 > out)"
"$PEER" screen 80 "$W" --stats=s page > shown
like "--stats=FILE is JSON, terminal or not" '{"version":*}' "$(cat s)"
expect "... and nothing is shown" "" "$(cat shown)"

# ---- Progress ---------------------------------------------------------------------------------

# lines: what a terminal was shown, a line for each time, without what erases it.
shown() { tr '\r' '\n' | sed 's/ *$//' | grep -v '^$'; }
like "--progress=always, a file" "*B  *B/s  100 %, 0 s left*" \
    "$("$W" --progress=always page 2>&1 > out | shown)"
like "--progress is always, and a pipe has no end that is known" "* B/s" \
    "$(cat page | "$W" --progress 2>&1 > out | shown | sed 's/[kM]B/B/g' | head -n 1)"
expect "it is erased" "." "$("$W" --progress=always page 2>&1 > out | tail -c 1 | tr '\r' .)"
expect "--progress=never" "" "$("$PEER" screen 80 "$W" --progress=never page)"
expect "no terminal, no progress" "" \
    "$( (cat many; sleep 1.2; cat many) | "$W" 2>&1 > out)"

# Runs of more than a second, side by side.
long() { (cat many; sleep 1.2; cat many "$1") | "$PEER" screen "$2" "$W" "$3"; }
printf 'Not UTF-8: \377\n' > invalid
long page 80 --stats > wide &
long page 80 -q > quiet &
long page 20 --stats > narrow &
long invalid 80 --invalid=fail > told &
wait
like "a terminal, after a second" "*MB  *B/s  * kept, * dropped" "$(shown < wide | head -n 1)"
like "--stats behind it, at the start of its line" "*
                    read *" "$(tr '\r' '\n' < wide)"
expect "-q" "" "$(shown < quiet)"
expect "a narrow terminal is not overrun" "cut" \
    "$(tr '\r' '\n' < narrow | grep -q '^[0-9.]* MB.\{12\}$' && echo cut)"
like "a message stands alone" "*kept, * dropped
winnow: standard input: invalid UTF-8 at byte *" "$(shown < told)"

finish
