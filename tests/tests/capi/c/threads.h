/* Many threads at once, each with a number of its own. */
#ifndef THREADS_H
#define THREADS_H

#include <pthread.h>

#include "check.h"

#define THREADS 8

/* Runs `work` in every thread, from 1 on, and waits for all of them. */
static void run_threads(void *(*work)(void *))
{
    pthread_t threads[THREADS];
    size_t index;
    for (index = 0; index < THREADS; index++)
        CHECK(pthread_create(&threads[index], NULL, work, (void *)(index + 1)) == 0);
    for (index = 0; index < THREADS; index++)
        CHECK(pthread_join(threads[index], NULL) == 0);
}

#endif
