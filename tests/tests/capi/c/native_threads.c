/* Many threads do everything to a few updaters at once: open, boot, report, ask, update, cancel,
 * close. What each call answers depends on the others; that it answers does not. */
#include "threads.h"

#define UPDATERS 3

static struct world world;
static PatchproofUpdater updaters[UPDATERS];
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int rounds;

static PatchproofUpdater one_of(unsigned *seed)
{
    PatchproofUpdater updater;
    pthread_mutex_lock(&lock);
    updater = updaters[rand_r(seed) % UPDATERS];
    pthread_mutex_unlock(&lock);
    return updater;
}

static void replace_one(unsigned *seed)
{
    PatchproofConfig config = config_of(&world);
    PatchproofUpdater opened = 0, old;
    int place = rand_r(seed) % UPDATERS;
    if (patchproof_open(&config, &opened, NULL) != PATCHPROOF_OK)
        return;
    pthread_mutex_lock(&lock);
    old = updaters[place];
    updaters[place] = opened;
    pthread_mutex_unlock(&lock);
    patchproof_close(old);
}

static void *work(void *argument)
{
    unsigned seed = (unsigned)(size_t)argument;
    PatchproofBoot boot;
    PatchproofBootId id = {{0}};
    PatchproofChecked checked = {sizeof checked, 0};
    PatchproofSent sent = {sizeof sent, 0, 0, 0};
    uint64_t number;
    char *json;
    int round;
    for (round = 0; round < rounds; round++) {
        PatchproofUpdater updater = one_of(&seed);
        PatchproofError error = no_error();
        int32_t code = PATCHPROOF_OK;
        switch (rand_r(&seed) % 12) {
        case 0: replace_one(&seed); break;
        case 1:
        case 2:
            memset(&boot, 0, sizeof boot);
            boot.struct_bytes = sizeof boot;
            code = patchproof_begin_boot(updater, NULL, 0, &boot, &error);
            id = boot.id;
            patchproof_free_string(boot.library_path);
            break;
        case 3: code = patchproof_report_first_frame(updater, &id, NULL, &error); break;
        case 4: code = patchproof_report_healthy(updater, &id, &error); break;
        case 5: code = patchproof_check(updater, NULL, &checked, &error); break;
        case 6:
        case 7: code = patchproof_update(updater, NULL, NULL, &error); break;
        case 8: code = patchproof_cancel(updater); break;
        case 9:
            json = NULL;
            code = patchproof_diagnostics(updater, &json, &error);
            patchproof_free_string(json);
            break;
        case 10: code = patchproof_send_events(updater, &sent, &error); break;
        default: code = patchproof_next_number(updater, &number, &error); break;
        }
        if (code == PATCHPROOF_BUG || code == PATCHPROOF_BAD_ARGUMENT) {
            fprintf(stderr, "thread %zu, round %d: %d %s\n", (size_t)argument, round, (int)code,
                    error.text);
            exit(1);
        }
    }
    return NULL;
}

int main(int count, char **arguments)
{
    size_t index;
    world = the_world(count, arguments);
    rounds = atoi(arguments[4]);
    for (index = 0; index < UPDATERS; index++)
        updaters[index] = opened(&world);
    run_threads(work);
    for (index = 0; index < UPDATERS; index++)
        CHECK(patchproof_close(updaters[index]) == PATCHPROOF_OK);
    return 0;
}
