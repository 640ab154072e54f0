/* The same over Shorebird's functions alone, in the order in which its engine calls them.
 *
 *     cc compat.c -lpatchproof -o compat
 *     ./compat FOLDER LIBRARY shorebird.yaml VERSION RUNTIME [ARGUMENT...] */
#include <patchproof.h>

#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

static int run(char *runtime, char *library, char **arguments)
{
    int status = -1;
    pid_t child = fork();
    if (child == 0) {
        arguments[0] = runtime;
        arguments[1] = library;
        execv(runtime, arguments);
        _exit(127);
    }
    if (child < 0 || waitpid(child, &status, 0) < 0)
        return -1;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

int main(int count, char **arguments)
{
    static char settings[64 << 10];
    /* Read by an engine on iOS, whose library is no file. */
    FileCallbacks no_files = {NULL, NULL, NULL, NULL};
    const UpdateResult *result;
    char *path = NULL;
    FILE *file;
    int ended;

    if (count < 6 || (file = fopen(arguments[3], "rb")) == NULL) {
        fprintf(stderr, "usage: compat FOLDER LIBRARY SETTINGS VERSION RUNTIME [ARGUMENT...]\n");
        return 2;
    }
    settings[fread(settings, 1, sizeof settings - 1, file)] = 0;
    fclose(file);

    const char *libraries[] = {arguments[2]};
    AppParameters parameters = {
        .release_version = arguments[4],
        .original_libapp_paths = libraries,
        .original_libapp_paths_size = 1,
        .app_storage_dir = arguments[1],
        .code_cache_dir = arguments[1],
    };
    if (shorebird_init(&parameters, no_files, settings)) {
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
