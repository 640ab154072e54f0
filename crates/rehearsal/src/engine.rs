//! The engine: it loads what boots, and says which library that is, by its bytes and nothing else.

use patchproof_device::Booted;
use patchproof_storage::{Access, File as _, Storage, StorageError, StoragePath};

use crate::rehearsal::Library;

/// What an engine runs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Ran {
    /// The release as it was shipped.
    Bundled,
    /// The whole library of the patch with this number.
    Patch(u64),
    /// Something that nobody made.
    Other(String),
}

/// Loads what boots.
pub(crate) fn run<S: Storage>(storage: &S, booted: &Booted, libraries: &[Library]) -> Ran {
    let (number, folder) = match booted {
        Booted::Bundled => return Ran::Bundled,
        Booted::Generation { number, folder, .. } => (*number, folder),
    };
    let place = usize::try_from(number)
        .ok()
        .and_then(|at| at.checked_sub(1));
    let Some(library) = place.and_then(|place| libraries.get(place)) else {
        return Ran::Other(format!("a patch {number} that was never offered"));
    };
    let loaded = folder
        .join(LIBRARY_NAME)
        .map_err(|error| error.to_string())
        .and_then(|path| is_equal(storage, &path, &library.bytes).map_err(|it| it.to_string()));
    match loaded {
        Ok(true) => Ran::Patch(number),
        Ok(false) => Ran::Other(format!("a library that is not the one of patch {number}")),
        Err(why) => Ran::Other(format!(
            "nothing, as patch {number} cannot be loaded: {why}"
        )),
    }
}

impl Ran {
    /// By number, 0 for the bundled release; none where it is nobody's.
    pub(crate) const fn number(&self) -> Option<u64> {
        match self {
            Self::Bundled => Some(0),
            Self::Patch(number) => Some(*number),
            Self::Other(_) => None,
        }
    }
}

impl std::fmt::Display for Ran {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Bundled => f.write_str("the release"),
            Self::Patch(number) => write!(f, "patch {number}"),
            Self::Other(words) => f.write_str(words),
        }
    }
}

fn is_equal<S: Storage>(
    storage: &S,
    path: &StoragePath,
    expected: &[u8],
) -> Result<bool, StorageError> {
    let file = storage.open(path, Access::Read)?;
    let mut buffer = vec![0; CHUNK_BYTES];
    let mut rest = expected;
    let mut offset = 0;
    loop {
        let count = file.read_at(&mut buffer, offset)?;
        let read = buffer.get(..count).unwrap_or_default();
        let Some(after) = rest.strip_prefix(read) else {
            return Ok(false);
        };
        if read.is_empty() {
            return Ok(rest.is_empty());
        }
        rest = after;
        offset += u64::try_from(count).unwrap_or(u64::MAX);
    }
}

const LIBRARY_NAME: &str = "libapp.so";
const CHUNK_BYTES: usize = 256 << 10;
