//! What a device keeps of what it was told.

use patchproof_lifecycle::GenerationId;
use patchproof_rehearsal::{SimDisk, SimProcess};
use patchproof_storage::generation::{self, Finding};
use patchproof_storage::{Storage as _, StoragePath};
use serde_json::Value;

/// What is installed lies there to the last byte.
pub(super) fn is_in_place(process: &SimProcess, id: &GenerationId) {
    let place = StoragePath::new(&format!("generations/{id}")).expect("a path of ours");
    let found = generation::check(process, &place);
    let manifest = match &found {
        Finding::Whole(manifest) => Some(manifest),
        Finding::Damaged(_) | Finding::Missing | Finding::Unreadable(_) => None,
    };
    assert!(manifest.is_some(), "what is installed is {found:?}");
    let files = manifest.into_iter().flat_map(|manifest| manifest.files());
    let of_files = files.map(|file| (file.name.as_str(), &file.sha256));
    assert_eq!(
        GenerationId::of_files(of_files),
        *id,
        "it is something else"
    );
}

/// However much was sent, the disk keeps little of it.
pub(super) fn is_bounded(disk: &SimDisk) {
    let process = disk.process();
    let size = |path: &String| {
        let path = StoragePath::new(path).expect("a path of the disk");
        process.stamp(&path).map_or(0, |stamp| stamp.length_bytes)
    };
    let bytes: u64 = disk.files().iter().map(size).sum();
    assert!(bytes <= DISK_BYTES_MAX, "{bytes} bytes are kept");
}

/// Whether an answer offers this.
pub(super) fn announces(answer: &[u8], number: u64, id: &GenerationId) -> bool {
    let answer: Value = serde_json::from_slice(answer).unwrap_or_default();
    let said = |name: &str| answer.get("patch").and_then(|patch| patch.get(name));
    let mut sha256 = [0; 32];
    let hash = said("hash").and_then(Value::as_str).unwrap_or_default();
    hex::decode_to_slice(hash, &mut sha256).is_ok()
        && GenerationId::of_files([("libapp.so", &sha256)]) == *id
        && said("number").and_then(Value::as_u64) == Some(number)
}

/// Two slots, three generations of a few KiB, and one download.
const DISK_BYTES_MAX: u64 = 512 << 10;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_announces_its_own_patch_alone() {
        let id = GenerationId::of_files([("libapp.so", &[7; 32])]);
        let answer = format!(r#"{{"patch":{{"number":3,"hash":"{}"}}}}"#, "07".repeat(32));
        assert!(announces(answer.as_bytes(), 3, &id));
        assert!(!announces(answer.as_bytes(), 4, &id));
        assert!(!announces(b"{}", 3, &id));
    }
}
