#include "frame/json_field.h"

#include <cstdlib>
#include <cstring>
#include <new>
#include <string_view>

#include <pthread.h>
#include <simdjson.h>

#include "frame/json_string.h"

namespace {

namespace od = simdjson::ondemand;

static_assert(JSON_PADDING >= simdjson::SIMDJSON_PADDING, "simdjson reads no further");

/* Scratch for a record longer than this is not kept. */
constexpr size_t KEEPS = 4 << 20;

/* More than the names and the list of simdjson's kernels take. */
constexpr size_t KERNEL_NAMES = 4096;

const uint8_t *bytes(const char *text)
{
    return reinterpret_cast<const uint8_t *>(text);
}

bool digit(char c)
{
    return c >= '0' && c <= '9';
}

/* RFC 8259, 6. simdjson would convert the number, and refuse one that no machine type holds. */
bool valid_number(std::string_view text)
{
    const char *at = text.data(), *end = at + text.size();
    auto digits = [&] {
        const char *from = at;
        while (at < end && digit(*at))
            at++;
        return at > from;
    };
    if (at < end && *at == '-')
        at++;
    bool zero = at < end && *at == '0';
    const char *from = at;
    if (!digits() || (zero && at > from + 1))
        return false;
    if (at < end && *at == '.' && (at++, !digits()))
        return false;
    if (at < end && (*at == 'e' || *at == 'E')) {
        at++;
        if (at < end && (*at == '+' || *at == '-'))
            at++;
        if (!digits())
            return false;
    }
    return at == end;
}

std::string_view trimmed(std::string_view token)
{
    return token.substr(0, token.find_last_not_of(" \t\r\n") + 1);
}

/* What operator new gets back when there is no more: of kernels_chosen, which holds the lock. */
pthread_mutex_t choosing = PTHREAD_MUTEX_INITIALIZER;
void *reserve;

void give_reserve()
{
    if (!reserve)
        std::set_new_handler(nullptr);
    free(reserve);
    reserve = nullptr;
}

/* simdjson chooses its kernels at first use and names them by std::string, in functions from which
   no exception may come: where there is no room for a name, the program would end. So the room is
   put aside before. All other allocations simdjson answers for. False: out of memory. */
bool kernels_chosen()
{
    static bool chosen;
    pthread_mutex_lock(&choosing);
    if (!chosen && (reserve = malloc(KERNEL_NAMES)) != nullptr) {
        auto before = std::set_new_handler(give_reserve);
        chosen = !simdjson::get_active_implementation()->name().empty();
        std::set_new_handler(before);
        free(reserve);
    }
    bool done = chosen;
    pthread_mutex_unlock(&choosing);
    return done;
}

} // namespace

struct json_field {
    od::parser parser;
    const char *path;
    const uint8_t *record;
    size_t start, end;
    json_found found;
    bool deep; /* the walk ended at a value too deep */

    bool scalar(std::string_view token, od::json_type type, bool wanted);
    bool walk(od::value v, const char *rest, int depth);
    bool walk_array(od::array a, int depth);
    bool walk_object(od::object o, const char *rest, int depth);
};

/* Whatever has no parts. A string's token ends in its closing quote: simdjson saw to that. */
bool json_field::scalar(std::string_view token, od::json_type type, bool wanted)
{
    switch (type) {
    case od::json_type::string: {
        std::string_view inside = token.substr(1, token.size() - 2);
        if (token.size() < 2 || token.back() != '"')
            return false;
        if (!wanted)
            return json_string_valid(bytes(inside.data()), inside.size());
        found = JSON_FOUND; /* its escapes show when it is read */
        start = static_cast<size_t>(bytes(inside.data()) - record);
        end = start + inside.size();
        return true;
    }
    case od::json_type::number:
        return valid_number(token);
    case od::json_type::boolean:
        return token == "true" || token == "false";
    default:
        return token == "null";
    }
}

/* The end of the string that begins at `text`, behind its opening quote. */
static const char *string_end(const char *text)
{
    while (*text != '"')
        text += *text == '\\' ? 2 : 1;
    return text;
}

/* `rest`: the path from this object on; NULL: it is not on the path. */
bool json_field::walk_object(od::object o, const char *rest, int depth)
{
    const char *dot = rest ? strchr(rest, '.') : nullptr;
    size_t name_len = dot ? static_cast<size_t>(dot - rest) : rest ? strlen(rest) : 0;
    for (auto field : o) {
        od::raw_json_string key;
        od::value value;
        if (field.key().get(key) || field.value().get(value))
            return false;
        const uint8_t *name = bytes(key.raw());
        size_t len = static_cast<size_t>(string_end(key.raw()) - key.raw());
        if (!json_string_valid(name, len))
            return false;
        bool here = rest && json_string_is(name, len, rest, name_len);
        if (here && found == JSON_FOUND && !json_string_valid(record + start, end - start))
            return false;
        if (here) /* of keys that are the same the last counts, so what was found before does not */
            found = dot ? JSON_MISSING : JSON_OTHER;
        if (!walk(value, here ? (dot ? dot + 1 : "") : nullptr, depth))
            return false;
    }
    return true;
}

bool json_field::walk_array(od::array a, int depth)
{
    for (auto element : a) {
        od::value value;
        if (element.get(value) || !walk(value, nullptr, depth))
            return false;
    }
    return true;
}

/* `rest`: the path from this value on, "" for the one wanted; NULL: it is not on the path. */
bool json_field::walk(od::value v, const char *rest, int depth)
{
    od::json_type type;
    deep = depth == 0;
    if (deep || v.type().get(type))
        return false;
    if (type == od::json_type::object) {
        od::object o;
        return !v.get_object().get(o) && walk_object(o, rest && *rest ? rest : nullptr, depth - 1);
    }
    if (type == od::json_type::array) {
        od::array a;
        return !v.get_array().get(a) && walk_array(a, depth - 1);
    }
    od::raw_json_string text;
    std::string_view token = trimmed(v.raw_json_token());
    if (type != od::json_type::string)
        return scalar(token, type, false);
    return !v.get_raw_json_string().get(text) && scalar(token, type, rest && !*rest);
}

extern "C" json_field *json_field_create(const char *path)
{
    auto *f = kernels_chosen() ? new (std::nothrow) json_field : nullptr;
    if (f)
        f->path = path;
    return f;
}

extern "C" void json_field_free(json_field *f)
{
    delete f;
}

extern "C" json_found json_field_find(json_field *f, const uint8_t *record, size_t len,
                                      size_t *start, size_t *end)
{
    od::document document;
    od::object object;
    f->record = record;
    f->found = JSON_MISSING;
    f->deep = false;
    auto error = f->parser.iterate(record, len, len + JSON_PADDING).get(document);
    if (error == simdjson::MEMALLOC)
        return JSON_NOMEM;
    if (error == simdjson::UTF8_ERROR)
        return JSON_NOT_UTF8;
    bool whole = !error && !document.get_object().get(object) &&
                 f->walk_object(object, f->path, JSON_DEPTH_MAX - 1) &&
                 document.current_location().error() == simdjson::OUT_OF_BOUNDS; /* no more */
    if (f->parser.capacity() > KEEPS)
        f->parser = od::parser();
    *start = f->start;
    *end = f->end;
    return whole ? f->found : f->deep ? JSON_DEEP : JSON_MALFORMED;
}
