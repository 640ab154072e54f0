//! Files that may differ between a release and its patched build: policy as data, each line with
//! its reason.

/// A file that no device runs or reads for the app's behaviour.
pub(super) struct Ignored {
    matches: fn(&str) -> bool,
    /// Why a difference does not matter.
    pub(super) reason: &'static str,
}

/// Why a path may differ, if it may.
pub(super) fn reason(path: &str) -> Option<&'static str> {
    let path = path.strip_prefix("base/root/").unwrap_or(path);
    let found = IGNORED.iter().find(|ignored| (ignored.matches)(path));
    found.map(|ignored| ignored.reason)
}

/// The list. A file that a device reads as code, resource or asset must not be on it.
const IGNORED: &[Ignored] = &[
    Ignored {
        matches: |path| {
            path.starts_with("META-INF/")
                && [".SF", ".RSA", ".DSA", ".EC", "MANIFEST.MF"]
                    .iter()
                    .any(|end| path.ends_with(end))
        },
        reason: "a signature over the archive, which is another for every archive",
    },
    Ignored {
        matches: |path| {
            path.starts_with("META-INF/com/android/build/")
                || path == "META-INF/version-control-info.textproto"
                || path.starts_with("META-INF/") && path.ends_with(".version")
                || path.starts_with("META-INF/") && path.ends_with(".kotlin_module")
        },
        reason: "a record of the build tools or the commit, which the app does not read",
    },
    Ignored {
        matches: |path| path.starts_with("BUNDLE-METADATA/"),
        reason: "metadata for the store, which no device is given",
    },
    Ignored {
        matches: |path| path.ends_with("flutter_assets/NOTICES.Z") || path.ends_with("/NOTICES"),
        reason: "licence texts, which follow the packages and not the app",
    },
    Ignored {
        matches: |path| {
            path.ends_with("flutter_assets/AssetManifest.bin")
                || path.ends_with("flutter_assets/AssetManifest.json")
                || path.ends_with("flutter_assets/AssetManifest.bin.json")
        },
        reason: "a list of the assets, which are compared themselves",
    },
    Ignored {
        matches: |path| {
            path.ends_with("dexopt/baseline.prof") || path.ends_with("dexopt/baseline.profm")
        },
        reason: "a profile made from the dex files, which are compared themselves",
    },
    Ignored {
        matches: |path| path.ends_with(".idsig") || path.ends_with("stamp-cert-sha256"),
        reason: "a signature beside the archive",
    },
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_device_reads_is_never_ignored() {
        for path in [
            "classes.dex",
            "lib/arm64-v8a/libflutter.so",
            "AndroidManifest.xml",
            "resources.arsc",
            "assets/flutter_assets/logo.png",
            "assets/flutter_assets/shorebird.yaml",
            "assets/flutter_assets/NativeAssetsManifest.json",
            "META-INF/services/java.net.spi.URLStreamHandlerProvider",
            "base/dex/classes.dex",
        ] {
            assert_eq!(reason(path), None, "{path}");
        }
    }

    #[test]
    fn signatures_and_build_records_are_ignored_with_a_reason() {
        for path in [
            "META-INF/CERT.RSA",
            "base/root/META-INF/version-control-info.textproto",
            "BUNDLE-METADATA/com.android.tools.build.libraries/dependencies.pb",
            "base/assets/flutter_assets/NOTICES.Z",
            "assets/dexopt/baseline.prof",
        ] {
            assert!(reason(path).is_some(), "{path}");
        }
    }
}
