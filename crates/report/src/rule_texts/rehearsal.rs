//! The rules of the link `rehearsal`, PP601 and on.

/// Hands the rules before these, and these, to the next macro.
macro_rules! and_rehearsal {
    ($next:ident $($then:ident)* { $($before:tt)* }) => { $next! { $($then)* { $($before)*

    PP601 RehearsalExtent Note: "what was rehearsed"
        symptom: "A simulated device took every patch, and nothing went wrong."
        cause: "Before operations that may change the device's disk the power was cut, and the \
            device was started on the disks that such a cut may leave. The numbers say how many."
        remedy: "Nothing."

    PP602 RehearsalBootedOther Error: "a rehearsed device booted what it should not"
        symptom: "After a power cut a simulated device booted something else than the release or a \
            whole patch that was installed."
        cause: "A bug of the device library: what it boots is checked to the last byte first."
        remedy: "Report it with the rehearsal's output. Do not ship with this version of the \
            device library."

    PP603 RehearsalLostInstall Error: "a rehearsed device lost what it had acknowledged"
        symptom: "A patch was installed and acknowledged, and after a power cut an earlier one or \
            the release booted."
        cause: "A bug of the device library: what is acknowledged was not made to last before."
        remedy: "Report it with the rehearsal's output. Do not ship with this version of the \
            device library."

    PP604 RehearsalDidNotFallBack Error: "a rehearsed device booted a crashed patch again"
        symptom: "A patch is known to have crashed before it was proven, and a simulated device \
            booted it once more."
        cause: "A bug of the device library: a known crash was forgotten, or not looked at."
        remedy: "Report it with the rehearsal's output. Do not ship with this version of the \
            device library."

    PP605 RehearsalNotReached Error: "a rehearsed device did not reach the newest patch"
        symptom: "After a power cut, with an honest server and no further fault, the newest patch \
            did not run within a few starts."
        cause: "A bug of the device library, or a patch that a device cannot install: the finding \
            says what the device said last."
        remedy: "Look at what the device said last; if it is not about the patch, report it with \
            the rehearsal's output."

    PP606 RehearsalLeftWaste Error: "a rehearsed device kept what nothing refers to"
        symptom: "After an update that found nothing to do, files of downloads, staged or old \
            generations were still on the disk."
        cause: "A bug of the device library: what an interrupted update left is to be removed by \
            the next one."
        remedy: "Report it with the rehearsal's output."

    PP607 RehearsalRefused Error: "a rehearsed device refused the patch"
        symptom: "The device library fetched the patch and did not install it."
        cause: "The patch does not inflate over the released library, or what it gives is no \
            library that the released engine takes: another compiler, another machine, or other \
            features."
        remedy: "Make the patch from the very file that was shipped, with the Flutter of the \
            release; the links `base`, `inflate` and `compatibility` say more."

    PP608 RehearsalNotRun Undecided: "there was no rehearsal"
        symptom: "A simulated device could not be brought to where the power is cut."
        cause: "The release is for a machine that the device library does not run on, or is no \
            snapshot; or two patches give the same library."
        remedy: "Look at the message; rehearse releases for arm64-v8a, armeabi-v7a, x86_64 or x86."

    }}};
}
