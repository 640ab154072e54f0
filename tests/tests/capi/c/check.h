/* What the C tests share: a check that ends the program, and a config that works. */
#ifndef CHECK_H
#define CHECK_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "patchproof.h"

#define CHECK(what)                                                                    \
    do {                                                                               \
        if (!(what)) {                                                                 \
            fprintf(stderr, "%s:%d: not so: %s\n", __FILE__, __LINE__, #what);         \
            exit(1);                                                                   \
        }                                                                              \
    } while (0)

/* That a call answers `code`, and otherwise what it says. */
#define ANSWERS(call, expected, error)                                                 \
    do {                                                                               \
        int32_t found_ = (call);                                                       \
        if (found_ != (expected)) {                                                    \
            fprintf(stderr, "%s:%d: %s answers %d, expected %d: %s\n", __FILE__,       \
                    __LINE__, #call, (int)found_, (int)(expected), (error)->text);     \
            exit(1);                                                                   \
        }                                                                              \
    } while (0)

/* The arguments of every test program. */
struct world {
    const char *folder;
    const char *base;
    const char *settings;
};

static inline struct world the_world(int count, char **arguments)
{
    struct world world = {0};
    static char settings[512];
    CHECK(count >= 4);
    world.folder = arguments[1];
    world.base = arguments[2];
    snprintf(settings, sizeof settings, "app_id: an-app\nbase_url: %s\n", arguments[3]);
    world.settings = settings;
    return world;
}

static inline PatchproofConfig config_of(const struct world *world)
{
    PatchproofConfig config;
    memset(&config, 0, sizeof config);
    config.struct_bytes = sizeof config;
    config.folder = world->folder;
    config.library_path = world->base;
    config.settings = world->settings;
    config.release_version = "1.0.0+1";
    config.trust = PATCHPROOF_TRUST_SHOREBIRD;
    return config;
}

static inline PatchproofError no_error(void)
{
    PatchproofError error;
    memset(&error, 0, sizeof error);
    error.struct_bytes = sizeof error;
    return error;
}

static inline PatchproofUpdater opened(const struct world *world)
{
    PatchproofConfig config = config_of(world);
    PatchproofError error = no_error();
    PatchproofUpdater updater = 0;
    ANSWERS(patchproof_open(&config, &updater, &error), PATCHPROOF_OK, &error);
    CHECK(updater != 0);
    return updater;
}

static inline PatchproofBoot booted(PatchproofUpdater updater)
{
    PatchproofError error = no_error();
    PatchproofBoot boot;
    memset(&boot, 0, sizeof boot);
    boot.struct_bytes = sizeof boot;
    ANSWERS(patchproof_begin_boot(updater, NULL, 0, &boot, &error), PATCHPROOF_OK, &error);
    return boot;
}

/* An address that no struct may have, within a block that is large enough for each. */
static inline void *misaligned(void)
{
    static union { long double align; unsigned char bytes[8192]; } block;
    return block.bytes + 1;
}

#endif
