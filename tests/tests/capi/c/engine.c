/* An engine that does what it is told, over the compat face: each act says what came of it in a line.
 *
 *     engine FOLDER BASE URL ACT... */
#include <unistd.h>

#include "check.h"

static void act(const char *act)
{
    if (strcmp(act, "path") == 0) {
        char *path = shorebird_next_boot_patch_path();
        printf("path %s\n", path == NULL ? "NULL" : path);
        shorebird_free_string(path);
    } else if (strcmp(act, "next") == 0) {
        printf("next %lu\n", (unsigned long)shorebird_next_boot_patch_number());
    } else if (strcmp(act, "current") == 0) {
        printf("current %lu\n", (unsigned long)shorebird_current_boot_patch_number());
    } else if (strcmp(act, "validate") == 0) {
        shorebird_validate_next_boot_patch();
    } else if (strcmp(act, "start") == 0) {
        shorebird_report_launch_start();
    } else if (strcmp(act, "success") == 0) {
        shorebird_report_launch_success();
    } else if (strcmp(act, "failure") == 0) {
        shorebird_report_launch_failure();
    } else if (strcmp(act, "check") == 0) {
        printf("check %d\n", shorebird_check_for_update());
    } else if (strncmp(act, "check=", 6) == 0) {
        printf("check %d\n", shorebird_check_for_downloadable_update(act + 6));
    } else if (strncmp(act, "update", 6) == 0) {
        const char *channel = act[6] == '=' ? act + 7 : NULL;
        const UpdateResult *result = shorebird_update_with_result(channel);
        printf("update %d\n", (int)result->status);
        fprintf(stderr, "%s\n", result->message);
        shorebird_free_update_result((UpdateResult *)result);
    } else if (strcmp(act, "void_update") == 0) {
        shorebird_update();
    } else if (strcmp(act, "thread") == 0) {
        size_t before = shorebird_next_boot_patch_number();
        int tries;
        shorebird_start_update_thread();
        for (tries = 0; tries < 6000 && shorebird_next_boot_patch_number() == before; tries++)
            usleep(10000);
        /* The thread tidies up behind the install. */
        usleep(200000);
    } else if (strcmp(act, "begin") == 0) {
        shorebird_start_update_thread();
    } else if (strcmp(act, "stdin") == 0) {
        /* Goes on when it is told to. */
        printf("waiting\n");
        fflush(stdout);
        CHECK(getchar() != EOF);
    } else if (strcmp(act, "abort") == 0) {
        abort();
    } else {
        fprintf(stderr, "no such act: %s\n", act);
        exit(2);
    }
    fflush(stdout);
}

int main(int count, char **arguments)
{
    struct world world = the_world(count, arguments);
    const FileCallbacks no_files = {NULL, NULL, NULL, NULL};
    const char *paths[] = {world.base};
    AppParameters parameters = {"1.0.0+1", paths, 1, world.folder, world.folder};
    int index;

    CHECK(shorebird_init(&parameters, no_files, world.settings));
    for (index = 4; index < count; index++)
        act(arguments[index]);
    return 0;
}
