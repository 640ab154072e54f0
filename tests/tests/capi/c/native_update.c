/* From nothing to a patch that boots, with callbacks that are told, that lie and that interfere. The
 * server offers patch 1. */
#include "check.h"

struct told {
    PatchproofUpdater updater;
    int calls, asked, answer_from;
    int32_t answer;
    int phases;
    int interfere;
};

static void on_progress(void *user_data, const PatchproofProgress *progress)
{
    struct told *told = user_data;
    CHECK(progress->struct_bytes == sizeof *progress);
    CHECK(progress->phase >= PATCHPROOF_PHASE_DOWNLOADING);
    told->calls++;
    told->phases |= 1 << progress->phase;
    if (told->interfere) {
        PatchproofError error = no_error();
        /* Within an update there is no other. */
        ANSWERS(patchproof_update(told->updater, NULL, NULL, &error), PATCHPROOF_BUSY, &error);
    }
}

static int32_t is_cancelled(void *user_data)
{
    struct told *told = user_data;
    return told->asked++ >= told->answer_from ? told->answer : 0;
}

static void on_progress_cancel(void *user_data, const PatchproofProgress *progress)
{
    struct told *told = user_data;
    (void)progress;
    CHECK(patchproof_cancel(told->updater) == PATCHPROOF_OK);
}

static void on_progress_close(void *user_data, const PatchproofProgress *progress)
{
    struct told *told = user_data;
    (void)progress;
    if (told->calls++ == 0)
        CHECK(patchproof_close(told->updater) == PATCHPROOF_OK);
}

static int32_t update(struct told *told, PatchproofOnProgress progress, PatchproofUpdated *updated,
                      PatchproofError *error)
{
    PatchproofUpdateOptions options = {sizeof options, NULL, progress, is_cancelled, told};
    updated->struct_bytes = sizeof *updated;
    return patchproof_update(told->updater, &options, updated, error);
}

int main(int count, char **arguments)
{
    struct world world = the_world(count, arguments);
    PatchproofError error = no_error();
    PatchproofUpdated updated;
    PatchproofChecked checked = {sizeof checked, 0};
    PatchproofSent sent = {sizeof sent, 0, 0, 0};
    PatchproofBoot boot, again;
    struct told told = {0};
    uint64_t next = 77;
    FILE *library;
    const int32_t nonsense[] = {1, -7, INT32_MAX, INT32_MIN};
    size_t index;

    told.updater = opened(&world);
    boot = booted(told.updater);
    CHECK(boot.number == 0 && boot.library_path == NULL);
    ANSWERS(patchproof_check(told.updater, NULL, &checked, &error), PATCHPROOF_OK, &error);
    CHECK(checked.number == 1);

    /* Everything but 0 cancels: at once, and in the middle. */
    for (index = 0; index < sizeof nonsense / sizeof *nonsense; index++) {
        told.answer = nonsense[index];
        told.asked = 0;
        told.answer_from = (int)index % 2;
        ANSWERS(update(&told, NULL, &updated, &error), PATCHPROOF_CANCELLED, &error);
        CHECK(error.at_fault == PATCHPROOF_FAULT_NOBODY);
    }
    told.answer = 0;
    ANSWERS(update(&told, on_progress_cancel, &updated, &error), PATCHPROOF_CANCELLED, &error);

    /* An updater that is closed by its own update: that one ends, and the handle is stale. */
    told.calls = 0;
    ANSWERS(update(&told, on_progress_close, &updated, &error), PATCHPROOF_CANCELLED, &error);
    ANSWERS(patchproof_close(told.updater), PATCHPROOF_BAD_HANDLE, &error);

    told.updater = opened(&world);
    told.interfere = 1;
    told.calls = 0;
    boot = booted(told.updater);
    ANSWERS(update(&told, on_progress, &updated, &error), PATCHPROOF_OK, &error);
    CHECK(updated.outcome == PATCHPROOF_INSTALLED && updated.number == 1 && updated.why == 0);
    CHECK(told.calls > 2 && told.phases == 0xe);
    ANSWERS(patchproof_next_number(told.updater, &next, &error), PATCHPROOF_OK, &error);
    CHECK(next == 1);
    ANSWERS(update(&told, NULL, &updated, &error), PATCHPROOF_OK, &error);
    CHECK(updated.outcome == PATCHPROOF_UP_TO_DATE);
    /* Nothing changes of what runs now. */
    again = booted(told.updater);
    CHECK(again.number == 0 && memcmp(&again.id, &boot.id, sizeof boot.id) == 0);
    ANSWERS(patchproof_close(told.updater), PATCHPROOF_OK, &error);

    told.updater = opened(&world);
    boot = booted(told.updater);
    CHECK(boot.number == 1 && boot.guarded == 1 && boot.library_path != NULL);
    library = fopen(boot.library_path, "rb");
    CHECK(library != NULL);
    fclose(library);
    patchproof_free_string(boot.library_path);
    ANSWERS(patchproof_report_healthy(told.updater, &boot.id, &error), PATCHPROOF_OK, &error);
    ANSWERS(patchproof_send_events(told.updater, &sent, &error), PATCHPROOF_OK, &error);
    CHECK(sent.sent >= 1 && sent.waiting == 0);
    ANSWERS(patchproof_close(told.updater), PATCHPROOF_OK, &error);


    return 0;
}
