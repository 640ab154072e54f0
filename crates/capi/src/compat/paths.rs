//! Where the bundled library lies, out of the paths that an engine knows.

use std::path::{Path, PathBuf};

use patchproof_device::{Arch, BaseLibrary};

/// Where Android has the library whose path is `library`, such as
/// `/data/app/NAME/lib/arm64/libapp.so`: there, if the system extracted it, else in an APK of that
/// app's folder. A split of the ABI goes before the whole APK.
pub(crate) fn in_android(library: &Path, arch: Arch) -> BaseLibrary {
    if library.is_file() {
        return BaseLibrary::File(library.to_owned());
    }
    let (abi, name) = (abi(arch), library.file_name().unwrap_or_default());
    let entry = format!("lib/{abi}/{}", name.to_string_lossy());
    let app = library.ancestors().nth(3).unwrap_or(library);
    let split = app.join(format!("split_config.{}.apk", abi.replace('-', "_")));
    let apk: PathBuf = match split.is_file() {
        true => split,
        false => app.join("base.apk"),
    };
    BaseLibrary::ApkEntry { apk, entry }
}

const fn abi(arch: Arch) -> &'static str {
    match arch {
        Arch::Aarch64 => "arm64-v8a",
        Arch::Arm => "armeabi-v7a",
        Arch::X86 => "x86",
        _ => "x86_64",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(files: &[&str]) -> String {
        let app = tempfile::tempdir().unwrap();
        for file in files {
            let path = app.path().join(file);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, b"").unwrap();
        }
        let library = app.path().join("lib/arm64/libapp.so");
        let found = format!("{:?}", in_android(&library, Arch::Aarch64));
        found.replace(&format!("{}/", app.path().display()), "")
    }

    #[test]
    fn a_library_that_the_system_extracted_is_the_base() {
        let files = ["lib/arm64/libapp.so", "base.apk"];
        assert_eq!(found(&files), "lib/arm64/libapp.so");
    }

    #[test]
    fn the_split_of_the_abi_goes_before_the_whole_apk() {
        let files = ["base.apk", "split_config.arm64_v8a.apk"];
        assert_eq!(
            found(&files),
            "split_config.arm64_v8a.apk!/lib/arm64-v8a/libapp.so"
        );
    }

    #[test]
    fn without_a_split_the_library_is_in_the_whole_apk() {
        assert_eq!(found(&["base.apk"]), "base.apk!/lib/arm64-v8a/libapp.so");
    }
}
