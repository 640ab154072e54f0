//! The root of trust that a release holds among its assets: found, and the only one.

use patchproof_archive::{Part, Release, Role, Shape};
use patchproof_report::{Finding, Rule};

use crate::inputs::{Input, Inputs};
use crate::rows::{unread, unreadable};

/// What the release, or `--root` in its place, shows of the root.
pub(crate) enum RootOfTrust {
    /// There is none.
    None {
        /// Whether the release shows assets at all, so that it would show a root.
        shows_assets: bool,
    },
    /// There is one. Whether it is believed is each ABI's to say.
    There(RootFile),
    /// There are two, or it cannot be read.
    Fault(Finding),
}

/// A root's bytes and where they lie.
pub(crate) struct RootFile {
    pub(crate) name: String,
    pub(crate) bytes: Vec<u8>,
    /// Whether `--root` stands in for a release that shows none.
    pub(crate) stands_in: bool,
}

impl RootOfTrust {
    /// Looks for it where a device does.
    pub(crate) fn of(inputs: &Inputs, release: &Release) -> Self {
        let named = inputs.signed.root.as_ref();
        let embedded = match embedded(release) {
            Ok(embedded) => embedded,
            Err(finding) => return Self::Fault(finding),
        };
        match (embedded, named) {
            (Some(root), Some(named)) if named.bytes.as_ref().ok() != Some(&root.bytes) => {
                differs(&root, named)
            }
            (Some(root), _) => Self::There(root),
            (None, named) => in_its_place(release, named),
        }
    }
}

/// The envelope of the root that lies in a release where its devices look for it, if one does.
///
/// # Errors
///
/// Two roots that differ, and one that cannot be read.
pub fn embedded_root(release: &Release) -> Result<Option<Vec<u8>>, Finding> {
    Ok(embedded(release)?.map(|root| root.bytes))
}

/// Whether a release shows what lies among its assets: then it has a root only where one is there.
#[must_use]
pub fn shows_assets(release: &Release) -> bool {
    let mut parts = release.parts().iter();
    parts.any(|part| part.path.contains(ASSETS))
}

fn embedded(release: &Release) -> Result<Option<RootFile>, Finding> {
    let mut parts = release.of_role(Role::Asset);
    let mut embedded: Option<RootFile> = None;
    while let Some(part) = parts.find(|part| is_root(release.shape(), part)) {
        let read = read(release, part)?;
        match &embedded {
            Some(known) if known.bytes != read.bytes => return Err(two(&known.name, &read.name)),
            _ => embedded = Some(read),
        }
    }
    Ok(embedded)
}

/// A release that shows assets and no root has none, whatever `--root` says.
fn in_its_place(release: &Release, named: Option<&Input>) -> RootOfTrust {
    let shows_assets = shows_assets(release);
    let Some(named) = named.filter(|_| !shows_assets) else {
        return RootOfTrust::None { shows_assets };
    };
    match &named.bytes {
        Ok(bytes) => RootOfTrust::There(RootFile {
            name: named.name.clone(),
            bytes: bytes.clone(),
            stands_in: true,
        }),
        Err(why) => RootOfTrust::Fault(unreadable("the root", &named.name, why)),
    }
}

fn read(release: &Release, part: &Part) -> Result<RootFile, Finding> {
    let limit_bytes = patchproof_trust::Kind::Root.limit_bytes();
    let name = part.location.clone();
    if usize::try_from(part.size_bytes).map_or(true, |bytes| bytes > limit_bytes) {
        let message = format!("{name} has {} bytes, which no root has", part.size_bytes);
        return Err(Finding::new(Rule::RootNotBelieved, message));
    }
    let bytes = release.read(part);
    let bytes = bytes.map_err(|error| unread("the root", &error))?;
    Ok(RootFile {
        name,
        bytes,
        stands_in: false,
    })
}

fn two(first: &str, second: &str) -> Finding {
    let message = format!("{first} and {second} are two roots, and a device has one");
    Finding::new(Rule::RootsDiffer, message)
}

fn differs(root: &RootFile, named: &Input) -> RootOfTrust {
    RootOfTrust::Fault(match &named.bytes {
        Ok(_) => {
            let message = format!("{} is not {}, which devices have", named.name, root.name);
            Finding::new(Rule::RootsDiffer, message)
        }
        Err(why) => unreadable("the root", &named.name, why),
    })
}

/// Whether a device would read its root from this part, and not merely from one that ends alike.
fn is_root(shape: Shape, part: &Part) -> bool {
    let Some(above) = part.path.strip_suffix(ROOT) else {
        return false;
    };
    match shape {
        Shape::Apk | Shape::SplitApks | Shape::ApkSet | Shape::Aar => {
            above == "assets/" || above.ends_with(".apk/assets/")
        }
        Shape::Aab => above
            .strip_suffix("/assets/")
            .is_some_and(|module| !module.contains('/')),
        Shape::LinuxBundle | Shape::WindowsFolder => above == "data/",
        Shape::MacosApp | Shape::IosApp => {
            above.contains("App.framework/") && !above.contains(ASSETS)
        }
        _ => !above.contains(ASSETS),
    }
}

const ASSETS: &str = "flutter_assets/";
const ROOT: &str = "flutter_assets/patchproof/root.json";
