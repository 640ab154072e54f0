//! Which APKs make up one app, told by their names.

use crate::abi::Abi;

/// The APKs of a set that make up one app, base first, or `None` if there are several apps.
///
/// bundletool writes `splits/`, and for old devices `standalones/` or one `universal.apk`; other
/// tools put the splits of one device at the top.
pub(crate) fn of_set<'a>(names: &[&'a str]) -> Option<Vec<&'a str>> {
    let below = |folders: &[&str]| -> Vec<&'a str> {
        let is_below = |name: &&str| folders.iter().any(|folder| name.starts_with(folder));
        names.iter().copied().filter(is_below).collect()
    };
    if !below(&["splits/"]).is_empty() {
        return Some(base_first(below(&["splits/", "asset-slices/"])));
    }
    if let Some(universal) = names.iter().find(|name| **name == "universal.apk") {
        return Some(vec![universal]);
    }
    let standalones = below(&["standalones/"]);
    if !standalones.is_empty() {
        return Some(standalones);
    }
    of_folder(names)
}

/// The APKs of a folder, if their names say that they are one app: one APK, a base with its splits,
/// or one APK a machine.
pub(crate) fn of_folder<'a>(names: &[&'a str]) -> Option<Vec<&'a str>> {
    if names.len() == 1 {
        return Some(names.to_vec());
    }
    let bases = names.iter().filter(|name| !is_split(name)).count();
    let has_base = names.iter().any(|name| is_base(file_name(name)));
    let is_one_app = names.len() > 1 && bases == 1 && has_base;
    if is_one_app || is_one_a_machine(names) {
        return Some(base_first(names.to_vec()));
    }
    None
}

/// The name of a base APK, as bundletool or a device calls it.
fn is_base(name: &str) -> bool {
    name == "base.apk" || name == "base-master.apk"
}

fn is_split(name: &str) -> bool {
    let name = file_name(name);
    let starts = ["split_", "split-", "split.", "config.", "base-"];
    !is_base(name) && starts.iter().any(|start| name.starts_with(start))
}

/// `app-arm64-v8a-release.apk` beside `app-x86_64-release.apk`: alike but for the machine.
fn is_one_a_machine(names: &[&str]) -> bool {
    let mut machines: Vec<(Abi, String)> = Vec::new();
    for name in names {
        let Some((abi, rest)) = without_machine(name) else {
            return false;
        };
        let first_rest = machines.first().map_or(&rest, |(_, first)| first);
        if *first_rest != rest || machines.iter().any(|(other, _)| *other == abi) {
            return false;
        }
        machines.push((abi, rest));
    }
    !machines.is_empty()
}

/// The machine in a name, and the name without it. The longest word counts: `x86` is in `x86_64`.
fn without_machine(name: &str) -> Option<(Abi, String)> {
    let longest_first = [
        Abi::ArmeabiV7a,
        Abi::Arm64V8a,
        Abi::Riscv64,
        Abi::Riscv32,
        Abi::X86_64,
        Abi::X86,
    ];
    longest_first.into_iter().find_map(|abi| {
        let words = [abi.name().to_owned(), abi.name().replace('-', "_")];
        let word = words.iter().find(|word| name.contains(word.as_str()))?;
        Some((abi, name.replacen(word.as_str(), "*", 1)))
    })
}

fn base_first(mut names: Vec<&str>) -> Vec<&str> {
    names.sort_by_key(|name| (!is_base(file_name(name)), *name));
    names
}

fn file_name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_base_and_its_splits_are_one_app_and_the_base_comes_first() {
        let names = [
            "split_config.arm64_v8a.apk",
            "base.apk",
            "split_config.en.apk",
        ];
        let chosen = of_folder(&names).unwrap();
        assert_eq!(chosen.first(), Some(&"base.apk"));
        assert_eq!(chosen.len(), 3);
    }

    #[test]
    fn one_apk_a_machine_is_one_app() {
        let names = [
            "app-arm64-v8a-release.apk",
            "app-armeabi-v7a-release.apk",
            "app-x86_64-release.apk",
        ];
        assert_eq!(of_folder(&names).unwrap().len(), 3);
    }

    #[test]
    fn a_universal_apk_beside_one_for_a_machine_is_two_builds() {
        assert_eq!(
            of_folder(&["app-release.apk", "app-arm64-v8a-release.apk"]),
            None
        );
    }

    #[test]
    fn two_flavors_are_two_builds() {
        let names = [
            "app-free-arm64-v8a-release.apk",
            "app-paid-x86_64-release.apk",
        ];
        assert_eq!(of_folder(&names), None);
    }

    #[test]
    fn two_bases_are_two_builds() {
        assert_eq!(
            of_folder(&["base.apk", "other.apk", "split_config.en.apk"]),
            None
        );
    }

    #[test]
    fn of_a_set_the_splits_are_taken_before_standalones() {
        let names = [
            "standalones/standalone-arm64_v8a.apk",
            "splits/base-arm64_v8a.apk",
            "splits/base-master.apk",
        ];
        let expected = vec!["splits/base-master.apk", "splits/base-arm64_v8a.apk"];
        assert_eq!(of_set(&names), Some(expected));
    }

    #[test]
    fn of_a_set_without_splits_the_universal_apk_is_taken() {
        let names = ["standalones/standalone-x86.apk", "universal.apk"];
        assert_eq!(of_set(&names), Some(vec!["universal.apk"]));
    }
}
