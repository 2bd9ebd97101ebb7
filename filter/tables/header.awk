# Makes the manual winnow(3) of include/winnow.h and its comments.
#
#     awk -v date='January 1, 2026' -f header.awk winnow.h > winnow.3
#
# The first comment describes the library. A comment before a declaration is about it, one behind a
# member is about that member.

# What a word of a comment is in mdoc; "": plain text.
function macro(word) {
    if (word in is_function)
        return ".Fn"
    if (word in is_type)
        return ".Vt"
    if (word ~ /^WINNOW_[A-Z_]+$/)
        return ".Dv"
    return word ~ /^`.*`$/ ? ".Fa" : ""
}

# A word, and the punctuation around it, as a line of mdoc; "": it is plain text.
function marked(word,    opening, closing, what) {
    opening = word ~ /^\(/ ? "( " : ""
    sub(/^\(/, "", word)
    if (match(word, /[.,;:)]+$/)) {
        closing = substr(word, RSTART)
        word = substr(word, 1, RSTART - 1)
        if (closing ~ /^\)/ && word ~ /\($/) {
            sub(/\($/, "", word)
            closing = substr(closing, 2)
        }
        gsub(/./, " &", closing)
    }
    what = macro(word)
    gsub(/`/, "", word)
    return what == "" ? "" : what " " opening word closing
}

# Text as roff takes it: no escapes, no requests, lines that are not long, each sentence on a line
# of its own.
function roff(text,    words, n, k, text_line, out, special) {
    gsub(/\\/, "\\e", text)
    gsub(/^ +| +$/, "", text)
    n = split(text, words, / +/)
    for (k = 1; k <= n; k++) {
        special = marked(words[k])
        if (special != "" || length(text_line) + length(words[k]) > 75) {
            out = out text_line (text_line == "" ? "" : "\n")
            text_line = ""
        }
        if (special != "") {
            out = out special "\n"
            continue
        }
        if (text_line == "" && words[k] ~ /^[.']/)
            text_line = "\\&"
        text_line = text_line (text_line == "" || text_line == "\\&" ? "" : " ") words[k]
        if (words[k] ~ /[.]$/) {
            out = out text_line "\n"
            text_line = ""
        }
    }
    return out text_line (text_line == "" ? "" : "\n")
}

# The same, made a sentence.
function sentence(text) {
    if (text ~ /[^.][)]$|[a-z0-9A-Z_"]$/)
        text = text "."
    return prose(capital(text))
}

function capital(text) {
    return text !~ /^[a-z]+[ ,;:]/ ? text : toupper(substr(text, 1, 1)) substr(text, 2)
}

function flat(text) {
    gsub(/[ \n]+/, " ", text)
    return text
}

# Lines with empty ones between paragraphs; what is set in by four is kept as it is.
function prose(text,    lines, n, k, paragraph, literal, out) {
    n = split(text "\n\n", lines, "\n")
    for (k = 1; k <= n; k++) {
        if (lines[k] ~ /^    /)
            literal = literal verbatim(substr(lines[k], 5)) "\n"
        else
            paragraph = paragraph lines[k] " "
        if (lines[k] != "" && lines[k + 1] != "")
            continue
        if (paragraph ~ /[^ ]/)
            out = out (out == "" ? "" : ".Pp\n") roff(paragraph)
        if (literal != "")
            out = out ".Bd -literal -offset indent\n" literal ".Ed\n"
        paragraph = literal = ""
    }
    return out
}

function verbatim(text) {
    gsub(/\\/, "\\e", text)
    return text ~ /^[.']/ ? "\\&" text : text
}

# Returns the last line of the first comment.
function read_description(    i, text) {
    summary = line[2]
    sub(/^ \* [a-z.]*: /, "", summary)
    sub(/\.$/, "", summary)
    for (i = 4; line[i] !~ /^ \*\//; i++)
        text = text substr(line[i], 4) "\n"
    description = prose(text)
    return i
}

# Joins the lines of a comment that goes on; sets `code` and `comment` to the line's two parts.
# Returns the last line.
function read_line(i,    text, at) {
    text = line[i]
    at = index(text, "/*")
    while (at && !index(text, "*/"))
        text = text "\n" line[++i]
    code = at ? substr(text, 1, at - 1) : text
    comment = at ? substr(text, at + 2) : ""
    sub(/\*\/.*/, "", comment)
    gsub(/^ +| +$/, "", comment)
    gsub(/\n   /, "\n", comment)
    gsub(/^ +| +$/, "", code)
    return i
}

function last_word(text) {
    gsub(/[;)]/, "", text)
    sub(/.*[ *]/, "", text)
    return text
}

# A prototype as .Ft and .Fo want it.
function prototype(text,    head, name, parts, n, k, out) {
    head = text
    sub(/\(.*/, "", head)
    name = last_word(head)
    head = substr(head, 1, length(head) - length(name))
    sub(/ $/, "", head)
    out = ".Ft \"" head "\"\n.Fo " name "\n"
    sub(/^[^(]*\(/, "", text)
    sub(/\);$/, "", text)
    n = split(text, parts, /, */)
    for (k = 1; k <= n; k++)
        out = out ".Fa \"" parts[k] "\"\n"
    return out ".Fc\n"
}

function add_function(text,    name) {
    sub(/^WINNOW_API /, "", text)
    name = text
    sub(/\(.*/, "", name)
    name = last_word(name)
    names = names (names == "" ? "" : " ,\n") ".Nm " name
    synopsis = synopsis prototype(text)
    functions = functions ".It Fn " name "\n" prose(doc)
}

# "WINNOW_NFC = 0," or "uint64_t lines_in, lines_out;", and what its comment says.
function add_member(text, about) {
    sub(/[,;]$/, "", text)
    sub(/ = .*/, "", text)
    gsub(/, /, "\" , \"", text)
    members = members ".It " (is_enum ? "Dv " text : "Fa \"" text "\"") "\n" sentence(flat(about))
}

function end_type(name) {
    types = types ".It Vt " name "\n" sentence(doc)
    if (members != "")
        types = types ".Bl -tag -width Ds -compact\n" members ".El\n"
    members = ""
}

# An enum on one line.
function add_short_enum(text,    parts, n, k, name) {
    name = last_word(text)
    sub(/^[^{]*[{] */, "", text)
    sub(/ *[}].*/, "", text)
    n = split(text, parts, /, */)
    is_enum = 1
    for (k = 1; k <= n; k++)
        add_member(parts[k], "")
    end_type(name)
}

function add_callback(text) {
    sub(/^typedef /, "", text)
    callbacks = callbacks ".It Vt " last_word(substr(text, 1, index(text, "(") - 1)) "\n" \
        ".Pp\n" prototype(text) ".Pp\n" prose(doc)
}

function add_constant(text,    parts) {
    split(text, parts, " ")
    constants = constants ".It Dv " parts[2] "\n" parts[3] "\n"
}

function add_declaration(text) {
    if (text ~ /^WINNOW_API/)
        add_function(text)
    else if (text ~ /^typedef enum/)
        add_short_enum(text)
    else if (text ~ /^typedef struct/)
        types = types ".It Vt " last_word(text) "\n" sentence(flat(comment))
    else if (text ~ /^typedef/)
        add_callback(text)
    doc = ""
}

# One line that is no comment alone.
function read_code() {
    if (code ~ /^typedef (enum|struct) [{]$/) {
        in_type = 1
        is_enum = code ~ /enum/
    } else if (in_type && code ~ /^[}]/) {
        end_type(last_word(code))
        in_type = 0
        doc = ""
    } else if (in_type) {
        add_member(code, comment)
    } else {
        declaration = declaration (declaration == "" ? "" : " ") code
        if (code ~ /;$/) {
            add_declaration(declaration)
            declaration = ""
        }
    }
}

function list(heading, items) {
    if (items != "")
        printf ".Ss %s\n.Bl -tag -width Ds\n%s.El\n", heading, items
}

{ line[NR] = $0 }

# What the text is to name as such.
/^WINNOW_API/ {
    word = $0
    sub(/\(.*/, "", word)
    is_function[last_word(word)] = 1
}
/^[}] winnow_[a-z_]+;$/ { is_type[last_word($2)] = 1 }
/^typedef int winnow_/ {
    word = $0
    sub(/\(.*/, "", word)
    is_type[last_word(word)] = 1
}

END {
    for (i = read_description() + 1; i <= NR; i++) {
        if (line[i] ~ /^#define WINNOW_[A-Z_]+ [^_]/)
            add_constant(line[i])
        if (line[i] ~ /^#/ || line[i] ~ /^extern "C"/ || line[i] == "}" || line[i] == "")
            continue
        i = read_line(i)
        if (code == "" && !in_type)
            doc = comment
        else if (code != "")
            read_code()
    }
    printf ".\\\" Made of include/winnow.h by filter/tables/header.awk.\n"
    printf ".Dd %s\n.Dt WINNOW 3\n.Os\n.Sh NAME\n%s\n.Nd %s\n", date, names, summary
    printf ".Sh SYNOPSIS\n.In winnow.h\n%s.Pp\nLink with\n.Fl lwinnow .\n", synopsis
    printf ".Sh DESCRIPTION\n%s", description
    list("Functions", functions)
    list("Callbacks", callbacks)
    list("Types", types)
    list("Constants", constants)
    printf ".Sh SEE ALSO\n.Xr winnow 1\n"
}
