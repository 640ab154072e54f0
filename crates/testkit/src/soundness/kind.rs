//! A kind of change: what it is called, how it is made, on which runs, and how they then end.

use patchproof_trust::{ChannelStatement, PatchStatement};

use super::bundle::{Bundle, Labelled, Packed};
use super::chance::Chance;
use super::edit::Edit;
use super::stories::Story;
use super::tampering::compilers;
use super::world::{Documents, Signing, World};
use crate::made::{MadeApp, MadeEntry, MadeSnapshot, MadeZip};

/// Changes that belong together: a row of the README's table.
pub(crate) struct Family {
    pub(crate) name: &'static str,
    pub(crate) kinds: &'static [Kind],
}

/// One kind of change.
pub(crate) struct Kind {
    pub(crate) name: &'static str,
    pub(crate) how: How,
    /// How many of it on each story.
    pub(crate) on: &'static [(Story, usize)],
    /// How a run may end then: the deciding link and the exit code. `verified 0` where it may be.
    pub(crate) ends: &'static [&'static str],
}

/// How a change is made.
#[derive(Clone, Copy)]
pub(crate) enum How {
    /// Bytes of one file, whatever they mean.
    Bytes(Target, Edit),
    /// The files, after everything was packed and signed.
    Files(fn(&mut Bundle, &mut Chance)),
    /// What is packed and signed, before it is.
    Words(fn(&mut World, &mut Chance)),
    /// One of the two apps, before they are packed.
    App(fn(&mut MadeApp, &mut Chance)),
    /// A made library of the patched build, which is then patched to and signed for as it is.
    Built(fn(MadeSnapshot, &mut Chance) -> MadeSnapshot),
    /// The documents of one ABI, before they are signed.
    Documents(fn(&mut Documents, &mut Chance)),
    /// The statement of one ABI, before it is signed.
    Statement(fn(&mut PatchStatement, &mut Chance)),
    /// The channel statement of one ABI, before it is signed.
    Channel(fn(&mut ChannelStatement, &mut Chance)),
    /// The root and those after it, before they are signed.
    Signing(fn(&mut Signing, &mut Chance)),
    /// The envelope of one ABI's statement, as JSON.
    Envelope(fn(&mut serde_json::Value, &mut Chance)),
    /// One of the two archives, before it is written.
    Archive(fn(&mut MadeZip, &mut Chance)),
    /// One entry of one of the two archives, each in turn.
    Entry(fn(&mut MadeZip, usize, &mut Chance)),
    /// Every entry of one of the two archives.
    Entries(fn(&mut MadeEntry, &mut Chance)),
}

/// Which file's bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Target {
    ReleasedLibrary,
    PatchedLibrary,
    /// Beside the library, in the one build or the other: nothing that may differ.
    Around,
    Patch,
    Statement,
    Previous,
    Channel,
    /// In both builds, or beside them.
    Root,
    /// Of Shorebird's kind.
    Signature,
    PublicKey,
}

impl Kind {
    pub(crate) const fn new(
        name: &'static str,
        how: How,
        on: &'static [(Story, usize)],
        ends: &'static [&'static str],
    ) -> Self {
        Self {
            name,
            how,
            on,
            ends,
        }
    }

    /// The honest files with this change.
    pub(crate) fn made(&self, world: &World, honest: &Bundle, turn: usize) -> Bundle {
        let mut chance = Chance::of(self.name, turn);
        if self.how.is_of_files() {
            let mut bundle = honest.clone();
            self.how.change_files(&mut bundle, &mut chance);
            return bundle;
        }
        let mut world = world.clone();
        self.how.change_words(&mut world, &mut chance);
        world.bundle()
    }
}

impl How {
    /// Whether it changes files that were packed and signed already.
    pub(crate) const fn is_of_files(self) -> bool {
        matches!(
            self,
            Self::Bytes(..)
                | Self::Files(_)
                | Self::Envelope(_)
                | Self::Archive(_)
                | Self::Entry(_)
                | Self::Entries(_)
        )
    }

    fn change_files(self, bundle: &mut Bundle, chance: &mut Chance) {
        match self {
            Self::Bytes(target, edit) => target.edit(bundle, edit, chance),
            Self::Files(change) => change(bundle, chance),
            Self::Envelope(change) => change_envelope(bundle, chance, change),
            Self::Archive(change) => {
                if let Some(zip) = one_archive(bundle, chance) {
                    change(zip, chance);
                }
            }
            Self::Entry(change) => {
                if let Some(zip) = one_archive(bundle, chance) {
                    let at = chance.pick(zip.entries.len());
                    change(zip, at, chance);
                }
            }
            Self::Entries(change) => {
                let entries = one_archive(bundle, chance).map(|zip| &mut zip.entries);
                for entry in entries.into_iter().flatten() {
                    change(entry, chance);
                }
            }
            _ => (),
        }
    }

    fn change_words(self, world: &mut World, chance: &mut Chance) {
        match self {
            Self::Words(change) => change(world, chance),
            Self::Built(change) => compilers::changed(world, chance, change),
            Self::App(change) => {
                let apps = [&mut world.patched, &mut world.release];
                if let Some(app) = apps.into_iter().nth(chance.pick(2)) {
                    change(app, chance);
                }
            }
            Self::Signing(change) => {
                if let Some(signing) = &mut world.signing {
                    change(signing, chance);
                }
            }
            Self::Documents(change) => of_one_abi(world, chance, change),
            Self::Statement(change) => of_one_abi(world, chance, |documents, chance| {
                change(&mut documents.statement, chance);
            }),
            Self::Channel(change) => of_one_abi(world, chance, |documents, chance| {
                if let Some(channel) = &mut documents.channel {
                    change(channel, chance);
                }
            }),
            _ => (),
        }
    }
}

fn one_archive<'a>(bundle: &'a mut Bundle, chance: &mut Chance) -> Option<&'a mut MadeZip> {
    let builds = [&mut bundle.release, &mut bundle.patched];
    builds.into_iter().nth(chance.pick(2))?.zip()
}

fn of_one_abi(
    world: &mut World,
    chance: &mut Chance,
    change: impl FnOnce(&mut Documents, &mut Chance),
) {
    let abis = world.abis();
    let abi = chance.pick_of(&abis);
    if let Some(documents) = abi.and_then(|abi| world.documents(abi)) {
        change(documents, chance);
    }
}

fn change_envelope(
    bundle: &mut Bundle,
    chance: &mut Chance,
    change: fn(&mut serde_json::Value, &mut Chance),
) {
    let which = chance.pick(bundle.statements.len());
    let Some((_, bytes)) = bundle.statements.get_mut(which) else {
        return;
    };
    if let Ok(mut envelope) = serde_json::from_slice(bytes) {
        change(&mut envelope, chance);
        *bytes = envelope.to_string().into_bytes();
    }
}

impl Target {
    /// Edits one file of this kind.
    pub(crate) fn edit(self, bundle: &mut Bundle, edit: Edit, chance: &mut Chance) {
        match self {
            Self::ReleasedLibrary => edit_part(&mut bundle.release, is_library, edit, chance),
            Self::PatchedLibrary => edit_part(&mut bundle.patched, is_library, edit, chance),
            Self::Around => {
                let builds = [&mut bundle.release, &mut bundle.patched];
                let which = chance.pick(2);
                if let Some(build) = builds.into_iter().nth(which) {
                    edit_part(build, is_compared, edit, chance);
                }
            }
            Self::Patch => edit_labelled(&mut bundle.patches, edit, chance),
            Self::Statement => edit_labelled(&mut bundle.statements, edit, chance),
            Self::Channel => edit_labelled(&mut bundle.channels, edit, chance),
            Self::Signature => edit_labelled(&mut bundle.signatures, edit, chance),
            Self::Previous => {
                let which = chance.pick(bundle.previous.len());
                if let Some(bytes) = bundle.previous.get_mut(which) {
                    edit.apply(bytes, chance);
                }
            }
            Self::Root => edit_root(bundle, edit, chance),
            Self::PublicKey => {
                if let Some(key) = &mut bundle.public_key {
                    edit.apply(key, chance);
                }
            }
        }
    }
}

fn edit_labelled(files: &mut Labelled, edit: Edit, chance: &mut Chance) {
    let which = chance.pick(files.len());
    if let Some((_, bytes)) = files.get_mut(which) {
        edit.apply(bytes, chance);
    }
}

fn edit_root(bundle: &mut Bundle, edit: Edit, chance: &mut Chance) {
    if let Some(root) = &mut bundle.root {
        return edit.apply(root, chance);
    }
    let mut again = chance.clone();
    for (build, chance) in [
        (&mut bundle.release, chance),
        (&mut bundle.patched, &mut again),
    ] {
        build.change("flutter_assets/patchproof/root.json", |root| {
            edit.apply(root, chance);
        });
    }
}

fn edit_part(build: &mut Packed, is_it: fn(&str) -> bool, edit: Edit, chance: &mut Chance) {
    let names: Vec<String> = match build {
        Packed::File(_) => vec![String::new()],
        Packed::Zip(zip) => {
            let names = zip.entries.iter();
            let names = names.map(|entry| String::from_utf8_lossy(&entry.name).into_owned());
            names.filter(|name| is_it(name)).collect()
        }
    };
    if let Some(name) = chance.pick_of(&names) {
        build.change(name, |bytes| edit.apply(bytes, chance));
    }
}

pub(crate) fn is_library(name: &str) -> bool {
    name.ends_with("/libapp.so")
}

/// Whether a difference in this file counts: the release's own list of exceptions, in short.
pub(crate) fn is_compared(name: &str) -> bool {
    let may_differ = name.starts_with("META-INF/")
        || name.ends_with("NOTICES.Z")
        || name.contains("AssetManifest.");
    !may_differ && !is_library(name) && !name.ends_with("patchproof/root.json")
}
