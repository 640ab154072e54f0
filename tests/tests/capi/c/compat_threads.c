/* Many threads call Shorebird's functions at once, in any order. */
#include "threads.h"

static struct world world;
static int rounds;

static void *work(void *argument)
{
    unsigned seed = (unsigned)(size_t)argument;
    const FileCallbacks no_files = {NULL, NULL, NULL, NULL};
    const char *paths[] = {world.base};
    AppParameters parameters = {"1.0.0+1", paths, 1, world.folder, world.folder};
    const UpdateResult *result;
    int round;
    for (round = 0; round < rounds; round++) {
        switch (rand_r(&seed) % 12) {
        case 0: shorebird_init(&parameters, no_files, world.settings); break;
        case 1: shorebird_free_string(shorebird_next_boot_patch_path()); break;
        case 2: CHECK(shorebird_next_boot_patch_number() <= 1); break;
        case 3: CHECK(shorebird_current_boot_patch_number() <= 1); break;
        case 4: shorebird_validate_next_boot_patch(); break;
        case 5: shorebird_report_launch_start(); break;
        case 6: shorebird_report_launch_success(); break;
        case 7: shorebird_report_launch_failure(); break;
        case 8: shorebird_check_for_update(); break;
        case 9: shorebird_update(); break;
        case 10: CHECK(shorebird_should_auto_update()); break;
        default:
            result = shorebird_update_with_result(rand_r(&seed) % 2 ? NULL : "beta");
            CHECK(result->message != NULL);
            shorebird_free_update_result((UpdateResult *)result);
        }
    }
    return NULL;
}

int main(int count, char **arguments)
{
    world = the_world(count, arguments);
    rounds = atoi(arguments[4]);
    run_threads(work);
    return 0;
}
