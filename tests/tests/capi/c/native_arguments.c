/* Every argument of the native face that can be wrong and be seen, one at a time. */
#include "check.h"

static void refused_config(const struct world *world, PatchproofConfig config)
{
    PatchproofError error = no_error();
    PatchproofUpdater updater = 77;
    (void)world;
    ANSWERS(patchproof_open(&config, &updater, &error), PATCHPROOF_BAD_ARGUMENT, &error);
    CHECK(updater == 0);
    CHECK(error.code == PATCHPROOF_BAD_ARGUMENT);
    CHECK(error.at_fault == PATCHPROOF_FAULT_APP);
    CHECK(strlen(error.text) > 10);
}

static void wrong_configs(const struct world *world)
{
    PatchproofConfig good = config_of(world), config;
    PatchproofUpdater updater = 77;
    PatchproofError error = no_error();
    static char endless[128 << 10];

    ANSWERS(patchproof_open(NULL, &updater, &error), PATCHPROOF_BAD_ARGUMENT, &error);
    CHECK(updater == 0);
    ANSWERS(patchproof_open(&good, NULL, &error), PATCHPROOF_BAD_ARGUMENT, &error);
    ANSWERS(patchproof_open(misaligned(), &updater, &error), PATCHPROOF_BAD_ARGUMENT, &error);
    ANSWERS(patchproof_open(&good, misaligned(), &error), PATCHPROOF_BAD_ARGUMENT, &error);
    CHECK(patchproof_open(NULL, NULL, NULL) == PATCHPROOF_BAD_ARGUMENT);
    CHECK(patchproof_open(NULL, NULL, misaligned()) == PATCHPROOF_BAD_ARGUMENT);

    config = good; config.struct_bytes = 0; refused_config(world, config);
    config = good; config.struct_bytes = sizeof config - 1; refused_config(world, config);
    config = good; config.struct_bytes = (uintptr_t)-1; refused_config(world, config);
    config = good; config.folder = NULL; refused_config(world, config);
    config = good; config.settings = NULL; refused_config(world, config);
    config = good; config.release_version = NULL; refused_config(world, config);
    config = good; config.library_path = NULL; refused_config(world, config);
    config = good; config.library_path = NULL; config.apk_entry = "e"; refused_config(world, config);
    config = good; config.folder = "\xff\xfe"; refused_config(world, config);
    config = good; config.settings = "app_id: \xc3\x28"; refused_config(world, config);
    config = good; config.release_version = "\x80"; refused_config(world, config);
    config = good; config.library_path = "\xed\xa0\x80"; refused_config(world, config);
    config = good; config.trust = 0; refused_config(world, config);
    config = good; config.trust = -1; refused_config(world, config);
    config = good; config.trust = 2147483647; refused_config(world, config);
    config = good; config.reserved = 1; refused_config(world, config);
    config = good; config.root_bytes = 3; refused_config(world, config);
    config = good; config.root = (const uint8_t *)"{}"; config.root_bytes = 2;
    refused_config(world, config);
    config = good; config.root = (const uint8_t *)"{}"; config.root_bytes = (uintptr_t)-1;
    refused_config(world, config);
    memset(endless, 'a', sizeof endless);
    config = good; config.release_version = endless; refused_config(world, config);
}

/* Arguments that are well-formed and describe an app that cannot be. */
static void impossible_apps(const struct world *world)
{
    PatchproofConfig good = config_of(world), config;
    PatchproofUpdater updater;
    PatchproofError error = no_error();

    config = good; config.library_path = "/there/is/no/such/file";
    ANSWERS(patchproof_open(&config, &updater, &error), PATCHPROOF_NOT_CONFIGURED, &error);
    config = good; config.settings = "no: app";
    ANSWERS(patchproof_open(&config, &updater, &error), PATCHPROOF_NOT_CONFIGURED, &error);
    config = good; config.release_version = "";
    ANSWERS(patchproof_open(&config, &updater, &error), PATCHPROOF_NOT_CONFIGURED, &error);
    config = good; config.trust = PATCHPROOF_TRUST_STATEMENTS_IN_FILES;
    ANSWERS(patchproof_open(&config, &updater, &error), PATCHPROOF_NOT_CONFIGURED, &error);
    config = good; config.apk_entry = "lib/arm64-v8a/libapp.so";
    ANSWERS(patchproof_open(&config, &updater, &error), PATCHPROOF_NOT_CONFIGURED, &error);
    config = good; config.folder = "/dev/null/folder";
    ANSWERS(patchproof_open(&config, &updater, &error), PATCHPROOF_DEVICE_FAILED, &error);
    CHECK(error.at_fault == PATCHPROOF_FAULT_DEVICE);
}

/* A caller of a later header: what it asks for and we do not know is refused, unless it is 0. */
static void other_versions(const struct world *world)
{
    struct { PatchproofConfig config; uint64_t more[4]; } later;
    PatchproofUpdater updater = 0;
    PatchproofError error = no_error();
    memset(&later, 0, sizeof later);
    later.config = config_of(world);
    later.config.struct_bytes = sizeof later;
    ANSWERS(patchproof_open(&later.config, &updater, &error), PATCHPROOF_OK, &error);
    ANSWERS(patchproof_close(updater), PATCHPROOF_OK, &error);
    later.more[3] = 1;
    ANSWERS(patchproof_open(&later.config, &updater, &error), PATCHPROOF_BAD_ARGUMENT, &error);
    /* An error struct that is too small is not written to. */
    error = no_error();
    error.struct_bytes = 8;
    CHECK(patchproof_open(NULL, NULL, &error) == PATCHPROOF_BAD_ARGUMENT);
    CHECK(error.code == 0 && error.text[0] == 0);
}

static void stale_handles(PatchproofUpdater stale)
{
    PatchproofError error = no_error();
    PatchproofBootId id = {{0}};
    PatchproofBoot boot = {sizeof boot, {{0}}, 0, NULL, 0, 0};
    PatchproofChecked checked = {sizeof checked, 0};
    PatchproofUpdated updated = {sizeof updated, 0, 0, 0};
    PatchproofSent sent = {sizeof sent, 0, 0, 0};
    int64_t left;
    uint64_t number;
    int32_t automatic;
    char *json = NULL;
    const int32_t bad = PATCHPROOF_BAD_HANDLE;

    ANSWERS(patchproof_begin_boot(stale, NULL, 0, &boot, &error), bad, &error);
    CHECK(boot.library_path == NULL);
    ANSWERS(patchproof_report_first_frame(stale, &id, &left, &error), bad, &error);
    ANSWERS(patchproof_report_foreground(stale, &id, 1, &left, &error), bad, &error);
    ANSWERS(patchproof_report_healthy(stale, &id, &error), bad, &error);
    ANSWERS(patchproof_report_failure(stale, &id, "why", &error), bad, &error);
    ANSWERS(patchproof_check(stale, NULL, &checked, &error), bad, &error);
    ANSWERS(patchproof_update(stale, NULL, &updated, &error), bad, &error);
    ANSWERS(patchproof_send_events(stale, &sent, &error), bad, &error);
    ANSWERS(patchproof_next_number(stale, &number, &error), bad, &error);
    ANSWERS(patchproof_auto_update(stale, &automatic, &error), bad, &error);
    ANSWERS(patchproof_diagnostics(stale, &json, &error), bad, &error);
    CHECK(json == NULL);
    ANSWERS(patchproof_clear_bans(stale, &error), bad, &error);
    ANSWERS(patchproof_cancel(stale), bad, &error);
    ANSWERS(patchproof_close(stale), bad, &error);
}

static void wrong_calls(PatchproofUpdater updater)
{
    PatchproofError error = no_error();
    PatchproofBootId id = {{0}};
    PatchproofBoot boot = {sizeof boot, {{0}}, 0, NULL, 0, 0};
    PatchproofExit exit_of = {1, 99};
    PatchproofUpdateOptions options = {sizeof options, NULL, NULL, NULL, NULL};
    PatchproofChecked checked = {sizeof checked, 0};
    const int32_t bad = PATCHPROOF_BAD_ARGUMENT, order = PATCHPROOF_WRONG_ORDER;

    /* Before a boot there is none to speak of. */
    ANSWERS(patchproof_report_first_frame(updater, &id, NULL, &error), order, &error);
    ANSWERS(patchproof_report_foreground(updater, &id, 1, NULL, &error), order, &error);
    ANSWERS(patchproof_report_healthy(updater, &id, &error), order, &error);
    ANSWERS(patchproof_report_failure(updater, &id, "why", &error), order, &error);

    ANSWERS(patchproof_begin_boot(updater, NULL, 1, &boot, &error), bad, &error);
    ANSWERS(patchproof_begin_boot(updater, misaligned(), 1, &boot, &error), bad, &error);
    ANSWERS(patchproof_begin_boot(updater, &exit_of, (uintptr_t)-1, &boot, &error), bad, &error);
    ANSWERS(patchproof_begin_boot(updater, NULL, 0, NULL, &error), bad, &error);
    ANSWERS(patchproof_begin_boot(updater, NULL, 0, misaligned(), &error), bad, &error);
    boot.struct_bytes = 4;
    ANSWERS(patchproof_begin_boot(updater, NULL, 0, &boot, &error), bad, &error);
    boot.struct_bytes = sizeof boot;
    /* A reason that nobody knows is unknown. */
    ANSWERS(patchproof_begin_boot(updater, &exit_of, 1, &boot, &error), PATCHPROOF_OK, &error);
    CHECK(boot.number == 0 && boot.library_path == NULL && boot.guarded == 1);

    /* Another boot than this one. */
    memset(&id, 0xff, sizeof id);
    ANSWERS(patchproof_report_healthy(updater, &id, &error), order, &error);
    ANSWERS(patchproof_report_healthy(updater, NULL, &error), bad, &error);
    ANSWERS(patchproof_report_first_frame(updater, NULL, NULL, &error), bad, &error);
    ANSWERS(patchproof_report_first_frame(updater, &boot.id, misaligned(), &error), bad, &error);
    ANSWERS(patchproof_report_foreground(updater, NULL, 1, NULL, &error), bad, &error);
    ANSWERS(patchproof_report_failure(updater, &boot.id, NULL, &error), bad, &error);
    ANSWERS(patchproof_report_failure(updater, &boot.id, "\xff", &error), bad, &error);
    ANSWERS(patchproof_report_failure(updater, NULL, "why", &error), bad, &error);

    ANSWERS(patchproof_check(updater, NULL, NULL, &error), bad, &error);
    ANSWERS(patchproof_check(updater, misaligned(), &checked, &error), bad, &error);
    options.struct_bytes = 1;
    ANSWERS(patchproof_update(updater, &options, NULL, &error), bad, &error);
    options.struct_bytes = sizeof options;
    options.channel = "";
    ANSWERS(patchproof_update(updater, &options, NULL, &error), bad, &error);
    options.channel = "\xff";
    ANSWERS(patchproof_check(updater, &options, &checked, &error), bad, &error);
    ANSWERS(patchproof_update(updater, NULL, misaligned(), &error), bad, &error);
    ANSWERS(patchproof_send_events(updater, misaligned(), &error), bad, &error);
    ANSWERS(patchproof_next_number(updater, NULL, &error), bad, &error);
    ANSWERS(patchproof_auto_update(updater, NULL, &error), bad, &error);
    ANSWERS(patchproof_diagnostics(updater, NULL, &error), bad, &error);
    ANSWERS(patchproof_diagnostics(updater, misaligned(), &error), bad, &error);
    patchproof_free_string(NULL);
}

static void fine_calls(PatchproofUpdater updater)
{
    PatchproofError error = no_error();
    char *json = NULL;
    uint64_t number = 77;
    int32_t automatic = 77;
    int64_t left = 77;
    PatchproofBoot boot = booted(updater);

    ANSWERS(patchproof_diagnostics(updater, &json, &error), PATCHPROOF_OK, &error);
    CHECK(json != NULL && json[0] == '{' && strstr(json, "an-app") != NULL);
    patchproof_free_string(json);
    ANSWERS(patchproof_next_number(updater, &number, &error), PATCHPROOF_OK, &error);
    ANSWERS(patchproof_auto_update(updater, &automatic, &error), PATCHPROOF_OK, &error);
    CHECK(number == 0 && automatic == 1);
    ANSWERS(patchproof_report_first_frame(updater, &boot.id, &left, &error), PATCHPROOF_OK, &error);
    CHECK(left == 10000);
    ANSWERS(patchproof_report_foreground(updater, &boot.id, 10000, &left, NULL), PATCHPROOF_OK,
            &error);
    CHECK(left == -1);
    ANSWERS(patchproof_clear_bans(updater, &error), PATCHPROOF_OK, &error);
    CHECK(patchproof_abi_version() == PATCHPROOF_ABI_VERSION);
    CHECK(strlen(patchproof_version()) >= 5);
}

int main(int count, char **arguments)
{
    struct world world = the_world(count, arguments);
    PatchproofUpdater updater;
    PatchproofError error = no_error();

    wrong_configs(&world);
    impossible_apps(&world);
    other_versions(&world);
    updater = opened(&world);
    wrong_calls(updater);
    fine_calls(updater);
    ANSWERS(patchproof_close(updater), PATCHPROOF_OK, &error);
    stale_handles(updater);
    stale_handles(0);
    stale_handles(1);
    stale_handles((PatchproofUpdater)-1);
    /* The place is taken again, the number is not. */
    CHECK(opened(&world) != updater);
    stale_handles(updater);
    return 0;
}
