/* The bundled library behind a function of the app's: one that reads, and some that lie. */
#include "check.h"

struct library { unsigned char *bytes; uint64_t size; int mode; };
enum { READS, SHORT, FAILS, ENDS, TOO_MANY, MINIMUM };

static int64_t read_at(void *user_data, uint64_t offset, uint8_t *buffer, uintptr_t count)
{
    struct library *library = user_data;
    uint64_t left = offset < library->size ? library->size - offset : 0;
    uintptr_t some = left < count ? (uintptr_t)left : count;
    switch (library->mode) {
    case FAILS: return -1;
    case ENDS: return 0;
    case TOO_MANY: return (int64_t)count + 1;
    case MINIMUM: return INT64_MIN;
    case SHORT: some = some > 1000 ? 1000 : some; break;
    default: break;
    }
    memcpy(buffer, library->bytes + offset, some);
    return (int64_t)some;
}

int main(int count, char **arguments)
{
    struct world world = the_world(count, arguments);
    struct library library = {0};
    PatchproofConfig config = config_of(&world);
    PatchproofError error = no_error();
    PatchproofUpdater updater;
    PatchproofUpdated updated = {sizeof updated, 0, 0, 0};
    FILE *file = fopen(world.base, "rb");
    int mode;

    CHECK(file != NULL);
    library.bytes = malloc(1 << 22);
    library.size = fread(library.bytes, 1, 1 << 22, file);
    fclose(file);
    config.library_path = NULL;
    config.read_at = read_at;
    config.read_at_data = &library;
    config.read_at_bytes = library.size;
    for (mode = FAILS; mode <= MINIMUM; mode++) {
        library.mode = mode;
        ANSWERS(patchproof_open(&config, &updater, &error), PATCHPROOF_NOT_CONFIGURED, &error);
    }
    /* Longer than it says it is. */
    library.mode = READS;
    config.read_at_bytes = library.size + 1;
    ANSWERS(patchproof_open(&config, &updater, &error), PATCHPROOF_NOT_CONFIGURED, &error);
    config.read_at_bytes = library.size;
    ANSWERS(patchproof_open(&config, &updater, &error), PATCHPROOF_OK, &error);
    (void)booted(updater);
    /* It turns bad while a patch is made: nothing is held against the patch. */
    library.mode = TOO_MANY;
    CHECK(patchproof_update(updater, NULL, &updated, &error) != PATCHPROOF_OK);
    CHECK(error.code != PATCHPROOF_BAD_PATCH);
    library.mode = SHORT;
    ANSWERS(patchproof_update(updater, NULL, &updated, &error), PATCHPROOF_OK, &error);
    CHECK(updated.outcome == PATCHPROOF_INSTALLED);
    ANSWERS(patchproof_close(updater), PATCHPROOF_OK, &error);
    free(library.bytes);
    return 0;
}
