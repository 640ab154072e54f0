//! The catalogue itself: each rule once, with everything that is said of it.
//!
//! One macro call makes both the enum and its texts, so that no rule can be without a text. To add
//! a rule, add a block with a new id in ascending order; an id that was ever released is not
//! reused. The files below hand their blocks on, each behind those that come before.

#[macro_use]
mod rehearsal;
#[macro_use]
mod statements;

use crate::finding::Severity;
use crate::rule::RuleText;

macro_rules! catalogue {
    ({$($id:ident $rule:ident $severity:ident: $title:literal
        symptom: $symptom:literal
        cause: $cause:literal
        remedy: $remedy:literal)*}) => {
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

and_statements! { and_rehearsal catalogue {
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

    PP206 OtherOutput Error: "the patch gives another build"
        symptom: "The patch is for the released library, and what it gives is not the patched \
            build."
        cause: "It was made for another new file: an older build, or one that was not stripped yet."
        remedy: "Make the patch to the very file that was named as the patched build."

    PP207 PatchTooNew Undecided: "a patch that this version cannot follow"
        symptom: "The patch needs a transform that this version of Patchproof does not have."
        cause: "It was made by a newer version."
        remedy: "Use the version that made it, or a newer one."

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

    PP305 AbiMissing Undecided: "an ABI of the release is not covered"
        symptom: "The release holds a library for an ABI, and the patched build or the patches do \
            not."
        cause: "A build for fewer ABIs, or a patch that was left out. Tools that skip such an ABI \
            in silence leave its users without the patch."
        remedy: "Build and patch every ABI of the release, or narrow the check with `--abi` on \
            purpose."

    PP306 AbiFolderDisagrees Error: "a library in the folder of another ABI"
        symptom: "A library lies in the folder of one ABI and is machine code for another."
        cause: "The release was put together by hand or by a script that mixes folders up. A \
            device of that ABI refuses the library."
        remedy: "Build the release again, and let the build lay the libraries out."

    PP307 NoDartLibrary Undecided: "no Dart library in the release"
        symptom: "The archive or folder holds no `libapp.so`, nor what it is called on the \
            platform."
        cause: "It is no Flutter app, a debug build, which runs from kernel files, or a folder \
            above or below the app."
        remedy: "Name the release build that was shipped: the AAB or APK, or the app folder itself."

    PP308 NotAReleaseBuild Warning: "not a release build"
        symptom: "The manifest says debuggable, or the snapshot is not built in product mode."
        cause: "A debug or profile build was named. Stores refuse it, and users have another file."
        remedy: "Name the build that users have: `flutter build` with `--release`."

    PP309 VersionsDisagree Error: "the parts of one release name different versions"
        symptom: "Two manifests of one release name another app id, version name or version code."
        cause: "The parts were collected from two builds."
        remedy: "Take all parts from one build or one download."

    PP310 StrippedOnOneSideOnly Warning: "one library is stripped and the other is not"
        symptom: "The released library has the names of its functions and the other has not, or \
            the other way round."
        cause: "Another Flutter, or another NDK: from Flutter 3.44 on the Gradle plugin strips \
            with the tools of the NDK. The file before stripping is never the one that users \
            have."
        remedy: "Take both libraries out of the final AAB or APK, and pin the NDK."

    PP311 ArchiveRefused Undecided: "an archive that is refused"
        symptom: "The archive has two readings, leaves its own folder, or asks for more than an \
            app may."
        cause: "Duplicate names, overlapping entries, headers that disagree, encryption or absurd \
            sizes: two readers could see two apps in it, so nothing is said of either."
        remedy: "Build the archive again with the tools of the platform; if it is as built, report \
            the tool."

    PP312 ManifestUnreadable Warning: "a manifest that cannot be read"
        symptom: "The app manifest is there and cannot be read, so that app id and version stay \
            unknown."
        cause: "It is damaged, or of a form that is not known here."
        remedy: "Check the archive with the tools of the platform; report the manifest if these \
            read it."

    PP313 ManyBuilds Undecided: "several builds in one folder"
        symptom: "The folder holds more than one build, or two libraries for one ABI."
        cause: "The outputs of several builds lie beside each other: a whole APK beside its split \
            ones, or two flavors."
        remedy: "Name the one archive, or the folder with the parts of one build only."

    PP401 RebuildDiffers Error: "the rebuilt library is not the released one"
        symptom: "The library out of the release and the rebuilt one are different bytes."
        cause: "The findings beside this one name what was seen; each says how sure it is."
        remedy: "Mend the causes that are named, rebuild, and compare again. Make patches from the \
            released library only."

    PP402 EquivalentOnly Error: "equal but for the build id"
        symptom: "The two libraries are the same in every byte but those of the build id note."
        cause: "The note is a hash or number that a linker or a later tool writes; no code and no \
            data depends on it."
        remedy: "Build with the same tools; or accept it with `--accept build-id`, which counts \
            such a library as rebuilt."

    PP403 EquivalenceAccepted Note: "an equivalence was accepted"
        symptom: "The two libraries differ, in the listed bytes only, and the policy accepts it."
        cause: "`--accept` names this equivalence."
        remedy: "Nothing, or leave `--accept` out to ask for identical bytes."

    PP411 CauseOtherCompiler Note: "built by another compiler"
        symptom: "The two libraries carry different snapshot versions."
        cause: "The version is a hash over the VM's sources: another Flutter or Dart built the one \
            of them."
        remedy: "Rebuild with the Flutter of the release, down to the revision, and with its lock \
            file (`flutter pub get --enforce-lockfile`)."

    PP412 CauseOtherFeatures Note: "built with other features"
        symptom: "The two libraries carry different feature words."
        cause: "Another mode, another target, or another flag for the compiler."
        remedy: "Rebuild with the command line of the release: mode, target and \
            `--extra-gen-snapshot-options`."

    PP413 CauseNotDeterministic Note: "built without the same order of objects"
        symptom: "The same snapshot version and features, and functions or strings in another \
            order; names may be swapped between functions of one size."
        cause: "The compiler was run without `--deterministic`, on another host, or with another \
            input order."
        remedy: "Let `flutter build` run the compiler, which passes `--deterministic`, and rebuild \
            on the host system of the release."

    PP414 CauseObfuscation Note: "obfuscated on one side only, or by another map"
        symptom: "Names of the one library do not stand in the other, and short made-up ones stand \
            there instead."
        cause: "`--obfuscate` was given for one of the builds only, or both made a map of their \
            own."
        remedy: "Rebuild with `--obfuscate` and the saved map of the release, or with neither."

    PP415 CauseOtherPath Note: "built in another folder"
        symptom: "The libraries hold `file://` addresses with different folders."
        cause: "A Dart source without a `package:` address keeps its full path. A path of another \
            length moves everything after it."
        remedy: "Rebuild in the folder of the release, or build both with `--filesystem-root` and \
            `--filesystem-scheme`."

    PP416 CauseStripping Note: "stripped by another tool"
        symptom: "What a loader maps is the same; what it does not map is not."
        cause: "Names of functions and debugging information were stripped on one side only, or by \
            another NDK."
        remedy: "Take both libraries out of the final archive, and pin the NDK of the release."

    PP417 CauseOtherLinking Note: "the same snapshot in another container"
        symptom: "Every snapshot blob is the same, and the container around them is not."
        cause: "Another linker, alignment or later tool laid the file out."
        remedy: "Rebuild with the Flutter and NDK of the release."

    PP418 CauseOtherSources Note: "built from other sources"
        symptom: "Functions or strings came or went."
        cause: "Another commit, another version of a package, or other `--dart-define` values."
        remedy: "Check out the commit of the release, and keep its lock file and defines."

    PP419 CausePatchedBuild Note: "the rebuilt library is the patched build"
        symptom: "The rebuilt library and the patched build are the same bytes."
        cause: "The patched build was named as the rebuilt one, or the rebuild took the newer \
            sources."
        remedy: "Name the rebuild of the release itself with `--rebuilt`."

    PP420 CauseCutShort Note: "one library is the beginning of the other"
        symptom: "The shorter library is, byte for byte, the beginning of the longer one."
        cause: "A copy or a download ended early, or something was put behind the file."
        remedy: "Take the file from the build again."

    PP421 CauseOtherMachine Note: "built for another machine"
        symptom: "The two libraries are for different processors, containers or layouts."
        cause: "The files of two ABIs or two platforms were mixed up."
        remedy: "Compare each library with its own kind."

    PP422 CauseOtherEmbedder Note: "built for another embedder"
        symptom: "One library is an app for Flutter and the other for the plain Dart runtime."
        cause: "One of the two is not the app at all."
        remedy: "Name the two builds of the same app."

    PP423 CauseUnknown Note: "no known cause"
        symptom: "The libraries differ in a way that no entry of the catalogue describes."
        cause: "Not known. Nothing is guessed."
        remedy: "Compare the regions that are listed, and report the case if both builds were made \
            alike."

    PP424 CausePageAlignment Note: "laid out for other page sizes"
        symptom: "The load segments of the two libraries have different alignments."
        cause: "Another Flutter or linker flag: newer ones lay 64-bit libraries out for pages of \
            16 KiB."
        remedy: "Rebuild with the Flutter of the release."

    PP431 OtherPartBuildId Note: "a native library with another build id"
        symptom: "A native library beside the Dart one differs in its build id note only."
        cause: "The linker's hash covers the folder of the NDK; a plugin's library \
            (`libdartjni.so` is the usual one) then differs on every machine."
        remedy: "Link the plugin with `-Wl,--build-id=none`, or use the NDK of the release in the \
            same folder."

    PP432 OtherPartNativeAssets Note: "another native-assets manifest"
        symptom: "`NativeAssetsManifest.json` differs."
        cause: "It lists the ABIs that were built: a build for one ABI and a build for all write \
            different ones."
        remedy: "Rebuild with the `--target-platform` and `--split-per-abi` of the release."

    PP433 OtherPartBuildRecord Note: "another build record"
        symptom: "A file in which the build tools note versions, dependencies or the commit \
            differs."
        cause: "Another commit, Android Gradle plugin or dependency list. No code depends on it."
        remedy: "Rebuild from the commit of the release with its Gradle files."

    PP434 OtherPartProfile Note: "another baseline profile"
        symptom: "`baseline.prof` or `baseline.profm` differs."
        cause: "The profile is made from the dex files and changes with them, or is written in \
            another order."
        remedy: "Rebuild with the JDK and Android Gradle plugin of the release."

    PP435 OtherPartDex Note: "other dex files"
        symptom: "A `classes.dex` of the rebuild differs from the released one."
        cause: "Another JDK, R8 or plugin version; R8 also writes a map id into each file."
        remedy: "Rebuild with the JDK and Gradle files of the release."

    PP437 OtherPartDiffers Note: "another file beside the library"
        symptom: "A file beside the Dart library differs, came or went."
        cause: "The rebuild is not the released one in this part. The `rebuild` link is about the \
            Dart library alone."
        remedy: "Look at the files that are listed, if you want the whole archive to be \
            reproducible."

    PP438 OtherPartSignature Note: "another signature"
        symptom: "The signature files of the two archives differ."
        cause: "Two keys, or a store that signed again. A signature is an input, which no rebuild \
            gives."
        remedy: "Nothing."

    PP501 DexChanged Error: "the dex code changed"
        symptom: "A `classes.dex` of the patched build differs from the released one, came or went."
        cause: "Java or Kotlin code, a plugin, or the tools that compile them changed. A patch \
            carries Dart code only: new Dart code would call what the released app does not have."
        remedy: "Ship a new release through the store; or build the patch with the plugins, JDK \
            and Gradle files of the release."

    PP502 NativeLibraryChanged Error: "a native library changed"
        symptom: "A native library beside the Dart one differs, came or went."
        cause: "A plugin or the NDK changed. A patch does not carry it, and the new Dart code may \
            need it."
        remedy: "Ship a new release through the store; or build the patch with the plugins and NDK \
            of the release."

    PP503 EngineChanged Error: "the engine changed"
        symptom: "The Flutter engine of the patched build is not the released one."
        cause: "Another Flutter built the patch. On devices the patch runs in the released engine."
        remedy: "Build the patch with the Flutter of the release, down to the revision."

    PP504 AssetChanged Error: "an asset changed or came"
        symptom: "A file under the assets differs from the released one, or is new."
        cause: "A code patch carries no assets: users keep the old one, and new code that asks for \
            a new one fails."
        remedy: "Ship a new release through the store, or leave the asset as it was."

    PP505 AssetRemoved Note: "an asset went"
        symptom: "A file under the assets is no longer in the patched build."
        cause: "Users keep it. It takes room and does no harm."
        remedy: "Nothing."

    PP506 ManifestChanged Error: "the app manifest changed"
        symptom: "The manifest of the patched build differs from the released one."
        cause: "Components, intents or settings changed. The system reads the released manifest \
            only."
        remedy: "Ship a new release through the store, or leave the manifest as it was."

    PP507 PermissionsChanged Error: "the permissions changed"
        symptom: "The patched build asks for other permissions than the release."
        cause: "A plugin or the manifest changed. A patch cannot ask for a permission that the \
            installed app does not have: calls that need it fail."
        remedy: "Ship a new release through the store, or leave the permission out."

    PP508 ResourcesChanged Error: "the resources changed"
        symptom: "The resource table or a resource file differs, came or went."
        cause: "Icons, texts, styles or a plugin's resources changed. A patch does not carry them."
        remedy: "Ship a new release through the store, or leave the resources as they were."

    PP509 OtherFileChanged Error: "another file of the app changed"
        symptom: "A file that is neither code, asset nor resource differs, came or went."
        cause: "A program, a framework or a data file of the app changed. A patch does not carry \
            it."
        remedy: "Ship a new release, or build the patch from the same files."

    PP510 ChangeIgnored Note: "changes that do not matter"
        symptom: "Files differ that a device does not run or read."
        cause: "Build records, signatures and licence texts. Each is listed with the reason why it \
            does not matter."
        remedy: "Nothing."

    PP511 ShapesDiffer Undecided: "a release and a patched build of different shapes"
        symptom: "The release and the patched build are archives of different kinds."
        cause: "An AAB and an APK hold the same app in different forms, so that file by file they \
            cannot be compared."
        remedy: "Build and name the patched build in the shape of the release."

    PP512 VersionChanged Error: "the patched build is of another version"
        symptom: "App id, version name or version code of the patched build are not those of the \
            release."
        cause: "The patched build is one for another release. A patch does not change the version \
            that the system knows."
        remedy: "Build the patch from the release's version: the same `--build-name` and \
            `--build-number`."
}}
