//! Any state that a device may find: whatever lies in its slots, manifests and files, it starts,
//! with the release or with something that is whole, vouched for and not banned.

mod documents;
mod scenes;

use patchproof_device::Outcome;
use patchproof_rehearsal::SimProcess;
use patchproof_storage::generation::Finding;
use serde_json::Value;

use super::choices::Choices;
use super::noise::noise;
use super::storage_images::reading::{bytes, sealed, slot};
use super::storage_images::stranger::{clear, counter, make_folder, put};
use super::{Reached, Target};
use crate::phone::{App, Phone, Seen};
use crate::power;
use scenes::{Scene, Signed, scenes};

/// The target.
pub static TARGET: Target = Target {
    name: "state_any",
    about: "a device starts from any state, and boots nothing that is banned or not vouched for",
    depth: "the device read a document that was written by hand",
    run,
    seeds,
    dictionary: documents::WORDS,
    bytes_max: 2048,
};

fn run(data: &[u8]) -> Reached {
    let mut choices = Choices::new(data);
    let scenes = scenes();
    let index = choices.below(scenes.len());
    let Some(scene) = scenes.get(index) else {
        return Reached::Surface;
    };
    let mut phone = scene.phone.fork();
    let mut by_hand = Vec::new();
    let process = phone.disk.process();
    for name in SLOTS {
        by_hand.extend(write_slot(scene, &process, name, &mut choices));
    }
    for _ in 0..choices.below(4) {
        write_file(&phone, &process, &mut choices);
    }
    if choices.flag() {
        phone.machine.restart();
    }
    let newest = newest_document(&process);
    let app = start(&mut phone, scene.signed.as_ref());
    let read = !app.notices().iter().any(|notice| UNREAD.contains(notice));
    let is_by_hand = newest.is_some_and(|document| by_hand.contains(&document));
    goes_on(&mut phone, scene, app);
    match read && is_by_hand {
        true => Reached::Depth,
        false => Reached::Surface,
    }
}

/// Whatever a slot shall be; gives the payload where it is right and not the device's own.
fn write_slot(
    scene: &Scene,
    process: &SimProcess,
    name: &str,
    choices: &mut Choices<'_>,
) -> Option<Vec<u8>> {
    let counter = counter(choices);
    let payload = match choices.below(9) {
        0 => return None,
        1 => {
            clear(process, name);
            return None;
        }
        2 => {
            put(process, name, choices.bytes(300));
            return None;
        }
        3 => choices.bytes(600).to_vec(),
        4 => scene.earlier(choices).to_vec(),
        _ => documents::edited(scene, choices),
    };
    let mut slot = sealed(counter, &payload);
    if choices.one_in(12) {
        let at = choices.below(slot.len());
        let mask = choices.byte();
        slot.iter_mut()
            .skip(at)
            .take(1)
            .for_each(|byte| *byte ^= mask);
    }
    put(process, name, &slot);
    Some(payload)
}

/// Some other file is something else, or a folder, or away.
fn write_file(phone: &Phone, process: &SimProcess, choices: &mut Choices<'_>) {
    let mut all = phone.disk.files();
    all.extend(MORE_FILES.map(str::to_owned));
    all.retain(|path| !SLOTS.contains(&path.as_str()));
    let Some(path) = all.get(choices.below(all.len())) else {
        return;
    };
    let mut file = bytes(process, path).unwrap_or_default();
    match choices.below(6) {
        0 => clear(process, path),
        1 => make_folder(process, path),
        2 => put(process, path, choices.bytes(200)),
        3 => {
            file.truncate(choices.below(file.len() + 1));
            put(process, path, &file);
        }
        _ => {
            for _ in 0..=choices.below(3) {
                let at = choices.below(file.len());
                let mask = choices.byte();
                file.iter_mut()
                    .skip(at)
                    .take(1)
                    .for_each(|byte| *byte ^= mask);
            }
            put(process, path, &file);
        }
    }
}

/// What is in the slot that counts, by a second reading.
fn newest_document(process: &SimProcess) -> Option<Vec<u8>> {
    let [a, b] = SLOTS.map(|name| slot(process, name));
    match (a, b) {
        (Some(a), Some(b)) if b.0 > a.0 => Some(b.1),
        (Some(a), _) => Some(a.1),
        (None, b) => b.map(|(_, payload)| payload),
    }
}

/// Starts the app, and holds what boots against the state that it was chosen by.
fn start(phone: &mut Phone, signed: Option<&Signed>) -> App<SimProcess> {
    let document = newest_document(&phone.disk.process());
    let document = document.and_then(|json| serde_json::from_slice::<Value>(&json).ok());
    let app = phone.start(&[]);
    let Seen::Patch(id) = app.seen() else {
        return app;
    };
    let document = document.unwrap_or_default();
    let words = document
        .get("lifecycle")
        .and_then(|state| state.get("words"));
    let words = words.and_then(|words| words.get(app.updater.release().to_string()));
    let said = |name: &str| words.and_then(|words| words.get(name));
    let is_banned = said("known_bad").is_some_and(|bad| bad.get(id.to_string()).is_some());
    assert!(!is_banned, "what the state calls known bad runs");
    let floor = said("floor").and_then(Value::as_u64).unwrap_or(0);
    let number = app.number();
    assert!(number >= floor, "{number} runs below the floor of {floor}");
    let is_vouched = signed.is_none_or(|signed| signed.contains(&id));
    assert!(is_vouched, "what nobody signed runs");
    if !divergence::a_look_is_believed(&document, &id.to_string(), phone) {
        let violation = power::safe(phone, &app.boot, "a start from any state");
        assert!(violation.is_none(), "{violation:?}");
    }
    app
}

/// The app goes on as apps do: nothing of it panics, and the next start is as good.
fn goes_on(phone: &mut Phone, scene: &Scene, app: App<SimProcess>) {
    drop(app.healthy());
    drop(app.send_events());
    let diagnostics = app.updater.diagnostics();
    drop(serde_json::to_string(&diagnostics).expect("diagnostics are JSON"));
    if let Ok(updated) = app.update()
        && let Outcome::Installed { id, number } = updated.outcome
    {
        let offered = phone.server.offered(phone.release);
        let offered = offered.map(|(number, library)| (number, library.id));
        assert_eq!(
            Some((number, id)),
            offered,
            "what is installed was not offered"
        );
        let place = format!("generations/{id}");
        let place = patchproof_storage::StoragePath::new(&place).expect("a path of ours");
        let found = patchproof_storage::generation::check(app.updater.storage(), &place);
        assert!(
            matches!(found, Finding::Whole(_)),
            "what is installed is {found:?}"
        );
    }
    drop(app);
    let app = start(phone, scene.signed.as_ref());
    drop(app.failed());
    drop(app);
    drop(start(phone, scene.signed.as_ref()));
}

/// What this oracle lets pass.
mod divergence {
    use serde_json::Value;

    use crate::phone::Phone;

    /// Of a generation that was hashed in this run of the machine, a state that says so is believed
    /// as long as the stamps of its files are the same. Whoever writes into the folder can say so
    /// of anything, as nothing in the state is signed.
    pub(super) fn a_look_is_believed(document: &Value, id: &str, phone: &Phone) -> bool {
        let look = document.get("looks").and_then(|looks| looks.get(id));
        let boot = look
            .and_then(|look| look.get("boot_id"))
            .and_then(Value::as_str);
        boot == Some(hex::encode(phone.machine.boot_id()).as_str())
    }
}

/// Slot a stays; slot b counts further and holds an earlier document, or an edited one.
fn seeds() -> Vec<(String, Vec<u8>)> {
    let scenes = 0..u8::try_from(scenes().len()).unwrap_or(1);
    let of_scene = |scene: u8| {
        let head = [scene, 3, 1, 0, 3, 60];
        let replayed = (
            format!("replayed-{scene}"),
            [head.as_slice(), &[4, 1]].concat(),
        );
        let edited = (0..4).map(move |seed| {
            let tail = noise(seed, 100);
            let input = [head.as_slice(), &[5], &tail].concat();
            (format!("edited-{scene}-{seed}"), input)
        });
        edited.chain([replayed])
    };
    scenes.flat_map(of_scene).collect()
}

const SLOTS: [&str; 2] = ["state-a", "state-b"];
/// Names that may lie there and do not.
const MORE_FILES: [&str; 6] = [
    "state-a.tmp",
    "staging/new/libapp.so",
    "downloads/x.part",
    "generations/x",
    "generations",
    "processes/1",
];
/// Notices of a start that could read no document.
const UNREAD: [&str; 3] = ["document_unreadable", "state_lost", "disk_failed"];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn some_seed_of_each_scene_reaches_the_depth() {
        let deep = seeds()
            .into_iter()
            .filter(|(_, seed)| run(seed) == Reached::Depth);
        let mut scenes: Vec<u8> = deep.map(|(_, seed)| seed[0]).collect();
        scenes.dedup();
        assert!(scenes.len() >= 2, "{scenes:?}");
    }

    #[test]
    #[should_panic(expected = "what nobody signed runs")]
    fn what_nobody_signed_would_be_found_out() {
        let scene = scenes().iter().find(|it| it.signed.is_some()).unwrap();
        start(&mut scene.phone.fork(), Some(&Signed::new()));
    }
}
