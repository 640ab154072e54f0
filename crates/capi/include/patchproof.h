/* Patchproof: a device's updater as a C library. Made by cbindgen; do not edit.
 *
 * Two faces. `patchproof_...` is for embedders that are written anew. `shorebird_...` is the set of
 * functions that Shorebird's engine calls, in builds with the feature `compat`; define
 * PATCHPROOF_NO_COMPAT to go without.
 *
 * Every call may come from any thread at any time, but for what its own words say. docs/embedding.md
 * has the whole way of a process, and what the caller answers for. */

#ifndef PATCHPROOF_H
#define PATCHPROOF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#if !defined(PATCHPROOF_NO_COMPAT) && !defined(PATCHPROOF_COMPAT)
#define PATCHPROOF_COMPAT 1
#endif


#if defined(PATCHPROOF_COMPAT)
// Something failed; nothing was installed.
#define SHOREBIRD_UPDATE_ERROR -1
#endif

#if defined(PATCHPROOF_COMPAT)
// There is nothing that is not installed already.
#define SHOREBIRD_NO_UPDATE 0
#endif

#if defined(PATCHPROOF_COMPAT)
// A patch was installed. It boots at the next start.
#define SHOREBIRD_UPDATE_INSTALLED 1
#endif

#if defined(PATCHPROOF_COMPAT)
// Never answered; the Dart package knows it.
#define SHOREBIRD_UPDATE_HAD_ERROR 2
#endif

#if defined(PATCHPROOF_COMPAT)
// What is offered failed here before and is not taken.
#define SHOREBIRD_UPDATE_IS_BAD_PATCH 3
#endif

#if defined(PATCHPROOF_COMPAT)
// Another update goes on already, in this or another process.
#define SHOREBIRD_UPDATE_IN_PROGRESS 4
#endif

#if defined(PATCHPROOF_COMPAT)
// Never answered; newer engines know it.
#define SHOREBIRD_UPDATE_DEFERRED 5
#endif

// The version of the native functions and structs. It changes where something is taken away.
#define PATCHPROOF_ABI_VERSION 1

// Done.
#define PATCHPROOF_OK 0

// An argument is NULL, misaligned, no UTF-8, or a number that means nothing.
#define PATCHPROOF_BAD_ARGUMENT 1

// The handle was closed, or was never given out.
#define PATCHPROOF_BAD_HANDLE 2

// The call comes at the wrong time, such as a report of a boot that is not this process's.
#define PATCHPROOF_WRONG_ORDER 3

// The settings, the root or the bundled library cannot be used. The bundled release boots.
#define PATCHPROOF_NOT_CONFIGURED 4

// This or another process is at it; try again later.
#define PATCHPROOF_BUSY 5

// Cancelled, as was asked for.
#define PATCHPROOF_CANCELLED 6

// The server could not be asked, or the patch did not arrive.
#define PATCHPROOF_NETWORK_FAILED 7

// The server answered, and not by the protocol.
#define PATCHPROOF_BAD_ANSWER 8

// What was served is not signed as it has to be. Nothing of it was installed.
#define PATCHPROOF_UNTRUSTED 9

// What was served does not become the library that was promised, or this engine would refuse it.
#define PATCHPROOF_BAD_PATCH 10

// No space, a failing disk, a folder that may not be written.
#define PATCHPROOF_DEVICE_FAILED 11

// A bug of Patchproof; what was installed stands.
#define PATCHPROOF_BUG 12

// At fault: nobody.
#define PATCHPROOF_FAULT_NOBODY 0

// At fault: the app that embeds this library, or its build.
#define PATCHPROOF_FAULT_APP 1

// At fault: this device.
#define PATCHPROOF_FAULT_DEVICE 2

// At fault: the network.
#define PATCHPROOF_FAULT_TRANSPORT 3

// At fault: the server.
#define PATCHPROOF_FAULT_SERVER 4

// At fault: the patch.
#define PATCHPROOF_FAULT_PATCH 5

// At fault: the patch, or the way that it came.
#define PATCHPROOF_FAULT_PATCH_OR_TRANSPORT 6

// Whose word counts: signed statements under `PatchproofConfig.root`, asked of a server that signs
// each answer.
#define PATCHPROOF_TRUST_STATEMENTS_OF_SERVER 1

// Whose word counts: signed statements under `PatchproofConfig.root`, out of files behind the base
// URL.
#define PATCHPROOF_TRUST_STATEMENTS_IN_FILES 2

// Whose word counts: the server's, and Shorebird's signature where the settings have a
// `patch_public_key`. Legacy.
#define PATCHPROOF_TRUST_SHOREBIRD 3

// How an earlier process ended: nobody can tell. So every number that is not listed.
#define PATCHPROOF_EXIT_UNKNOWN 0

// How an earlier process ended: an uncaught exception.
#define PATCHPROOF_EXIT_CRASH 1

// How an earlier process ended: a signal out of native code.
#define PATCHPROOF_EXIT_NATIVE_CRASH 2

// How an earlier process ended: it did not answer.
#define PATCHPROOF_EXIT_ANR 3

// How an earlier process ended: the user or the system asked it to.
#define PATCHPROOF_EXIT_USER_REQUEST 4

// How an earlier process ended: the system needed its memory.
#define PATCHPROOF_EXIT_LOW_MEMORY 5

// Where an update is: the patch is fetched.
#define PATCHPROOF_PHASE_DOWNLOADING 1

// Where an update is: the library is made of it.
#define PATCHPROOF_PHASE_INFLATING 2

// Where an update is: it verified, and is made to last.
#define PATCHPROOF_PHASE_INSTALLING 3

// What an update came to: there is nothing that is not installed already.
#define PATCHPROOF_UP_TO_DATE 0

// What an update came to: a patch lies installed, for good. It boots at the next start.
#define PATCHPROOF_INSTALLED 1

// What an update came to: what is offered is not taken; `PatchproofUpdated.why` says why.
#define PATCHPROOF_NOT_TAKEN 2

// Why an offer is not taken: for a reason that this header has no number for.
#define PATCHPROOF_WHY_OTHER 0

// Why an offer is not taken: it is known bad on this release.
#define PATCHPROOF_WHY_KNOWN_BAD 1

// Why an offer is not taken: it is set aside until something newer is offered.
#define PATCHPROOF_WHY_SET_ASIDE 2

// Why an offer is not taken: the same answer withdraws it.
#define PATCHPROOF_WHY_ROLLED_BACK 3

// Why an offer is not taken: a higher number is installed and stands.
#define PATCHPROOF_WHY_OLDER 4

// Why an offer is not taken: its number is below the signed floor, or 0.
#define PATCHPROOF_WHY_NUMBER 5

// Why an offer is not taken: it may not be installed yet, or not any more.
#define PATCHPROOF_WHY_NOT_NOW 6

// Why an offer is not taken: it cannot read the data that was written.
#define PATCHPROOF_WHY_DATA_EPOCH 7

#if defined(PATCHPROOF_COMPAT)
// What the engine says of the app that runs.
typedef struct AppParameters {
  // Such as `1.2.3+4`.
  const char *release_version;
  // Where the bundled library may lie. Android's is the last, every other system's the first.
  const char *const *original_libapp_paths;
  // How many there are.
  int original_libapp_paths_size;
  // Where the updater's folder goes, which is called `patchproof`.
  const char *app_storage_dir;
  // Has to be there, and is not used: all that belongs together lies on one file system.
  const char *code_cache_dir;
} AppParameters;
#endif

#if defined(PATCHPROOF_COMPAT)
// Reads the bundled library where it is no file, which is on iOS alone; elsewhere NULL is fine.
typedef struct FileCallbacks {
  // Gives a handle; NULL is an error.
  void *(*open)(void);
  // Reads at most `count` bytes and says how many; 0 is the end.
  uintptr_t (*read)(void *file_handle,
                    uint8_t *buffer,
                    uintptr_t count);
  // Moves by `offset` from the start (0), the place (1) or the end (2), and says where it is
  // now; less than 0 is an error.
  int64_t (*seek)(void *file_handle,
                  int64_t offset,
                  int32_t whence);
  // Ends the handle.
  void (*close)(void *file_handle);
} FileCallbacks;
#endif

#if defined(PATCHPROOF_COMPAT)
// What an update came to.
typedef struct UpdateResult {
  // One of `SHOREBIRD_...`.
  int32_t status;
  // In words; never NULL.
  const char *message;
} UpdateResult;
#endif

// An updater. It is a number: one that was closed is told from one that is open. 0 is none.
typedef uint64_t PatchproofUpdater;

// How an earlier process of the app ended, as the platform tells it.
typedef struct PatchproofExit {
  // The system's number of that process.
  uint32_t process;
  // One of `PATCHPROOF_EXIT_...`.
  int32_t reason;
} PatchproofExit;

// Names the boot of a process; reports hand it back.
typedef struct PatchproofBootId {
  // Nothing to be read in.
  uint8_t bytes[16];
} PatchproofBootId;

// What the engine is to load.
typedef struct PatchproofBoot {
  // `sizeof(PatchproofBoot)`.
  uintptr_t struct_bytes;
  // To be named in reports.
  struct PatchproofBootId id;
  // The patch's number; 0 is the bundled release.
  uint64_t number;
  // The library to load, for `patchproof_free_string`; NULL is the bundled one.
  char *library_path;
  // 1 where a failure of this boot would be noticed, 0 where the disk could not be written.
  int32_t guarded;
  // 0.
  int32_t reserved;
} PatchproofBoot;

// What went wrong. The caller's own, so there is nothing to free.
typedef struct PatchproofError {
  // `sizeof(PatchproofError)`; nothing is written where it is less than this version's.
  uintptr_t struct_bytes;
  // What the call returned.
  int32_t code;
  // Who has to act: one of `PATCHPROOF_FAULT_...`.
  int32_t at_fault;
  // In words, UTF-8, ended by a NUL, cut at a character where it is too long.
  char text[512];
} PatchproofError;

// Fills `buffer` with bytes from `offset` on and answers how many there are, at most `count`; 0 is
// the end, and less than 0 an error.
typedef int64_t (*PatchproofReadAt)(void *user_data,
                                    uint64_t offset,
                                    uint8_t *buffer,
                                    uintptr_t count);

// What an embedder says once. Zero it, set `struct_bytes`, fill in what is needed.
typedef struct PatchproofConfig {
  // `sizeof(PatchproofConfig)`.
  uintptr_t struct_bytes;
  // A folder of the updater's own, made where it is not there. Backups leave it out.
  const char *folder;
  // The bundled library's file; or the APK that it lies in, where `apk_entry` is set. NULL where
  // `read_at` is set.
  const char *library_path;
  // Where the library lies in that APK, such as `lib/arm64-v8a/libapp.so`; else NULL.
  const char *apk_entry;
  // Reads the bundled library where it is no file; else NULL. It is called from any thread, also
  // from two at a time, until `patchproof_close` and each call before it have returned.
  PatchproofReadAt read_at;
  // Handed to `read_at`.
  void *read_at_data;
  // How many bytes `read_at` has.
  uint64_t read_at_bytes;
  // The text of the app's `shorebird.yaml`.
  const char *settings;
  // Such as `1.2.3+4`.
  const char *release_version;
  // Whose word counts: one of `PATCHPROOF_TRUST_...`. 0 is refused, so that nobody forgets it.
  int32_t trust;
  // Must be 0.
  int32_t reserved;
  // The bytes of `flutter_assets/patchproof/root.json` for signed statements; else NULL.
  const uint8_t *root;
  // How many there are.
  uintptr_t root_bytes;
  // Milliseconds in the foreground after which a boot is healthy; 0 means ten seconds.
  uint64_t health_window_ms;
  // The longest download in bytes; 0 means 128 MiB.
  uint64_t download_bytes_max;
  // The longest library in bytes; 0 means 512 MiB.
  uint64_t library_bytes_max;
} PatchproofConfig;

// Where an update is.
typedef struct PatchproofProgress {
  // `sizeof(PatchproofProgress)` of the library.
  uintptr_t struct_bytes;
  // One of `PATCHPROOF_PHASE_...`; more may come.
  int32_t phase;
  // 0.
  int32_t reserved;
  // So many bytes of this phase are there.
  uint64_t bytes;
  // So many there will be; 0 where nobody knows.
  uint64_t total_bytes;
} PatchproofProgress;

// Told how far an update is, on the thread that called it. It may call `patchproof_cancel`, and
// nothing else that waits.
typedef void (*PatchproofOnProgress)(void *user_data,
                                     const struct PatchproofProgress *progress);

// Asked before an update begins and at each progress, on the thread that called it: 0 goes on,
// everything else cancels.
typedef int32_t (*PatchproofIsCancelled)(void *user_data);

// How an update is made; NULL in its place means as usual.
typedef struct PatchproofUpdateOptions {
  // `sizeof(PatchproofUpdateOptions)`.
  uintptr_t struct_bytes;
  // Another channel than the settings', this once; NULL is theirs. Refused under signed
  // statements.
  const char *channel;
  // Told how far it is; NULL for nobody.
  PatchproofOnProgress on_progress;
  // Asked whether to go on; NULL for nobody.
  PatchproofIsCancelled is_cancelled;
  // Handed to both.
  void *user_data;
} PatchproofUpdateOptions;

// A patch that could be had.
typedef struct PatchproofChecked {
  // `sizeof(PatchproofChecked)`.
  uintptr_t struct_bytes;
  // The number of what an update would fetch now; 0 is none.
  uint64_t number;
} PatchproofChecked;

// What an update came to.
typedef struct PatchproofUpdated {
  // `sizeof(PatchproofUpdated)`.
  uintptr_t struct_bytes;
  // `PATCHPROOF_UP_TO_DATE`, `PATCHPROOF_INSTALLED` or `PATCHPROOF_NOT_TAKEN`.
  int32_t outcome;
  // Why it is not taken: one of `PATCHPROOF_WHY_...`; else 0.
  int32_t why;
  // The patch's number; 0 where there is none.
  uint64_t number;
} PatchproofUpdated;

// What sending events came to.
typedef struct PatchproofSent {
  // `sizeof(PatchproofSent)`.
  uintptr_t struct_bytes;
  // Events that the server has now.
  uint32_t sent;
  // Events that it refused, and that are dropped.
  uint32_t refused;
  // Events that wait still.
  uint64_t waiting;
} PatchproofSent;

#ifdef __cplusplus
extern "C" {
#endif // __cplusplus

#if defined(PATCHPROOF_COMPAT)
// The number of the patch that runs: 0 before `shorebird_report_launch_start`, and where the
// bundled release runs.
uintptr_t shorebird_current_boot_patch_number(void);
#endif

#if defined(PATCHPROOF_COMPAT)
// The number of the patch that boots at the next start; 0 where that is the bundled release, or
// nobody can tell. Its files are not looked at.
uintptr_t shorebird_next_boot_patch_number(void);
#endif

#if defined(PATCHPROOF_COMPAT)
// Looks at the files of the patch that would boot. Where they are not whole it is dropped, and
// what it falls back to is looked at.
void shorebird_validate_next_boot_patch(void);
#endif

#if defined(PATCHPROOF_COMPAT)
// The library that the engine is to load, for `shorebird_free_string`; NULL is the bundled one. A
// patch that was handed out is this process's until it ends or its failure is reported: a later
// call gives the same.
char *shorebird_next_boot_patch_path(void);
#endif

#if defined(PATCHPROOF_COMPAT)
// The engine launches what `shorebird_next_boot_patch_path` gave, or what is newest where that was
// not called. From now on how this process ends counts.
void shorebird_report_launch_start(void);
#endif

#if defined(PATCHPROOF_COMPAT)
// What is launched failed: it does not boot again on this release.
void shorebird_report_launch_failure(void);
#endif

#if defined(PATCHPROOF_COMPAT)
// What is launched is up: whatever comes later is not held against it.
void shorebird_report_launch_success(void);
#endif

#if defined(PATCHPROOF_COMPAT)
// Configures the updater, once per process and before every other call. False: an argument is NULL
// or not UTF-8, there are no paths, the settings or the bundled library cannot be used, or it was
// called before, in which case the first one holds.
//
// # Safety
// `c_params` is NULL, misaligned, or good for what its type says, and so is what it points to;
// texts end with a NUL. The callbacks may be called from any thread, one at a time, as long as the
// process lives.
bool shorebird_init(const struct AppParameters *c_params,
                    struct FileCallbacks c_file_callbacks,
                    const char *c_yaml);
#endif

#if defined(PATCHPROOF_COMPAT)
// Whether the app's settings ask to update at each start; true before `shorebird_init`.
bool shorebird_should_auto_update(void);
#endif

#if defined(PATCHPROOF_COMPAT)
// Frees a text that this library gave. NULL is nothing.
//
// # Safety
// `c_string` is NULL, or was given by this library and not given back yet.
void shorebird_free_string(const char *c_string);
#endif

#if defined(PATCHPROOF_COMPAT)
// Taken, and not called: this process keeps what it boots until it ends.
void shorebird_set_restart_handler(bool (*_handler)(void));
#endif

#if defined(PATCHPROOF_COMPAT)
// False: an app is not restarted within its process.
bool shorebird_restart_app(void);
#endif

#if defined(PATCHPROOF_COMPAT)
// Whether the server offers a patch that is neither installed nor bad. What it withdraws is
// carried out. False also where it could not be asked.
bool shorebird_check_for_update(void);
#endif

#if defined(PATCHPROOF_COMPAT)
// As `shorebird_check_for_update`, of this channel; NULL is the settings'.
//
// # Safety
// `c_channel` is NULL, or ends with a NUL.
bool shorebird_check_for_downloadable_update(const char *c_channel);
#endif

#if defined(PATCHPROOF_COMPAT)
// Fetches and installs what the server offers; it blocks. What came of it is on standard error.
void shorebird_update(void);
#endif

#if defined(PATCHPROOF_COMPAT)
// As `shorebird_update`, from this channel, and says what came of it; NULL is the settings'
// channel. What it gives is never NULL, and for `shorebird_free_update_result`.
//
// # Safety
// `c_channel` is NULL, or ends with a NUL.
const struct UpdateResult *shorebird_update_with_result(const char *c_channel);
#endif

#if defined(PATCHPROOF_COMPAT)
// Frees what `shorebird_update_with_result` gave, its message with it. NULL is nothing.
//
// # Safety
// `result` is NULL, or was given by `shorebird_update_with_result` and not given back yet.
void shorebird_free_update_result(struct UpdateResult *result);
#endif

#if defined(PATCHPROOF_COMPAT)
// Does what `shorebird_update` does on a thread of its own.
void shorebird_start_update_thread(void);
#endif

// Decides what this process boots, and says it once: a later call gives the same answer. It comes
// before every other call but `patchproof_open`, before the engine starts. Where the disk cannot
// be read the bundled release boots; where it cannot be written, a proven patch or the bundled
// release.
//
// `exits` are `exits_count` ends of earlier processes, the newest last, as far as the platform
// tells them; none is fine. `boot->library_path` is a new text at each call.
//
// # Safety
// `exits`, `boot` and `error` are each NULL, misaligned, or good for what their type says, `exits`
// for `exits_count` of it.
int32_t patchproof_begin_boot(PatchproofUpdater updater,
                              const struct PatchproofExit *exits,
                              uintptr_t exits_count,
                              struct PatchproofBoot *boot,
                              struct PatchproofError *error);

// The first frame was drawn. `left_ms` may be NULL; it gets how many milliseconds of foreground
// are left until this boot is healthy, or -1 where it is settled.
//
// # Safety
// `id`, `left_ms` and `error` are each NULL, misaligned, or good for what their type says.
int32_t patchproof_report_first_frame(PatchproofUpdater updater,
                                      const struct PatchproofBootId *id,
                                      int64_t *left_ms,
                                      struct PatchproofError *error);

// The app was in the foreground for `total_ms` since the first frame, in all. No clock runs in the
// library: call it when the window may be over. `left_ms` is as above.
//
// # Safety
// As `patchproof_report_first_frame`.
int32_t patchproof_report_foreground(PatchproofUpdater updater,
                                     const struct PatchproofBootId *id,
                                     uint64_t total_ms,
                                     int64_t *left_ms,
                                     struct PatchproofError *error);

// The app says that it is well, whatever the window.
//
// # Safety
// As `patchproof_report_first_frame`.
int32_t patchproof_report_healthy(PatchproofUpdater updater,
                                  const struct PatchproofBootId *id,
                                  struct PatchproofError *error);

// What this process boots has failed. It counts as a crash, unless this boot was settled before.
// `message` goes to the server, cut to 256 characters.
//
// # Safety
// `id` and `error` are each NULL, misaligned, or good for what their type says; `message` is NULL,
// or ends with a NUL.
int32_t patchproof_report_failure(PatchproofUpdater updater,
                                  const struct PatchproofBootId *id,
                                  const char *message,
                                  struct PatchproofError *error);

// `PATCHPROOF_ABI_VERSION` of the library that is loaded.
uint32_t patchproof_abi_version(void);

// The version of the library, such as `0.1.0`. It is the library's own: it is not freed.
const char *patchproof_version(void);

// Gives back a text that a `patchproof_` call gave. NULL is nothing.
//
// # Safety
// `text` is NULL, or was given by this library and not given back yet.
void patchproof_free_string(char *text);

// Opens an updater over a folder, once per process and before the engine starts. Where it fails
// the bundled release is what boots, as if there were no updater. `*updater` is 0 then.
//
// # Safety
// `config`, `updater` and `error` are each NULL, misaligned, or good for what their type says, and
// so is what `config` points to; nobody else changes it during the call. `read_at` may be called
// as its type says for as long as the updater lives.
int32_t patchproof_open(const struct PatchproofConfig *config,
                        PatchproofUpdater *updater,
                        struct PatchproofError *error);

// Closes an updater. Calls that go on in other threads come to their end, and keep what they use
// until then. Close it when the process ends, and not before: with it go the locks by which other
// processes know that this one lives.
int32_t patchproof_close(PatchproofUpdater updater);

// Ends what goes on in this updater now, from any thread. What begins later is not cancelled.
int32_t patchproof_cancel(PatchproofUpdater updater);

// Whether the app's settings ask to update at each start: 1 or 0. That is for you to do.
//
// # Safety
// `auto_update` and `error` are each NULL, misaligned, or good for what their type says.
int32_t patchproof_auto_update(PatchproofUpdater updater,
                               int32_t *auto_update,
                               struct PatchproofError *error);

// The number of what the next start tries first; 0 is the bundled release.
//
// # Safety
// `number` and `error` are each NULL, misaligned, or good for what their type says.
int32_t patchproof_next_number(PatchproofUpdater updater,
                               uint64_t *number,
                               struct PatchproofError *error);

// How the device stands, as JSON: what boots, what does not and why, what waits to be sent. The
// text is for `patchproof_free_string`. Fields are only added.
//
// # Safety
// `json` and `error` are each NULL, misaligned, or good for what their type says.
int32_t patchproof_diagnostics(PatchproofUpdater updater,
                               char **json,
                               struct PatchproofError *error);

// Lifts what is remembered against patches of this release, so that they may be fetched again. For
// support, not for a button of the app's.
//
// # Safety
// `error` is NULL, misaligned, or good for what its type says.
int32_t patchproof_clear_bans(PatchproofUpdater updater,
                              struct PatchproofError *error);

// Asks the server, and carries out what it withdraws: that is gone at the next start. Nothing is
// fetched. Of `options`, which may be NULL, the channel and `is_cancelled` count.
//
// # Safety
// `options`, `checked` and `error` are each NULL, misaligned, or good for what their type says,
// and the functions of `options` for the whole call.
int32_t patchproof_check(PatchproofUpdater updater,
                         const struct PatchproofUpdateOptions *options,
                         struct PatchproofChecked *checked,
                         struct PatchproofError *error);

// Sends some waiting events, asks the server, and fetches and installs what it offers. It blocks;
// call it on a thread of yours. Nothing changes of what runs now. `options` and `updated` may be
// NULL.
//
// # Safety
// `options`, `updated` and `error` are each NULL, misaligned, or good for what their type says,
// and the functions of `options` for the whole call.
int32_t patchproof_update(PatchproofUpdater updater,
                          const struct PatchproofUpdateOptions *options,
                          struct PatchproofUpdated *updated,
                          struct PatchproofError *error);

// Tells the server what happened, oldest first; `patchproof_update` does that first, and does not
// mind if it fails. `sent` may be NULL.
//
// # Safety
// `sent` and `error` are each NULL, misaligned, or good for what their type says.
int32_t patchproof_send_events(PatchproofUpdater updater,
                               struct PatchproofSent *sent,
                               struct PatchproofError *error);

#ifdef __cplusplus
}  // extern "C"
#endif  // __cplusplus

#endif  /* PATCHPROOF_H */
