/* What both examples do beside the library: read a text, and run the code of the app. */
#ifndef RUNTIME_H
#define RUNTIME_H

#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

/* What a file says; NULL where it cannot be read. */
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

#endif
