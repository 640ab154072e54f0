/* A program that runs its code out of a library which updates itself, over the native face.
 *
 *     cc native.c -lpatchproof -o native
 *     ./native FOLDER LIBRARY shorebird.yaml VERSION RUNTIME [ARGUMENT...]
 *
 * RUNTIME is what runs the code, such as Dart's dartaotruntime: it is started as `RUNTIME LIBRARY
 * [ARGUMENT...]`. One run of this program is one process of the app. */
#include <patchproof.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* Runs the library, and says how that ended: 0 is well. */
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

static char *read_text(const char *path)
{
    static char text[64 << 10];
    FILE *file = fopen(path, "rb");
    if (file == NULL)
        return NULL;
    text[fread(text, 1, sizeof text - 1, file)] = 0;
    fclose(file);
    return text;
}

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
    if (ended == 0)
        patchproof_report_healthy(updater, &boot.id, NULL);
    else if (patchproof_report_failure(updater, &boot.id, "the runtime failed", &error))
        fprintf(stderr, "not reported: %s\n", error.text);
    patchproof_free_string(boot.library_path);

    /* What the next start boots. */
    if (patchproof_update(updater, &options, &updated, &error) != PATCHPROOF_OK)
        fprintf(stderr, "no update: %s\n", error.text);
    else if (updated.outcome == PATCHPROOF_INSTALLED)
        printf("patch %llu boots at the next start\n", (unsigned long long)updated.number);
    patchproof_close(updater);
    return ended;
}
