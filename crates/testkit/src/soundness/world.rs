//! An honest publisher before anything is packed or signed, so that words can be changed and
//! signed as if they were true.

use std::collections::BTreeMap;

use patchproof_patch::make;
use patchproof_trust::{ChannelStatement, PatchStatement, Root};

use super::bundle::{Bundle, Labelled, Packed};
use super::keys::{self, NOW_S, name_of, signed};
use super::rsa::Holder;
use crate::made::{MadeApp, MadeSnapshot};

/// How the builds are packed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Packing {
    /// One APK.
    Apk,
    /// An app bundle.
    Aab,
    /// The split APKs in one archive.
    Set,
    /// An Android library.
    Aar,
    /// The Dart library of the only ABI and nothing around it.
    Library,
}

/// Everything that a publisher has.
#[derive(Clone, Debug)]
pub(crate) struct World {
    pub(crate) release: MadeApp,
    pub(crate) patched: MadeApp,
    pub(crate) packings: [Packing; 2],
    pub(crate) engine: Option<Vec<u8>>,
    pub(crate) rebuilt: Option<Packing>,
    /// By ABI.
    pub(crate) patches: BTreeMap<String, Vec<u8>>,
    /// Whether files are given for the ABI that they are for, or for the only one there is.
    pub(crate) is_labelled: bool,
    pub(crate) signing: Option<Signing>,
    /// Who signs what comes out, as Shorebird does.
    pub(crate) shorebird: Option<Holder>,
    pub(crate) now_s: Option<u64>,
    /// The released library of an ABI before it was built, where it is a made one.
    pub(crate) snapshot: Option<fn(&str) -> MadeSnapshot>,
}

/// What is signed, and by whom.
#[derive(Clone, Debug)]
pub(crate) struct Signing {
    pub(crate) root: Root,
    pub(crate) root_signers: Vec<&'static str>,
    /// Whether the root lies in the app; else it is named beside it.
    pub(crate) is_embedded: bool,
    /// Whether the one in the app is named beside it too.
    pub(crate) is_named_too: bool,
    pub(crate) next_roots: Vec<(Root, Vec<&'static str>)>,
    /// By ABI.
    pub(crate) documents: BTreeMap<String, Documents>,
}

/// The documents of one ABI.
#[derive(Clone, Debug)]
pub(crate) struct Documents {
    pub(crate) statement: PatchStatement,
    pub(crate) signers: Vec<&'static str>,
    pub(crate) previous: Option<PatchStatement>,
    pub(crate) previous_signers: Vec<&'static str>,
    pub(crate) channel: Option<ChannelStatement>,
    pub(crate) channel_signers: Vec<&'static str>,
    /// Whether the channel offers the statement by its name, whatever it says.
    pub(crate) is_offered: bool,
}

impl World {
    /// A publisher who signs nothing.
    pub(crate) const fn unsigned(release: MadeApp, patched: MadeApp, packing: Packing) -> Self {
        Self {
            release,
            patched,
            packings: [packing, packing],
            engine: None,
            rebuilt: None,
            patches: BTreeMap::new(),
            is_labelled: true,
            signing: None,
            shorebird: None,
            now_s: Some(NOW_S),
            snapshot: None,
        }
    }

    /// The ABIs of the release.
    pub(crate) fn abis(&self) -> Vec<String> {
        self.release.abis.keys().cloned().collect()
    }

    /// The released library of an ABI.
    pub(crate) fn base(&self, abi: &str) -> Vec<u8> {
        let libraries = self.release.abis.get(abi);
        libraries.map_or_else(Vec::new, |it| it.dart.clone())
    }

    /// The patched library of an ABI.
    pub(crate) fn output(&self, abi: &str) -> Vec<u8> {
        let libraries = self.patched.abis.get(abi);
        libraries.map_or_else(Vec::new, |it| it.dart.clone())
    }

    /// Puts another library into the patched build.
    pub(crate) fn put_output(&mut self, abi: &str, library: Vec<u8>) {
        if let Some(libraries) = self.patched.abis.get_mut(abi) {
            libraries.dart = library;
        }
    }

    /// Makes the patch of an ABI anew.
    pub(crate) fn make_patch(&mut self, abi: &str) {
        let patch = make(&self.base(abi), &self.output(abi), LEVEL);
        self.patches
            .insert(abi.to_owned(), patch.expect("libraries can be patched"));
    }

    /// Signs for every ABI that has a patch, with a previous statement and a channel.
    pub(crate) fn sign_all(&mut self, platform: &str, names: &[(&str, &str)]) {
        let mut documents = BTreeMap::new();
        for (abi, patch) in &self.patches {
            let named = names.iter().find(|(name, _)| name == abi);
            let signed_as = named.map_or(abi.as_str(), |(_, signed_as)| signed_as);
            let statement = keys::statement(signed_as, platform, &self.base(abi), patch);
            documents.insert(abi.clone(), Documents::of(statement));
        }
        self.signing = Some(Signing {
            root: keys::root(),
            root_signers: vec!["a", "b"],
            is_embedded: true,
            is_named_too: false,
            next_roots: Vec::new(),
            documents,
        });
    }

    /// Signs the statements anew for patches that were changed.
    pub(crate) fn renew_statements(&mut self) {
        let bases: Vec<String> = self.abis();
        for abi in bases {
            let (base, patch) = (self.base(&abi), self.patches.get(&abi).cloned());
            let documents = self.documents(&abi);
            if let (Some(documents), Some(patch)) = (documents, patch) {
                let old = &documents.statement.release;
                let (name, platform) = (old.abi.to_string(), old.platform.to_string());
                documents.statement = keys::statement(&name, &platform, &base, &patch);
            }
        }
    }

    pub(crate) fn documents(&mut self, abi: &str) -> Option<&mut Documents> {
        self.signing.as_mut()?.documents.get_mut(abi)
    }

    /// The files.
    pub(crate) fn bundle(&self) -> Bundle {
        let root = self.signing.as_ref();
        let is_named_too = root.is_some_and(|it| it.is_named_too);
        let root = root.map(|it| (signed(&it.root, &it.root_signers), it.is_embedded));
        let [release, patched] = [
            (&self.release, self.packings[0]),
            (&self.patched, self.packings[1]),
        ]
        .map(|(app, packing)| packed(app, packing, root.as_ref()));
        let rebuilt = |packing| packed(&self.release, packing, root.as_ref());
        let mut bundle = Bundle {
            folder: String::new(),
            release,
            patched,
            rebuilt: self.rebuilt.map(rebuilt),
            engine: self.engine.clone(),
            patches: Labelled::new(),
            statements: Labelled::new(),
            channels: Labelled::new(),
            signatures: Labelled::new(),
            previous: Vec::new(),
            root: root
                .filter(|(_, is_embedded)| !is_embedded || is_named_too)
                .map(|it| it.0),
            next_roots: Vec::new(),
            public_key: self.shorebird.map(|_| Holder::Publisher.public()),
            now_s: self.now_s,
        };
        let label = |abi: &String| self.is_labelled.then(|| abi.clone());
        for (abi, patch) in &self.patches {
            bundle.patches.push((label(abi), patch.clone()));
            if let Some(holder) = self.shorebird {
                let signature = holder.sign(&self.output(abi));
                bundle.signatures.push((label(abi), signature));
            }
        }
        if let Some(signing) = &self.signing {
            let next = signing.next_roots.iter();
            let next = next.map(|(root, signers)| signed(root, signers));
            bundle.next_roots.extend(next);
            for (abi, documents) in &signing.documents {
                documents.put(&mut bundle, &label(abi));
            }
        }
        bundle
    }
}

impl Documents {
    fn of(statement: PatchStatement) -> Self {
        let previous = PatchStatement {
            number: 6,
            ..statement.clone()
        };
        Self {
            channel: Some(keys::channel(&statement)),
            statement,
            signers: vec!["p", "q"],
            previous: Some(previous),
            previous_signers: vec!["p", "q"],
            channel_signers: vec!["channel"],
            is_offered: true,
        }
    }

    fn put(&self, bundle: &mut Bundle, label: &Option<String>) {
        let statement = signed(&self.statement, &self.signers);
        bundle.statements.push((label.clone(), statement));
        if let Some(previous) = &self.previous {
            bundle
                .previous
                .push(signed(previous, &self.previous_signers));
        }
        let Some(mut channel) = self.channel.clone() else {
            return;
        };
        if self.is_offered
            && let Some(selected) = channel.selected.last_mut()
        {
            selected.patch = name_of(&self.statement);
        }
        let channel = signed(&channel, &self.channel_signers);
        bundle.channels.push((label.clone(), channel));
    }
}

fn packed(app: &MadeApp, packing: Packing, root: Option<&(Vec<u8>, bool)>) -> Packed {
    let mut app = app.clone();
    if let Some((root, true)) = root {
        app.assets.insert(ROOT.to_owned(), root.clone());
    }
    Packed::Zip(Box::new(match packing {
        Packing::Apk => app.apk_zip(),
        Packing::Aab => app.aab_zip(),
        Packing::Set => app.apks_zip(),
        Packing::Aar => app.aar_zip(),
        Packing::Library => {
            let library = app.abis.into_values().next();
            return Packed::File(library.map_or_else(Vec::new, |it| it.dart));
        }
    }))
}

/// Where the root lies among the assets.
pub(crate) const ROOT: &str = "patchproof/root.json";
/// Patches of tests are made quickly.
const LEVEL: i32 = 3;
