/* The same over Shorebird's functions alone, in the order in which its engine calls them.
 *
 *     cc compat.c -lpatchproof -o compat
 *     ./compat FOLDER LIBRARY shorebird.yaml VERSION RUNTIME [ARGUMENT...] */
#include <patchproof.h>

#include <stdio.h>

#include "runtime.h"

int main(int count, char **arguments)
{
    /* Read by an engine on iOS, whose library is no file. */
    FileCallbacks no_files = {NULL, NULL, NULL, NULL};
    const UpdateResult *result;
    char *path = NULL;
    int ended;

    if (count < 6) {
        fprintf(stderr, "usage: compat FOLDER LIBRARY SETTINGS VERSION RUNTIME [ARGUMENT...]\n");
        return 2;
    }
    const char *libraries[] = {arguments[2]};
    AppParameters parameters = {
        .release_version = arguments[4],
        .original_libapp_paths = libraries,
        .original_libapp_paths_size = 1,
        .app_storage_dir = arguments[1],
        .code_cache_dir = arguments[1],
    };
    if (shorebird_init(&parameters, no_files, read_text(arguments[3]))) {
        shorebird_validate_next_boot_patch();
        path = shorebird_next_boot_patch_path();
    }
    printf("boots %s\n", path != NULL ? "a patch" : "as it was shipped");
    fflush(stdout);
    shorebird_report_launch_start();
    ended = run(arguments[5], path != NULL ? path : arguments[2], arguments + 4);
    if (ended == 0)
        shorebird_report_launch_success();
    else
        shorebird_report_launch_failure();
    shorebird_free_string(path);

    if (shorebird_should_auto_update()) {
        result = shorebird_update_with_result(NULL);
        printf("update %d: %s\n", (int)result->status, result->message);
        shorebird_free_update_result((UpdateResult *)result);
    }
    printf("runs %zu, next is %zu\n", (size_t)shorebird_current_boot_patch_number(),
           (size_t)shorebird_next_boot_patch_number());
    return ended;
}
