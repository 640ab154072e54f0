//! The numbers of the native face. Within a version of the ABI they are only added to.

/// The version of the native functions and structs. It changes where something is taken away.
pub const PATCHPROOF_ABI_VERSION: u32 = 1;

/// Done.
pub const PATCHPROOF_OK: i32 = 0;
/// An argument is NULL, misaligned, no UTF-8, or a number that means nothing.
pub const PATCHPROOF_BAD_ARGUMENT: i32 = 1;
/// The handle was closed, or was never given out.
pub const PATCHPROOF_BAD_HANDLE: i32 = 2;
/// The call comes at the wrong time, such as a report of a boot that is not this process's.
pub const PATCHPROOF_WRONG_ORDER: i32 = 3;
/// The settings, the root or the bundled library cannot be used. The bundled release boots.
pub const PATCHPROOF_NOT_CONFIGURED: i32 = 4;
/// This or another process is at it; try again later.
pub const PATCHPROOF_BUSY: i32 = 5;
/// Cancelled, as was asked for.
pub const PATCHPROOF_CANCELLED: i32 = 6;
/// The server could not be asked, or the patch did not arrive.
pub const PATCHPROOF_NETWORK_FAILED: i32 = 7;
/// The server answered, and not by the protocol.
pub const PATCHPROOF_BAD_ANSWER: i32 = 8;
/// What was served is not signed as it has to be. Nothing of it was installed.
pub const PATCHPROOF_UNTRUSTED: i32 = 9;
/// What was served does not become the library that was promised, or this engine would refuse it.
pub const PATCHPROOF_BAD_PATCH: i32 = 10;
/// No space, a failing disk, a folder that may not be written.
pub const PATCHPROOF_DEVICE_FAILED: i32 = 11;
/// A bug of Patchproof; what was installed stands.
pub const PATCHPROOF_BUG: i32 = 12;

/// At fault: nobody.
pub const PATCHPROOF_FAULT_NOBODY: i32 = 0;
/// At fault: the app that embeds this library, or its build.
pub const PATCHPROOF_FAULT_APP: i32 = 1;
/// At fault: this device.
pub const PATCHPROOF_FAULT_DEVICE: i32 = 2;
/// At fault: the network.
pub const PATCHPROOF_FAULT_TRANSPORT: i32 = 3;
/// At fault: the server.
pub const PATCHPROOF_FAULT_SERVER: i32 = 4;
/// At fault: the patch.
pub const PATCHPROOF_FAULT_PATCH: i32 = 5;
/// At fault: the patch, or the way that it came.
pub const PATCHPROOF_FAULT_PATCH_OR_TRANSPORT: i32 = 6;

/// Whose word counts: signed statements under `PatchproofConfig.root`, asked of a server that signs
/// each answer.
pub const PATCHPROOF_TRUST_STATEMENTS_OF_SERVER: i32 = 1;
/// Whose word counts: signed statements under `PatchproofConfig.root`, out of files behind the base
/// URL.
pub const PATCHPROOF_TRUST_STATEMENTS_IN_FILES: i32 = 2;
/// Whose word counts: the server's, and Shorebird's signature where the settings have a
/// `patch_public_key`. Legacy.
pub const PATCHPROOF_TRUST_SHOREBIRD: i32 = 3;

/// How an earlier process ended: nobody can tell. So every number that is not listed.
pub const PATCHPROOF_EXIT_UNKNOWN: i32 = 0;
/// How an earlier process ended: an uncaught exception.
pub const PATCHPROOF_EXIT_CRASH: i32 = 1;
/// How an earlier process ended: a signal out of native code.
pub const PATCHPROOF_EXIT_NATIVE_CRASH: i32 = 2;
/// How an earlier process ended: it did not answer.
pub const PATCHPROOF_EXIT_ANR: i32 = 3;
/// How an earlier process ended: the user or the system asked it to.
pub const PATCHPROOF_EXIT_USER_REQUEST: i32 = 4;
/// How an earlier process ended: the system needed its memory.
pub const PATCHPROOF_EXIT_LOW_MEMORY: i32 = 5;

/// Where an update is: the patch is fetched.
pub const PATCHPROOF_PHASE_DOWNLOADING: i32 = 1;
/// Where an update is: the library is made of it.
pub const PATCHPROOF_PHASE_INFLATING: i32 = 2;
/// Where an update is: it verified, and is made to last.
pub const PATCHPROOF_PHASE_INSTALLING: i32 = 3;

/// What an update came to: there is nothing that is not installed already.
pub const PATCHPROOF_UP_TO_DATE: i32 = 0;
/// What an update came to: a patch lies installed, for good. It boots at the next start.
pub const PATCHPROOF_INSTALLED: i32 = 1;
/// What an update came to: what is offered is not taken; `PatchproofUpdated.why` says why.
pub const PATCHPROOF_NOT_TAKEN: i32 = 2;

/// Why an offer is not taken: for a reason that this header has no number for.
pub const PATCHPROOF_WHY_OTHER: i32 = 0;
/// Why an offer is not taken: it is known bad on this release.
pub const PATCHPROOF_WHY_KNOWN_BAD: i32 = 1;
/// Why an offer is not taken: it is set aside until something newer is offered.
pub const PATCHPROOF_WHY_SET_ASIDE: i32 = 2;
/// Why an offer is not taken: the same answer withdraws it.
pub const PATCHPROOF_WHY_ROLLED_BACK: i32 = 3;
/// Why an offer is not taken: a higher number is installed and stands.
pub const PATCHPROOF_WHY_OLDER: i32 = 4;
/// Why an offer is not taken: its number is below the signed floor, or 0.
pub const PATCHPROOF_WHY_NUMBER: i32 = 5;
/// Why an offer is not taken: it may not be installed yet, or not any more.
pub const PATCHPROOF_WHY_NOT_NOW: i32 = 6;
/// Why an offer is not taken: it cannot read the data that was written.
pub const PATCHPROOF_WHY_DATA_EPOCH: i32 = 7;
