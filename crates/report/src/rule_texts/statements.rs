//! The rules of the link `statements`, PP521 and on.

/// Hands the rules before these, and these, to the next macro.
macro_rules! and_statements {
    ($next:ident $($then:ident)* { $($before:tt)* }) => { $next! { $($then)* { $($before)*

    PP521 StatementMissing Error: "a patch without a statement"
        symptom: "The release embeds a root of trust, and no signed statement was given for the \
            patch."
        cause: "Every device with that root refuses what is not signed; there is no setting that \
            lets it through."
        remedy: "Sign a statement for the patch, and name it with `--statement`."

    PP522 RootMissing Error: "the release embeds no root"
        symptom: "A statement was given, and there is no `flutter_assets/patchproof/root.json` in \
            the release."
        cause: "No device of this release has a key to check the statement with, whatever signs it."
        remedy: "Ship a release that holds the root among its assets."

    PP523 RootNotBelieved Error: "the root is not believed"
        symptom: "The root cannot be read, contradicts itself, or is not signed by its own keys."
        cause: "It was changed by hand, packed halfway through signing, or another file was \
            packed. A device with it refuses every patch."
        remedy: "Put the root that `patchproof root show` reads into the assets, and release again."

    PP524 RootsDiffer Error: "two different roots"
        symptom: "The release holds two roots that are not the same file, or `--root` names \
            another than the release holds."
        cause: "The root of another app or of another version was packed or named."
        remedy: "Name no `--root` where the release has one; pack one root only."

    PP525 RootExpired Error: "the root has expired"
        symptom: "The newest root that was given is past its `expires_s`."
        cause: "From that moment on devices install nothing under it; what is installed boots."
        remedy: "Publish the next root, signed by the threshold of this one, and name it with \
            `--next-root`."

    PP526 RootNotNext Error: "a root that does not follow"
        symptom: "A file that `--next-root` names is not the root after the one before."
        cause: "A version is missing between them, the order is another, or one of the two \
            thresholds did not sign it."
        remedy: "Name each root behind the embedded one, in the order of their versions."

    PP527 RootNotShown Note: "a root beside the release"
        symptom: "The statement was checked under the root that `--root` names."
        cause: "A bare library shows no assets, so that nobody sees here which root the app holds."
        remedy: "Name the whole build with `--release`: the AAB, the APK or the app folder."

    PP528 StatementMalformed Error: "a statement that is none"
        symptom: "The statement cannot be read, is not in its one form, is of another kind, or \
            contradicts itself."
        cause: "It was changed, cut short, or written by another tool."
        remedy: "Sign it again with `patchproof sign`, and copy the file as it is."

    PP529 StatementUnsigned Error: "a statement without a signature"
        symptom: "The envelope of the statement carries no signature."
        cause: "It was never signed, or its signatures were taken off."
        remedy: "Sign it with as many keys of the patch role as the root asks for."

    PP530 StatementUnknownKey Error: "a statement signed by a key that the root does not name"
        symptom: "The root does not name one of the signing keys for patches."
        cause: "The key was replaced, belongs to another app or role, or is nobody's. Devices \
            refuse such a statement, even beside enough good signatures."
        remedy: "Sign with the keys that the root names; if it was replaced, name the newer roots \
            with `--next-root`."

    PP531 StatementBadSignature Error: "a signature that does not fit the statement"
        symptom: "A signature is not over these bytes."
        cause: "The statement was changed after it was signed, or the signature was."
        remedy: "Find out who changed it, then sign it again. Ship nothing until then."

    PP532 StatementTooFewSignatures Error: "too few signatures on a statement"
        symptom: "Fewer keys signed than the root's threshold for patches."
        cause: "Not everybody has signed yet."
        remedy: "Collect the missing signatures with `patchproof sign add`."

    PP533 StatementOtherApp Error: "a statement for another app"
        symptom: "The statement names another app than the root."
        cause: "The statement of another app was named: one that shares keys, or a twin in the \
            store."
        remedy: "Name the statement of this app."

    PP534 StatementOtherPlatform Error: "a statement for another platform"
        symptom: "The statement names another platform than the release is for."
        cause: "The statements of two platforms were mixed up."
        remedy: "Name the statement of the release's platform."

    PP535 StatementOtherAbi Error: "a statement for another ABI"
        symptom: "The statement names another ABI than the library that the patch is for."
        cause: "The statements of two ABIs were mixed up."
        remedy: "Give each ABI its own: `--statement arm64-v8a=FILE`."

    PP536 StatementOtherVersion Error: "a statement for another version"
        symptom: "The statement names another version than the manifest of the release."
        cause: "It was signed for another release, or the version was typed by hand."
        remedy: "Sign a statement with the version of the release, such as `1.2.3+45`."

    PP537 StatementOtherBase Error: "a statement for another base"
        symptom: "SHA-256 or size of the base in the statement is not that of the released library."
        cause: "It was made from a library that is not the one users have: a rebuild, or the file \
            before stripping."
        remedy: "Make patch and statement from the library in the release itself."

    PP538 StatementOtherSnapshot Error: "a statement for another engine"
        symptom: "Snapshot version or features in the statement are not those of the release."
        cause: "Another Flutter built what it was made from. Devices compare both with their \
            engine."
        remedy: "Build the patch with the Flutter of the release, and sign its statement anew."

    PP539 StatementOtherDownload Error: "the statement does not name this patch"
        symptom: "No download in the statement has the SHA-256 and the size of the patch."
        cause: "The patch was made again, compressed otherwise or replaced after the statement was \
            signed."
        remedy: "Ship the patch that was signed, or sign a statement for this one."

    PP540 StatementDownloadMislabelled Error: "the statement calls the patch something else"
        symptom: "Container, codec, base or target of the download are not what the patch says."
        cause: "The fields were filled in by hand, or for another patch. A device that goes by \
            them cannot apply it."
        remedy: "Sign a statement that is made from the patch itself."

    PP541 StatementOtherOutput Error: "the statement promises another library"
        symptom: "SHA-256 or size of `libapp.so` in the statement is not what the patch gives."
        cause: "Statement and patch are of two builds. Every device would fetch the patch and \
            refuse what it gives."
        remedy: "Sign a statement for what this patch gives."

    PP542 StatementNotAbove Error: "a number that does not grow"
        symptom: "A previous statement of this release has the same number or a higher one."
        cause: "The number was used before. Devices that have the other patch pass this one over."
        remedy: "Sign the statement with a number above all that were signed for this release."

    PP543 PreviousNotBelieved Error: "a previous statement that is not believed"
        symptom: "A file that `--previous` names is no statement with good signatures."
        cause: "It was changed, or another file was named; so that it does not show which numbers \
            are taken."
        remedy: "Name the statements as they were published."

    PP544 PreviousOtherRelease Error: "a previous statement of another release"
        symptom: "A file that `--previous` names is for another app, version, ABI or base."
        cause: "Numbers count within a release: this statement says nothing about them."
        remedy: "Name the statements that were published for this release."

    PP545 PreviousOlderRoot Note: "a previous statement under an older root"
        symptom: "The newest root does not believe a previous statement; its number counts all the \
            same."
        cause: "Keys were replaced or a threshold was raised since it was signed."
        remedy: "Nothing, if that is so; else name the older roots with `--next-root`."

    PP546 StatementRevoked Error: "a revoked statement"
        symptom: "The root lists the statement among those that nothing may run."
        cause: "Whoever holds the root keys has withdrawn this patch for good."
        remedy: "Ship another patch, under a higher number."

    PP547 StatementBelowFloor Error: "a number below the floor"
        symptom: "The root has a lowest number for this release, and the statement's is below it."
        cause: "Lower patches were withdrawn, so that nobody can serve them again."
        remedy: "Sign the statement with a number at or above the floor."

    PP548 ChannelNotBelieved Error: "a channel statement that is not believed"
        symptom: "The channel statement is malformed, not signed by the channel key, or for \
            another release."
        cause: "It was changed, signed by another server, or belongs to another release or ABI."
        remedy: "Fetch it again from the server, and name it for its ABI."

    PP549 ChannelExpired Error: "a channel statement out of its time"
        symptom: "The channel statement has expired, or was issued in times to come."
        cause: "It is old, or one of two clocks is wrong. Devices install nothing by it."
        remedy: "Let the server sign it anew; mend the clock, or name the moment with `--now`."

    PP550 ChannelDoesNotOffer Error: "the channel does not offer this patch"
        symptom: "The channel statement does not select the patch statement, calls it another \
            number, or rolls it back."
        cause: "It was not promoted yet, was promoted under another statement, or was withdrawn."
        remedy: "Promote this statement on the server, and fetch the channel statement again."

    PP551 StatementNotLookedAt Note: "what the release does not tell"
        symptom: "A field of the statement has nothing in the release to be compared with."
        cause: "A bare library has no manifest, and some manifests name their version elsewhere."
        remedy: "Name the whole build with `--release`, if there is one."

    PP552 StatementCoversMore Note: "the statement covers more than was looked at"
        symptom: "The statement names files or downloads beside the ones that were given."
        cause: "It offers the patch from other bases too, or carries more than the Dart library."
        remedy: "Verify each of the other downloads with its own base before it is published."

    PP561 LegacySignatureMissing Error: "a public key and no signature"
        symptom: "`--public-key` was given, and no `--signature` for the patch."
        cause: "Where an app has a `patch_public_key`, a patch without a signature is refused."
        remedy: "Sign the patch's output, and name the signature with `--signature`."

    PP562 LegacySignatureWrong Error: "a signature that is not over this output"
        symptom: "The RSA signature is not of the public key over the SHA-256 of what the patch \
            gives."
        cause: "It is another patch's or another key's, or one of them was changed."
        remedy: "Sign the hash of the patched library with the key that belongs to the app."

    PP563 LegacyKeyUnusable Error: "a public key that cannot be used"
        symptom: "The file is no `patch_public_key`: base64 of a PKCS#1 `RSAPublicKey`."
        cause: "A key in another form, or another file."
        remedy: "Convert the key to PKCS#1, as the app's `shorebird.yaml` has it."

    PP564 LegacyGuaranteeLost Note: "what the legacy signature does not cover"
        symptom: "The patch is signed in Shorebird's way, which says less than a statement."
        cause: "Nothing but the hash of the output is signed there."
        remedy: "Embed a root of trust in the next release, and sign statements."
    }}};
}
