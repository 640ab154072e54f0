//! From the root in the release to the newest one, as a device walks.

use patchproof_report::{Finding, Rule};
use patchproof_trust::{Device, Remembered, Verifier};

use crate::inputs::Input;
use crate::rows::unreadable;
use crate::shared::RootFile;

/// What a device remembers under each root.
pub(super) struct Roots {
    older: Vec<Remembered>,
    newest: Remembered,
    /// What the newest is called.
    name: String,
    stands_in: bool,
}

impl Roots {
    /// Begins with the root in the app, and takes each that follows. The device becomes one of the
    /// root's app.
    pub(super) fn walk(
        root: &RootFile,
        next_roots: &[Input],
        device: Option<Device>,
    ) -> Result<(Device, Self), Finding> {
        let not_believed = |why: String| {
            let message = format!("{}: {why}", root.name);
            Finding::new(Rule::RootNotBelieved, message)
        };
        let first = Remembered::from_embedded(&root.bytes);
        let first = first.map_err(|refusal| not_believed(refusal.to_string()))?;
        // Every name of an ABI is a word, so that there is always a device.
        let device = device.ok_or_else(|| not_believed("there is no device for it".to_owned()))?;
        let device = Device {
            app: first.root().app.clone(),
            ..device
        };
        let mut roots = Self {
            older: Vec::new(),
            newest: first,
            name: root.name.clone(),
            stands_in: root.stands_in,
        };
        for next in next_roots {
            roots.take(next, &device)?;
        }
        Ok((device, roots))
    }

    fn take(&mut self, next: &Input, device: &Device) -> Result<(), Finding> {
        let bytes = next.bytes.as_ref();
        let bytes = bytes.map_err(|why| unreadable("the root", &next.name, why))?;
        let taken = Verifier::new(device, &self.newest).and_then(|it| it.root(bytes));
        let taken = taken.map_err(|refusal| {
            let message = format!("{} does not follow {}: {refusal}", next.name, self.name);
            Finding::new(Rule::RootNotNext, message)
        })?;
        self.older.push(std::mem::replace(&mut self.newest, taken));
        self.name.clone_from(&next.name);
        Ok(())
    }

    pub(super) const fn newest(&self) -> &Remembered {
        &self.newest
    }

    /// The roots before the newest one, the newest of them first.
    pub(super) fn older(&self) -> impl Iterator<Item = &Remembered> {
        self.older.iter().rev()
    }

    /// Whether the newest one has expired: devices install nothing under it then.
    pub(super) fn expired(&self, device: &Device, now_s: u64) -> Option<Finding> {
        let verifier = Verifier::new(device, &self.newest);
        let refusal = verifier.and_then(|it| it.root_is_in_time(now_s)).err()?;
        let message = format!("{}: {refusal}", self.name);
        Some(Finding::new(Rule::RootExpired, message))
    }

    /// Said where nobody sees which root the app holds.
    pub(super) fn stands_in(&self) -> Option<Finding> {
        let message = format!(
            "the release shows no assets; {} stands in for its root",
            self.name
        );
        self.stands_in
            .then(|| Finding::new(Rule::RootNotShown, message))
    }
}
