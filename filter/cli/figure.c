#include "cli/figure.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

figure figure_count(uint64_t n)
{
    char digits[24];
    figure f = {""};
    int len = snprintf(digits, sizeof digits, "%" PRIu64, n);
    char *to = f.text;
    for (int i = 0; i < len; i++) {
        if (i > 0 && (len - i) % 3 == 0)
            *to++ = ',';
        *to++ = digits[i];
    }
    *to = '\0';
    return f;
}

/* Three digits that matter, and the unit. */
static figure scaled(double value, const char *const *units)
{
    figure f;
    /* What would round to 1000 is 1 of the next unit. */
    for (; value >= 999.5 && units[1]; units++)
        value /= 1000;
    int decimals = value < 9.995 ? 2 : value < 99.95 ? 1 : 0;
    snprintf(f.text, sizeof f.text, "%.*f %s", decimals, value, *units);
    return f;
}

figure figure_short(uint64_t n)
{
    static const char *const units[] = {"", "k", "M", "G", "T", NULL};
    return n < 100000 ? figure_count(n) : scaled((double)n, units);
}

figure figure_bytes(uint64_t bytes)
{
    static const char *const units[] = {"B", "kB", "MB", "GB", "TB", "PB", NULL};
    figure f;
    if (bytes >= 1000)
        return scaled((double)bytes, units);
    snprintf(f.text, sizeof f.text, "%" PRIu64 " B", bytes);
    return f;
}

figure figure_rate(uint64_t bytes, double seconds)
{
    if (seconds <= 0)
        return (figure){"-"};
    double rate = (double)bytes / seconds;
    figure f = figure_bytes(rate < 1e18 ? (uint64_t)rate : (uint64_t)1e18);
    strcat(f.text, "/s"); /* the longest is "1000000 PB" */
    return f;
}

figure figure_share(uint64_t part, uint64_t whole)
{
    figure f = {"-"};
    if (whole == 0)
        return f;
    double percent = 100 * (double)part / (double)whole;
    if (part == 0 || part == whole)
        snprintf(f.text, sizeof f.text, "%d %%", part ? 100 : 0);
    else if (percent < 0.1)
        snprintf(f.text, sizeof f.text, "<0.1 %%");
    else if (percent > 99.9 && part < whole)
        snprintf(f.text, sizeof f.text, ">99.9 %%");
    else
        snprintf(f.text, sizeof f.text, "%.1f %%", percent);
    return f;
}

figure figure_time(double seconds)
{
    figure f;
    /* A count of seconds that no clock shows is no time either. */
    uint64_t whole = seconds < 1e9 ? (uint64_t)(seconds + 0.5) : (uint64_t)1e9;
    unsigned hours = (unsigned)(whole / 3600), minutes = (unsigned)(whole / 60 % 60);
    if (seconds < 0.005)
        return (figure){"<0.01 s"};
    if (whole < 60)
        snprintf(f.text, sizeof f.text, "%.*f s", seconds < 10 ? 2 : 1, seconds);
    else if (hours == 0)
        snprintf(f.text, sizeof f.text, "%u:%02u", minutes, (unsigned)(whole % 60));
    else
        snprintf(f.text, sizeof f.text, "%u:%02u:%02u", hours, minutes, (unsigned)(whole % 60));
    return f;
}
