/* An app whose engine is the real Dart VM: one run is one process of it. Each act says what came of
 * it in a line.
 *
 *     host FOLDER BASE URL RUNTIME EXITS ACT...
 *
 * EXITS is `-`, or `PROCESS:REASON` of an earlier process, as a platform would tell it. */
#include <dirent.h>
#include <malloc.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "patchproof.h"

static const char *base, *runtime;
static PatchproofUpdater updater;
static PatchproofBoot boot;
static int halts_at;

static PatchproofError no_error(void)
{
    PatchproofError error;
    memset(&error, 0, sizeof error);
    error.struct_bytes = sizeof error;
    return error;
}

static void must(int32_t code, const PatchproofError *error)
{
    if (code != PATCHPROOF_OK) {
        printf("error %d %s\n", (int)code, error->text);
        exit(1);
    }
}

static void halt(void)
{
    printf("halted\n");
    fflush(stdout);
    for (;;)
        pause();
}

static void on_progress(void *user_data, const PatchproofProgress *progress)
{
    (void)user_data;
    if (progress->phase == halts_at)
        halt();
}

static void open_updater(const char *folder, const char *url)
{
    static char settings[512];
    PatchproofError error = no_error();
    PatchproofConfig config;
    snprintf(settings, sizeof settings, "app_id: an-app\nbase_url: %s\n", url);
    memset(&config, 0, sizeof config);
    config.struct_bytes = sizeof config;
    config.folder = folder;
    config.library_path = base;
    config.settings = settings;
    config.release_version = "1.0.0+1";
    config.trust = PATCHPROOF_TRUST_SHOREBIRD;
    must(patchproof_open(&config, &updater, &error), &error);
}

static void begin_boot(const char *exits)
{
    PatchproofError error = no_error();
    PatchproofExit exited = {0, 0};
    size_t count = sscanf(exits, "%u:%d", &exited.process, &exited.reason) == 2;
    patchproof_free_string(boot.library_path);
    memset(&boot, 0, sizeof boot);
    boot.struct_bytes = sizeof boot;
    must(patchproof_begin_boot(updater, &exited, count, &boot, &error), &error);
}

/* Runs what is booted in the real VM: its exit code, as a shell says it, and its first line. */
static int run_vm(char *line, size_t size)
{
    int ends[2], status = 0;
    FILE *said;
    pid_t child;
    char rest[4096];
    const char *library = boot.library_path != NULL ? boot.library_path : base;

    if (pipe(ends) != 0 || (child = fork()) < 0)
        exit(3);
    if (child == 0) {
        dup2(ends[1], 1);
        dup2(ends[1], 2);
        close(ends[0]);
        close(ends[1]);
        execl(runtime, runtime, library, "--version", (char *)NULL);
        _exit(127);
    }
    close(ends[1]);
    said = fdopen(ends[0], "r");
    line[0] = 0;
    while (fgets(rest, sizeof rest, said) != NULL)
        if (line[0] == 0)
            snprintf(line, size, "%.200s", rest);
    fclose(said);
    waitpid(child, &status, 0);
    line[strcspn(line, " \n")] = 0;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

static int update(void)
{
    PatchproofError error = no_error();
    PatchproofUpdated updated = {sizeof updated, 0, 0, 0};
    PatchproofUpdateOptions options = {sizeof options, NULL, on_progress, NULL, NULL};
    int32_t code = patchproof_update(updater, &options, &updated, &error);
    if (code != PATCHPROOF_OK) {
        printf("update fails %d %s\n", (int)code, error.text);
        return -1;
    }
    return updated.outcome;
}

/* Of what was freed the allocator keeps some, more or less by how its threads met: a library's size.
 * What is counted is what is held. */
static long resident_kib(void)
{
    long pages = 0, resident = 0;
    FILE *file;
    malloc_trim(0);
    file = fopen("/proc/self/statm", "r");
    if (file == NULL || fscanf(file, "%ld %ld", &pages, &resident) != 2)
        exit(3);
    fclose(file);
    return resident * (sysconf(_SC_PAGESIZE) / 1024);
}

static int open_files(void)
{
    int count = 0;
    DIR *folder = opendir("/proc/self/fd");
    if (folder == NULL)
        exit(3);
    while (readdir(folder) != NULL)
        count++;
    closedir(folder);
    return count;
}

/* Starts, updates and boots, again and again: what memory and open files come to in between. */
static void soak(const char *folder, const char *url, long cycles, int with_vm)
{
    long cycle, installed = 0, patches = 0;
    PatchproofError error = no_error();
    char line[256];
    for (cycle = 1; cycle <= cycles; cycle++) {
        patchproof_close(updater);
        open_updater(folder, url);
        begin_boot("-");
        patches += boot.number > 0;
        if (with_vm && run_vm(line, sizeof line) != 0) {
            printf("the VM fails at %s\n", boot.library_path);
            exit(1);
        }
        must(patchproof_report_healthy(updater, &boot.id, &error), &error);
        installed += update() == PATCHPROOF_INSTALLED;
        if (cycle == cycles / 2 || cycle == cycles)
            printf("cycle %ld resident_kib %ld files %d installed %ld patches %ld\n", cycle,
                   resident_kib(), open_files(), installed, patches);
    }
}

int main(int count, char **arguments)
{
    PatchproofError error = no_error();
    int index;
    char line[256];

    if (count < 6)
        return 2;
    base = arguments[2];
    runtime = arguments[4];
    printf("process %d\n", (int)getpid());
    open_updater(arguments[1], arguments[3]);
    begin_boot(arguments[5]);
    printf("boots %llu\n", (unsigned long long)boot.number);
    fflush(stdout);
    for (index = 6; index < count; index++) {
        const char *act = arguments[index];
        if (strcmp(act, "vm") == 0) {
            int code = run_vm(line, sizeof line);
            printf("vm %d %s\n", code, code == 0 ? line : "");
        } else if (strcmp(act, "engine") == 0) {
            /* The engine is in this process: it ends as its VM does. */
            int code = run_vm(line, sizeof line);
            printf("vm %d %s\n", code, code == 0 ? line : "");
            fflush(stdout);
            if (code != 0)
                abort();
        } else if (strcmp(act, "healthy") == 0) {
            must(patchproof_report_healthy(updater, &boot.id, &error), &error);
        } else if (strcmp(act, "failure") == 0) {
            must(patchproof_report_failure(updater, &boot.id, "the VM fails", &error), &error);
        } else if (strcmp(act, "update") == 0) {
            int outcome = update();
            if (outcome >= 0)
                printf("update %d\n", outcome);
        } else if (strcmp(act, "halt") == 0) {
            halt();
        } else if (strncmp(act, "halt=", 5) == 0) {
            halts_at = atoi(act + 5);
        } else if (strncmp(act, "soak=", 5) == 0) {
            soak(arguments[1], arguments[3], atol(act + 5), 0);
        } else if (strncmp(act, "soak_vm=", 8) == 0) {
            soak(arguments[1], arguments[3], atol(act + 8), 1);
        } else {
            printf("no such act: %s\n", act);
            return 2;
        }
        fflush(stdout);
    }
    patchproof_free_string(boot.library_path);
    patchproof_close(updater);
    return 0;
}
