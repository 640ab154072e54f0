//! `patchproof sign place`: signed documents and patches, where devices look for them.

use std::fs;
use std::path::Path;

use patchproof_protocol::{channel_path, download_path, root_path, statement_path};
use patchproof_report::ExitCode;
use patchproof_trust::{Digest, Kind, Remembered, kind_of};

use crate::commands::sign::SignPlaceArgs;
use crate::commands::stopped::{Stopped, read, read_root, write};
use crate::commands::verify_documents::{verified_channel, verified_next_root, verified_patch};
use crate::output::{print, shown};

/// A file, and its path behind the base URL.
struct Placed<'a> {
    from: &'a Path,
    path: String,
    bytes: Vec<u8>,
    /// Of what is no signed document: a patch, which one of the statements has to name.
    sha256: Option<Digest>,
}

/// Everything is read and verified before anything is written.
pub(crate) fn run(args: &SignPlaceArgs) -> Result<ExitCode, Stopped> {
    let known = read_root(&args.root)?;
    let mut placed = Vec::new();
    let mut downloads = Vec::new();
    for from in &args.files {
        let bytes = read(from)?;
        let (path, sha256) = match kind_of(&bytes) {
            Ok(kind) => {
                let document = place(args, &known, from, (kind, &bytes))?;
                downloads.extend(document.downloads);
                (document.path, None)
            }
            Err(_) => {
                let sha256 = Digest::of(&bytes);
                (download_path(&sha256.to_string()), Some(sha256))
            }
        };
        placed.push(Placed {
            from,
            path,
            bytes,
            sha256,
        });
    }
    let is_stray = |sha256: Digest| !downloads.contains(&sha256);
    if let Some(stray) = placed.iter().find(|it| it.sha256.is_some_and(is_stray)) {
        let why = "it is neither a signed document nor a patch that one of the statements names";
        return Err(Stopped::at(stray.from, why));
    }
    let mut text = String::new();
    for Placed {
        from, path, bytes, ..
    } in &placed
    {
        let to = args.tree.join(path.trim_start_matches('/'));
        let folder = to.parent().map(Path::to_owned).unwrap_or_default();
        fs::create_dir_all(&folder).map_err(|error| Stopped::at(&folder, error))?;
        write(&to, bytes, &[from])?;
        text.push_str(&format!("{}  as {path}\n", shown(from)));
    }
    Ok(print(&text, ExitCode::Verified))
}

/// Where a document goes, and which patches it names.
struct Document {
    path: String,
    downloads: Vec<Digest>,
}

fn place(
    args: &SignPlaceArgs,
    known: &Remembered,
    file: &Path,
    (kind, bytes): (Kind, &[u8]),
) -> Result<Document, Stopped> {
    let refused = |refusal| Stopped::refused(file, &refusal);
    let app = known.root().app.as_str();
    let path = match kind {
        Kind::Patch => {
            let patch = verified_patch(known, bytes, None).map_err(refused)?;
            let downloads = patch.downloads.iter().map(|download| download.sha256);
            return Ok(Document {
                path: statement_path(&patch.sha256().to_string()),
                downloads: downloads.collect(),
            });
        }
        Kind::Channel => {
            let now_s = args.now.seconds()?;
            let channel = verified_channel(known, bytes, now_s).map_err(refused)?;
            if channel.nonce.is_some() {
                let why = "it answers one device's nonce, and lies here for all";
                return Err(Stopped::at(file, why));
            }
            let release = channel.release.sha256().to_string();
            channel_path(app, &release, channel.channel.as_str())
        }
        Kind::Root => {
            let root = verified_next_root(known, bytes).map_err(refused)?;
            root_path(app, root.version)
        }
    };
    Ok(Document {
        path,
        downloads: Vec::new(),
    })
}
