//! The catalogue itself: each rule once, with everything that is said of it.
//!
//! One macro call makes both the enum and its texts, so that no rule can be without a text. To add
//! a rule, add a block with a new id in ascending order; an id that was ever released is not
//! reused.

use crate::finding::Severity;
use crate::rule::RuleText;

macro_rules! catalogue {
    ($($id:ident $rule:ident $severity:ident: $title:literal
        symptom: $symptom:literal
        cause: $cause:literal
        remedy: $remedy:literal)*) => {
        /// A rule of the catalogue.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum Rule {
            $(#[doc = concat!(stringify!($id), ": ", $title, ".")] $rule,)*
        }

        impl Rule {
            /// What the catalogue says of it.
            #[must_use]
            pub const fn text(self) -> &'static RuleText {
                match self {
                    $(Self::$rule => &RuleText {
                        rule: Self::$rule,
                        id: stringify!($id),
                        title: $title,
                        severity: Severity::$severity,
                        symptom: $symptom,
                        cause: $cause,
                        remedy: $remedy,
                    },)*
                }
            }
        }

        /// Every text, in the order of their ids.
        pub(crate) const TEXTS: &[&RuleText] = &[$(Rule::$rule.text()),*];
    };
}

catalogue! {
    PP101 AbsolutePath Note: "an absolute path inside the library"
        symptom: "The library holds a `file://` address with a folder of the machine that built it."
        cause: "A Dart source without a `package:` address, most often the generated \
            `dart_plugin_registrant.dart` or a `bin/` script, keeps its full path in the snapshot. \
            Another folder gives other bytes, and the path may carry a person's name."
        remedy: "Build in the same folder every time, or give the compiler `--filesystem-root` and \
            `--filesystem-scheme` so that the path becomes a relative one."

    PP102 NotReadyFor16KiBPages Warning: "not ready for 16 KiB pages"
        symptom: "A load segment is aligned to less than 16384 bytes."
        cause: "Android devices with 16 KiB pages refuse to map such a library in a 64-bit \
            process; older compilers align to 4 KiB. A patch cannot change what the release is."
        remedy: "Release with a newer Flutter. A patch for an old release stays as it is."

    PP103 KindUnexpected Error: "a snapshot kind that its layout does not have"
        symptom: "A data blob's kind is not the one of ahead-of-time code in its layout."
        cause: "The split layout numbers ahead-of-time code 3, the unified layout 2. With another \
            number the VM refuses the file (`Precompiled runtime requires a precompiled snapshot`) \
            or, in the unified layout, aborts."
        remedy: "Build it again with `flutter build` or `dart compile aot-snapshot`; never edit it."

    PP104 HeadersDisagree Error: "the blobs of one library disagree"
        symptom: "The VM data and the isolate data of one library name different versions or \
            features."
        cause: "The VM checks both against itself, so one of the two is refused: the file was put \
            together from two builds, or damaged."
        remedy: "Build it again, and take the file from one build only."

    PP105 MachineWordDisagrees Error: "container and features name different machines"
        symptom: "The container is for one machine, and the features' word is for another."
        cause: "The file was edited or damaged: the compiler writes both from one setting. The VM \
            refuses the features."
        remedy: "Build it again; never edit it."

    PP106 BlobLength Error: "a data blob that declares a length it does not have"
        symptom: "A data blob's declared length reaches outside the blob, or leaves no room for \
            its own header."
        cause: "The file was cut short, edited or damaged. A length that is too small is refused \
            (`No full snapshot version found`); one that is too large makes the VM read outside \
            the file and crash."
        remedy: "Take the file from the build again and compare its SHA-256."

    PP107 ImageMisfits Undecided: "an image that does not have the size it says"
        symptom: "Behind a snapshot symbol stands an image whose first word is not its size."
        cause: "A symbol or a length leads to the wrong place: the file was edited or damaged, or \
            a compiler that is not known here lays images out in another way. A VM crashes over \
            the former."
        remedy: "Take the file from the build again and compare its SHA-256; if it is as built, \
            report its compiler."

    PP111 VersionDiffers Error: "snapshots by different compilers"
        symptom: "The two libraries carry different snapshot versions."
        cause: "The snapshot version is a hash over the VM's sources: another Flutter or Dart \
            built the candidate. The released engine answers `Wrong full snapshot version` and \
            the app does not start."
        remedy: "Build the patch with the Flutter version of the release, down to the revision."

    PP112 FeaturesDiffer Error: "snapshots with different features"
        symptom: "The two libraries carry different feature words."
        cause: "Another build mode, another target, or another compiler flag. The released engine \
            answers `Snapshot not compatible with the current VM configuration` and the app does \
            not start."
        remedy: "Build the patch with the flags and for the target of the release."

    PP113 MachineDiffers Error: "snapshots for different machines"
        symptom: "The two libraries are for different processors."
        cause: "The libraries of two ABIs were mixed up. The loader refuses the file."
        remedy: "Compare and patch each ABI with itself: arm64-v8a with arm64-v8a, and so on."

    PP114 ContainerDiffers Error: "snapshots in different containers"
        symptom: "One library is ELF and the other Mach-O, or one is 32-bit and the other 64-bit."
        cause: "Another target, or on macOS another compiler: Dart 3.11 moved from ELF to Mach-O. \
            The loader refuses the file."
        remedy: "Build the patch with the Flutter version of the release, for its target."

    PP115 LayoutDiffers Error: "snapshots of different layouts"
        symptom: "One library has the split layout and the other the unified one."
        cause: "Dart 3.13 replaced four snapshot symbols by two. An engine of the one asks for \
            symbols that the other does not have, and aborts."
        remedy: "Build the patch with the Flutter version of the release."

    PP116 EmbedderDiffers Error: "snapshots compiled for different embedders"
        symptom: "One library was compiled for Flutter and the other for the plain Dart runtime."
        cause: "The VM takes both alike; then the released app's program looks for the library \
            that it holds (`dart:ui` or `dart:_builtin`), does not find it, and the process ends."
        remedy: "Build the patch as the release was built: with `flutter build` for an app."

    PP121 EngineVersion Error: "the engine takes another snapshot version"
        symptom: "The engine's snapshot version is not the library's."
        cause: "Another Flutter or Dart built the library. The engine answers `Wrong full snapshot \
            version, expected 'A' found 'B'` and the app does not start."
        remedy: "Build the library with the Flutter version that the engine belongs to."

    PP122 EngineFeatures Error: "the engine has other features"
        symptom: "The library asks for a feature word that the engine does not have."
        cause: "Another build mode, target or compiler flag. The engine answers `Snapshot not \
            compatible with the current VM configuration` and the app does not start."
        remedy: "Build the library for the engine's target and mode, with its flags."

    PP123 EngineMachine Error: "the engine is for another machine"
        symptom: "The engine is for one processor and the library for another."
        cause: "The libraries of two ABIs were mixed up. The loader refuses the file."
        remedy: "Check each library with the engine that lies beside it."

    PP124 EngineContainer Error: "the engine loads another container"
        symptom: "The engine is ELF and the library Mach-O, or the other way round, or one is \
            32-bit and the other 64-bit."
        cause: "The library was built for another system, or by another compiler. It is refused."
        remedy: "Check each library with the engine that lies beside it."

    PP125 EngineLayout Error: "the engine asks for the symbols of the other layout"
        symptom: "The library's layout is not the one that the engine looks for."
        cause: "Dart 3.13 replaced four snapshot symbols by two. The engine answers `Failed to \
            resolve symbol` and aborts; nothing can catch that."
        remedy: "Build the library with the Flutter version that the engine belongs to."

    PP126 EngineEmbedder Error: "the app was compiled for another embedder"
        symptom: "The library was compiled for Flutter and the engine is the plain Dart runtime, \
            or the other way round."
        cause: "The VM takes the snapshot, then the embedder looks for a library that it holds \
            (`dart:ui` in Flutter, `dart:_builtin` in the plain runtime), does not find it, and \
            the process ends."
        remedy: "Give the engine that the app runs in: for Flutter, its libflutter."

    PP127 EngineVersionUnsettled Undecided: "which version the engine takes could not be settled"
        symptom: "The engine holds no snapshot version, or several strings that could be it."
        cause: "The version stands in an engine as a bare string of 32 hex digits, and other \
            strings can look the same. What cannot be told apart is not guessed."
        remedy: "Give the engine as it was shipped, not packed or stripped of its read-only data; \
            if it is, report the engine's version so that it can be told apart."

    PP128 EngineFeaturesUnsettled Undecided: "which features the engine takes could not be settled"
        symptom: "The engine's strings do not settle a feature word of the library."
        cause: "An engine does not store its features as one string; the words stand one by one, \
            and for some both forms stand there. What cannot be told apart is not guessed."
        remedy: "Compare the library with one that this engine is known to run: equal features \
            settle it without the engine."

    PP129 EngineLayoutUnsettled Undecided: "which layout the engine asks for could not be settled"
        symptom: "The engine names the snapshot symbols of neither layout, or of both."
        cause: "The file is packed, damaged, or no engine at all."
        remedy: "Give the engine as it was shipped: dartaotruntime, or Flutter's engine library."

    PP201 OtherBase Error: "the patch was made against another base"
        symptom: "The patch is well-formed, and over the released library it does not give the \
            patched build."
        cause: "It was made from another build than the one that was shipped: a rebuild that \
            differs, the wrong ABI, or a library taken before it was stripped. On a device the \
            hash fails after download, on every device."
        remedy: "Make the patch from the very file that was shipped, out of the APK or AAB that \
            users have, and compare its SHA-256."

    PP202 PatchMalformed Error: "the patch is malformed"
        symptom: "The patch does not follow its format."
        cause: "It was cut short, damaged, or made by a tool that writes what strict decoders \
            refuse."
        remedy: "Make the patch again with `patchproof diff`, and compare its SHA-256 after each \
            copy."

    PP203 DecodersDisagree Error: "our two decoders disagree"
        symptom: "Both decoders take the patch, and they give different bytes."
        cause: "A bug of Patchproof's. Nothing can be said of this patch until it is mended."
        remedy: "Report it, with the patch and the base if you may share them. Ship nothing."

    PP204 PatchOverLimit Error: "the patch asks for more than its limits allow"
        symptom: "The patch asks for a larger output, window or stream than a patch over this base \
            may."
        cause: "It was made to exhaust a device, or over another base by far."
        remedy: "Make the patch again with `patchproof diff` from the released library."

    PP205 NothingToShip Warning: "the patched build is the released one"
        symptom: "The released and the patched library are the same bytes."
        cause: "Nothing changed in Dart, or the build took up an older output: a stale library is \
            the usual reason for a patch that does nothing."
        remedy: "Clean and build again; if nothing changed in Dart, there is nothing to patch."

    PP301 InputMissing Undecided: "an input was not given"
        symptom: "A required link has no input."
        cause: "The command line names fewer files than the chain needs."
        remedy: "Give the option that the message names."

    PP302 InputUnreadable Undecided: "an input could not be read"
        symptom: "A file is missing, not readable, or not what it should be."
        cause: "A wrong path, a file of another kind, or a damaged one."
        remedy: "Check the path, and look at the file with `patchproof inspect`."

    PP303 OtherAbi Undecided: "an input is for another ABI"
        symptom: "An input names or holds another ABI than the release."
        cause: "The files of two ABIs were mixed up, or `--abi` names one that is not there."
        remedy: "Give the file of the release's ABI."

    PP304 NotReached Undecided: "an earlier link decides"
        symptom: "This link says nothing."
        cause: "A link before it is broken or undecided, so that this one has no input to look at."
        remedy: "Mend the earlier link first."
}
