//! A device that meets an attack.

use patchproof_device::{Ask, Outcome, Trust};
use patchproof_rehearsal::{BlockSize, Honesty, SimDisk};
use patchproof_testkit::phone::{Checks, Phone};

use crate::folder::{Attack, Ends, all, files_in};

/// Runs the attack of a folder, and says what went otherwise.
pub(crate) fn holds(name: &str) -> Result<(), String> {
    let attack = Attack::read(name);
    let files = files_in(&all().join(name));
    let mut phone = Phone::new(SimDisk::new(BlockSize::Bytes4096, Honesty::Honest));
    phone.trust = Trust::Statements {
        root: files.get("root.json").cloned().unwrap_or_default(),
        ask: match attack.ask.as_str() {
            "server" => Ask::Server,
            _ => Ask::Files,
        },
    };
    let last = attack.steps.len();
    for (index, step) in attack.steps.iter().enumerate() {
        let number = index + 1;
        phone.machine.pass(step.after_s * 1000);
        serve(&phone, &files, number);
        let is_attack = number == last && attack.is_without();
        let expected = match &attack.without {
            Some(without) if is_attack => without,
            _ => &step.ends,
        };
        let found = ends(&mut phone);
        if !agrees(expected, &found) {
            return Err(format!(
                "step {number}: expected {expected:?}, found {found:?}"
            ));
        }
    }
    Ok(())
}

/// What is served at a step, and nothing of the step before.
fn serve(phone: &Phone, files: &std::collections::BTreeMap<String, Vec<u8>>, step: usize) {
    for path in phone.server.files().keys() {
        phone.server.take_away(path);
    }
    let prefix = format!("served-{step}");
    phone.server.answer_checks(Checks::Fixed([].into()));
    for (path, bytes) in files {
        let Some(path) = path.strip_prefix(&prefix) else {
            continue;
        };
        if path == "/check.json" {
            let answer = bytes.as_slice().into();
            phone.server.answer_checks(Checks::Fixed(answer));
        } else {
            phone.server.put(path, bytes);
        }
    }
}

fn ends(phone: &mut Phone) -> Ends {
    let app = phone.start(&[]);
    let updated = app.update();
    // What runs is well: nothing is given up for another reason than what was served.
    drop(app.healthy());
    drop(app);
    let update = match updated {
        Ok(updated) => match updated.outcome {
            Outcome::Installed { number, .. } => format!("installs {number}"),
            Outcome::UpToDate => "up to date".to_owned(),
            Outcome::NotTaken { why, .. } => format!("refused: {why:?}"),
            other => format!("{other:?}"),
        },
        Err(error) => format!("refused: {error}"),
    };
    let app = phone.start(&[]);
    let boots = app.number();
    drop(app.healthy());
    Ends { update, boots }
}

fn agrees(expected: &Ends, found: &Ends) -> bool {
    let words = expected.update.strip_prefix("refused: ");
    let says = match words {
        Some(words) => found.update.starts_with("refused: ") && found.update.contains(words),
        None => found.update == expected.update,
    };
    says && expected.boots == found.boots
}
