/* Gives each file named to a fuzz target, for machines without libFuzzer. */
#include <stdio.h>
#include <stdlib.h>

#include "fuzz.h"

static bool replay(const char *name)
{
    buffer all = {0};
    FILE *file = fopen(name, "rb");
    if (!file)
        return false;
    uint8_t block[4096];
    for (size_t n; (n = fread(block, 1, sizeof block, file)) > 0;)
        buffer_append(&all, block, n);
    bool ok = !ferror(file);
    fclose(file);
    uint8_t *exact = fuzz_copy(all.data, all.len);
    if (ok)
        LLVMFuzzerTestOneInput(exact, all.len);
    free(exact);
    buffer_free(&all);
    return ok;
}

int main(int argc, char **argv)
{
    for (int i = 1; i < argc; i++) {
        if (!replay(argv[i])) {
            perror(argv[i]);
            return 1;
        }
    }
    printf("%s: %d inputs\n", argv[0], argc - 1);
    return 0;
}
