/* A program that runs its code out of a library which updates itself, over the native face.
 *
 *     cc native.c -lpatchproof -o native
 *     ./native FOLDER LIBRARY shorebird.yaml VERSION RUNTIME [ARGUMENT...]
 *
 * RUNTIME is what runs the code, such as Dart's dartaotruntime: it is started as `RUNTIME LIBRARY
 * [ARGUMENT...]`. One run of this program is one process of the app. */
#include <patchproof.h>

#include <stdio.h>

#include "runtime.h"

static void on_progress(void *user_data, const PatchproofProgress *progress)
{
    (void)user_data;
    if (progress->phase == PATCHPROOF_PHASE_INSTALLING)
        puts("installing");
}

int main(int count, char **arguments)
{
    PatchproofError error = {.struct_bytes = sizeof error};
    PatchproofBoot boot = {.struct_bytes = sizeof boot};
    PatchproofUpdated updated = {.struct_bytes = sizeof updated};
    PatchproofUpdateOptions options = {.struct_bytes = sizeof options, .on_progress = on_progress};
    PatchproofUpdater updater;
    char *library;
    int32_t told;
    int ended;

    if (count < 6) {
        fprintf(stderr, "usage: native FOLDER LIBRARY SETTINGS VERSION RUNTIME [ARGUMENT...]\n");
        return 2;
    }
    PatchproofConfig config = {
        .struct_bytes = sizeof config,
        .folder = arguments[1],
        .library_path = arguments[2],
        .settings = read_text(arguments[3]),
        .release_version = arguments[4],
        .trust = PATCHPROOF_TRUST_SHOREBIRD,
    };
    /* Without an updater the app runs as it was shipped. */
    if (patchproof_open(&config, &updater, &error) != PATCHPROOF_OK) {
        fprintf(stderr, "no updates: %s\n", error.text);
        return run(arguments[5], arguments[2], arguments + 4);
    }
    /* Before the engine starts: what it loads. */
    if (patchproof_begin_boot(updater, NULL, 0, &boot, &error) != PATCHPROOF_OK)
        fprintf(stderr, "boots as it was shipped: %s\n", error.text);
    library = boot.library_path != NULL ? boot.library_path : arguments[2];
    printf("boots patch %llu\n", (unsigned long long)boot.number);
    fflush(stdout);
    ended = run(arguments[5], library, arguments + 4);

    /* What became of it. */
    told = ended == 0 ? patchproof_report_healthy(updater, &boot.id, &error)
                      : patchproof_report_failure(updater, &boot.id, "it failed", &error);
    if (told != PATCHPROOF_OK)
        fprintf(stderr, "not reported: %s\n", error.text);
    patchproof_free_string(boot.library_path);

    /* What the next start boots. */
    if (patchproof_update(updater, &options, &updated, &error) != PATCHPROOF_OK)
        fprintf(stderr, "no update: %s\n", error.text);
    else if (updated.outcome == PATCHPROOF_INSTALLED)
        printf("patch %llu boots at the next start\n", (unsigned long long)updated.number);
    if (patchproof_close(updater) != PATCHPROOF_OK)
        fprintf(stderr, "not closed\n");
    return ended;
}
