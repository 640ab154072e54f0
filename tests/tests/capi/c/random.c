/* Both faces in random order with hostile arguments: whatever comes, each call answers, by a number
 * that the header knows.
 *
 *     random FOLDER BASE URL SEED CALLS */
#include "check.h"

static unsigned long long state;

static unsigned below(unsigned count)
{
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return (unsigned)((state >> 11) % count);
}

static char long_text[70000];

/* A text, of which most are wrong. `misaligned` is none: a text may lie anywhere. */
static const char *text(const char *good)
{
    static const char *const bad[] = {
        NULL, "", "\xff", "\xc0\xaf", "\xed\xa0\x80", "a\nb: c", "../..", "/dev/null/x", "%s%n",
        long_text,
    };
    unsigned choice = below(30);
    return choice < sizeof bad / sizeof *bad ? bad[choice] : good;
}

static void *place(void *good)
{
    switch (below(12)) {
    case 0: return NULL;
    case 1: return misaligned();
    default: return good;
    }
}

static uintptr_t size(uintptr_t good)
{
    switch (below(16)) {
    case 0: return 0;
    case 1: return (uintptr_t)-1;
    case 2: return good - 1;
    default: return good;
    }
}

static PatchproofUpdater updaters[4], last;

static PatchproofUpdater handle(void)
{
    switch (below(10)) {
    case 0: return 0;
    case 1: return ((PatchproofUpdater)below(4) << 32) | below(8);
    case 2: return last;
    case 3: return ~(PatchproofUpdater)below(1000);
    default: return updaters[below(4)];
    }
}

static int64_t read_lies(void *user_data, uint64_t offset, uint8_t *buffer, uintptr_t count)
{
    static const int64_t lies[] = {-1, 0, 1, INT64_MIN, INT64_MAX, 4096};
    (void)user_data;
    (void)offset;
    if (count > 0)
        memset(buffer, (int)below(256), 1);
    return lies[below(6)];
}

static int32_t cancelled(void *user_data)
{
    (void)user_data;
    return below(4) == 0 ? (int32_t)(below(5) - 2) : 0;
}

static void on_progress(void *user_data, const PatchproofProgress *progress)
{
    (void)user_data;
    (void)progress;
    if (below(6) == 0)
        patchproof_cancel(handle());
    if (below(10) == 0)
        patchproof_close(handle());
}

static int32_t open_one(const struct world *world, PatchproofError *error)
{
    PatchproofConfig config = config_of(world);
    unsigned at = below(4);
    int32_t code;
    PatchproofUpdater opened = 0;
    config.struct_bytes = size(sizeof config);
    if (below(2) == 0) {
        config.folder = text(world->folder);
        if (config.folder != world->folder && config.folder != NULL && config.folder[0] == '.')
            config.folder = world->folder;
        config.library_path = text(world->base);
        config.settings = text(world->settings);
        config.release_version = text("1.0.0+1");
        config.apk_entry = below(9) == 0 ? text("lib/x86_64/libapp.so") : NULL;
        config.trust = (int32_t)below(6) - 1;
        config.root = below(4) == 0 ? (const uint8_t *)"{}" : NULL;
        config.root_bytes = below(4) == 0 ? below(3) : 0;
        config.health_window_ms = below(3) == 0 ? ~(uint64_t)0 : 0;
        config.library_bytes_max = below(3) == 0 ? below(100) : 0;
        if (below(6) == 0) {
            config.library_path = NULL;
            config.read_at = read_lies;
            config.read_at_bytes = below(100000);
        }
    }
    /* The folder may be taken for a file name: never the empty one. */
    if (config.folder != NULL && (config.folder[0] == 0 || config.folder[0] == '%' ||
                                  config.folder == long_text || config.folder[0] == 'a'))
        config.folder = "/dev/null/x";
    code = patchproof_open(place(&config), place(&opened), error);
    if (code == PATCHPROOF_OK) {
        last = updaters[at];
        patchproof_close(last);
        updaters[at] = opened;
    }
    return code;
}

static int32_t native(const struct world *world)
{
    static PatchproofBootId id;
    PatchproofError some = no_error(), *error = place(&some);
    PatchproofExit exits[3] = {{1, 1}, {2, -7}, {(uint32_t)below(70000), (int32_t)below(9)}};
    PatchproofBoot boot = {size(sizeof boot), {{0}}, 0, NULL, 0, 0};
    PatchproofChecked checked = {size(sizeof checked), 0};
    PatchproofUpdated updated = {size(sizeof updated), 0, 0, 0};
    PatchproofSent sent = {size(sizeof sent), 0, 0, 0};
    PatchproofUpdateOptions options = {size(sizeof options), text(NULL), on_progress, cancelled,
                                       NULL};
    int64_t left;
    uint64_t number;
    int32_t automatic, code;
    char *json = NULL;
    unsigned index;
    some.struct_bytes = size(sizeof some);
    switch (below(16)) {
    case 0:
    case 1: return open_one(world, error);
    case 2: return below(3) == 0 ? patchproof_close(handle()) : PATCHPROOF_OK;
    case 3:
    case 4:
        code = patchproof_begin_boot(handle(), place(exits), below(4), place(&boot), error);
        if (code == PATCHPROOF_OK)
            id = boot.id;
        patchproof_free_string(boot.library_path);
        return code;
    case 5: return patchproof_report_first_frame(handle(), place(&id), place(&left), error);
    case 6:
        return patchproof_report_foreground(handle(), place(&id), state, place(&left), error);
    case 7: return patchproof_report_healthy(handle(), place(&id), error);
    case 8: return patchproof_report_failure(handle(), place(&id), text("why"), error);
    case 9: return patchproof_check(handle(), place(&options), place(&checked), error);
    case 10:
        for (index = 0; below(40) == 0 && index < sizeof id; index++)
            id.bytes[index] = (uint8_t)below(256);
        return patchproof_update(handle(), place(&options), place(&updated), error);
    case 11: return patchproof_send_events(handle(), place(&sent), error);
    case 12: return patchproof_next_number(handle(), place(&number), error);
    case 13: return patchproof_auto_update(handle(), place(&automatic), error);
    case 14:
        code = patchproof_diagnostics(handle(), place(&json), error);
        patchproof_free_string(json);
        return code;
    default: return below(8) == 0 ? patchproof_clear_bans(handle(), error) : PATCHPROOF_OK;
    }
}

static void compat(const struct world *world)
{
    const FileCallbacks no_files = {NULL, NULL, NULL, NULL};
    const char *paths[] = {text(world->base), text(world->base)};
    AppParameters parameters = {text("1.0.0+1"), place(paths), (int)below(4) - 1,
                                below(8) == 0 ? NULL : world->folder, text(world->folder)};
    const UpdateResult *result;
    if (parameters.original_libapp_paths_size > 2)
        parameters.original_libapp_paths_size = 2;
    switch (below(14)) {
    case 0: shorebird_init(place(&parameters), no_files, text(world->settings)); break;
    case 1: shorebird_free_string(shorebird_next_boot_patch_path()); break;
    case 2: shorebird_next_boot_patch_number(); break;
    case 3: shorebird_current_boot_patch_number(); break;
    case 4: shorebird_validate_next_boot_patch(); break;
    case 5: shorebird_report_launch_start(); break;
    case 6: shorebird_report_launch_success(); break;
    case 7: shorebird_report_launch_failure(); break;
    case 8: shorebird_check_for_downloadable_update(text(NULL)); break;
    case 9: shorebird_check_for_update(); break;
    case 10: shorebird_should_auto_update(); break;
    case 11: shorebird_set_restart_handler(NULL); break;
    case 12: CHECK(!shorebird_restart_app()); break;
    default:
        result = shorebird_update_with_result(text(NULL));
        CHECK(result != NULL && result->message != NULL);
        CHECK(result->status >= -1 && result->status <= 4);
        shorebird_free_update_result((UpdateResult *)result);
    }
}

int main(int count, char **arguments)
{
    struct world world = the_world(count, arguments);
    long calls, done, fine = 0;
    CHECK(count >= 6);
    state = strtoull(arguments[4], NULL, 10) * 0x9e3779b97f4a7c15ULL + 1;
    calls = atol(arguments[5]);
    memset(long_text, 'x', sizeof long_text - 1);
    for (done = 0; done < calls; done++) {
        if (below(4) == 0) {
            compat(&world);
        } else {
            int32_t code = native(&world);
            CHECK(code >= PATCHPROOF_OK && code < PATCHPROOF_BUG);
            fine += code == PATCHPROOF_OK;
        }
    }
    for (done = 0; done < 4; done++)
        patchproof_close(updaters[done]);
    /* A test whose calls are all refused shows nothing. */
    CHECK(fine * 10 > calls);
    return 0;
}
