/* Shorebird's functions before there is an updater, and everything that makes none. */
#include "check.h"

static const FileCallbacks no_files = {NULL, NULL, NULL, NULL};

static void before_init(void)
{
    const UpdateResult *result;
    CHECK(shorebird_should_auto_update());
    CHECK(shorebird_current_boot_patch_number() == 0);
    CHECK(shorebird_next_boot_patch_number() == 0);
    CHECK(shorebird_next_boot_patch_path() == NULL);
    CHECK(!shorebird_check_for_update());
    CHECK(!shorebird_check_for_downloadable_update(NULL));
    CHECK(!shorebird_check_for_downloadable_update("beta"));
    CHECK(!shorebird_check_for_downloadable_update("\xff"));
    shorebird_validate_next_boot_patch();
    shorebird_report_launch_start();
    shorebird_report_launch_failure();
    shorebird_report_launch_success();
    shorebird_update();
    shorebird_free_string(NULL);
    shorebird_free_update_result(NULL);
    shorebird_set_restart_handler(NULL);
    CHECK(!shorebird_restart_app());
    result = shorebird_update_with_result(NULL);
    CHECK(result != NULL && result->status == SHOREBIRD_UPDATE_ERROR && result->message != NULL);
    shorebird_free_update_result((UpdateResult *)result);
    result = shorebird_update_with_result("\xff");
    CHECK(result != NULL && result->status == SHOREBIRD_UPDATE_ERROR && result->message != NULL);
    shorebird_free_update_result((UpdateResult *)result);
}

int main(int count, char **arguments)
{
    struct world world = the_world(count, arguments);
    const char *paths[] = {world.base, "/data/app/lib/arm64/libapp.so"};
    const char *bad_paths[] = {world.base, "\xff"};
    const char *null_paths[] = {NULL, NULL};
    const char *missing[] = {"/there/is/no/such/file"};
    char settings[512];
    AppParameters good = {"1.0.0+1", paths, 2, world.folder, world.folder}, bad;

    before_init();
    CHECK(!shorebird_init(NULL, no_files, NULL));
    CHECK(!shorebird_init(NULL, no_files, world.settings));
    CHECK(!shorebird_init(&good, no_files, NULL));
    CHECK(!shorebird_init(misaligned(), no_files, world.settings));
    CHECK(!shorebird_init(&good, no_files, "\xff"));
    CHECK(!shorebird_init(&good, no_files, "no app id"));
    CHECK(!shorebird_init(&good, no_files, "app_id: a\npatch_verification: sometimes\n"));
    CHECK(!shorebird_init(&good, no_files, "app_id: a\nauto_update: perhaps\n"));
    bad = good; bad.release_version = NULL; CHECK(!shorebird_init(&bad, no_files, world.settings));
    bad = good; bad.app_storage_dir = NULL; CHECK(!shorebird_init(&bad, no_files, world.settings));
    bad = good; bad.code_cache_dir = NULL; CHECK(!shorebird_init(&bad, no_files, world.settings));
    bad = good; bad.release_version = "\xff"; CHECK(!shorebird_init(&bad, no_files, world.settings));
    bad = good; bad.original_libapp_paths = NULL;
    CHECK(!shorebird_init(&bad, no_files, world.settings));
    bad = good; bad.original_libapp_paths_size = 0;
    CHECK(!shorebird_init(&bad, no_files, world.settings));
    bad = good; bad.original_libapp_paths_size = -1;
    CHECK(!shorebird_init(&bad, no_files, world.settings));
    bad = good; bad.original_libapp_paths = bad_paths;
    CHECK(!shorebird_init(&bad, no_files, world.settings));
    bad = good; bad.original_libapp_paths = null_paths;
    CHECK(!shorebird_init(&bad, no_files, world.settings));
    bad = good; bad.original_libapp_paths = missing; bad.original_libapp_paths_size = 1;
    CHECK(!shorebird_init(&bad, no_files, world.settings));
    before_init();

    /* The first one that holds, holds. */
    snprintf(settings, sizeof settings, "%sauto_update: false\n", world.settings);
    CHECK(shorebird_init(&good, no_files, settings));
    CHECK(!shorebird_should_auto_update());
    CHECK(!shorebird_init(&good, no_files, world.settings));
    CHECK(!shorebird_init(NULL, no_files, NULL));
    CHECK(!shorebird_should_auto_update());
    return 0;
}
