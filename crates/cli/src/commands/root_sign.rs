//! `patchproof root sign`: one more signature on a root.

use patchproof_report::ExitCode;
use patchproof_trust::{Root, Unverified};

use crate::commands::root::RootSignArgs;
use crate::commands::root_init::told;
use crate::commands::sign_common::countersigned;
use crate::commands::stopped::{Stopped, read, read_root, write};

pub(crate) fn run(args: &RootSignArgs) -> Result<ExitCode, Stopped> {
    if args.signer.is_empty() {
        return Err(Stopped::undecided(
            "nobody signs: name a key by --key, or a command by --signer",
        ));
    }
    let bytes = read(&args.root)?;
    let document = Unverified::<Root>::read(&bytes);
    let document = document.map_err(|refusal| Stopped::refused(&args.root, &refusal))?;
    let root = document.statement();
    let previous = args.previous.as_deref().map(read_root).transpose()?;
    let previous: Option<&Root> = previous.as_ref().map(|known| &**known.root());
    if let (Some(path), Some(previous)) = (&args.previous, previous) {
        follows(previous, root).map_err(|why| Stopped::at(path, why))?;
    }
    let mut allowed = root.roles.root.keys.clone();
    allowed.extend(previous.iter().flat_map(|root| &root.roles.root.keys));
    let envelope = countersigned::<Root>(bytes, &args.signer.open()?, &allowed)?;
    let output = args.output.as_deref().unwrap_or(&args.root);
    let mut inputs = args.signer.paths();
    inputs.extend(args.previous.as_deref());
    write(output, &envelope, &inputs)?;
    told(output, &envelope, previous)
}

/// Whether one root is the next of the other.
pub(crate) fn follows(previous: &Root, root: &Root) -> Result<(), String> {
    if previous.app != root.app {
        return Err(format!(
            "it is of the app {}, and the other root is of {}",
            previous.app, root.app
        ));
    }
    if previous.version.checked_add(1) != Some(root.version) {
        return Err(format!(
            "it is root {}, and the one before root {} is wanted",
            previous.version, root.version
        ));
    }
    Ok(())
}
