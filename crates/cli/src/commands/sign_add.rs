//! `patchproof sign add`: one more signature on a statement.

use patchproof_report::ExitCode;
use patchproof_trust::{
    ChannelStatement, Kind, PatchStatement, Payload, Remembered, Root, Unverified, kind_of,
    without_strangers,
};

use crate::commands::inspect_text::{Rows, titled};
use crate::commands::sign::SignAddArgs;
use crate::commands::sign_common::{MORE_SIGN, countersigned, standings_text};
use crate::commands::stopped::{Stopped, read, read_root, write};
use crate::commands::verify_text::{channel_rows, patch_rows};
use crate::output::{print, shown};

pub(crate) fn run(args: &SignAddArgs) -> Result<ExitCode, Stopped> {
    let envelope = read(&args.statement)?;
    let known = read_root(&args.root)?;
    let kind = kind_of(&envelope).map_err(|refusal| Stopped::refused(&args.statement, &refusal))?;
    match kind {
        Kind::Patch => add::<PatchStatement>(args, envelope, &known, patch_rows),
        Kind::Channel => add::<ChannelStatement>(args, envelope, &known, channel_rows),
        Kind::Root => Err(Stopped::at(
            &args.statement,
            "it is a root: sign it with `patchproof root sign`",
        )),
    }
}

fn add<T: Payload>(
    args: &SignAddArgs,
    mut envelope: Vec<u8>,
    known: &Remembered,
    rows: fn(&T) -> Rows,
) -> Result<ExitCode, Stopped> {
    let root: &Root = known.root();
    let keys = &root.role(T::KIND).keys;
    let refused = |refusal| Stopped::refused(&args.statement, &refusal);
    let had = Unverified::<T>::read(&envelope)
        .map_err(refused)?
        .claimed_signers();
    let mut text = String::new();
    let mut output = &args.statement;
    if !args.signer.is_empty() || args.output.is_some() {
        for key in had.difference(keys) {
            text.push_str(&format!(
                "took off the signature of {key}, which root {} does not name\n",
                root.version
            ));
        }
        envelope = without_strangers::<T>(&envelope, keys).map_err(refused)?;
        envelope = countersigned::<T>(envelope, &args.signer.open()?, keys)?;
        output = args.output.as_ref().unwrap_or(output);
        let mut inputs = args.signer.paths();
        inputs.push(&args.root);
        write(output, &envelope, &inputs)?;
    }
    let document = Unverified::<T>::read(&envelope).map_err(refused)?;
    let mut facts: Rows = vec![("sha256", document.sha256().to_string())];
    facts.extend(rows(document.statement()));
    text.push_str(&titled(&shown(output), &T::KIND.to_string(), facts));
    text.push_str(&standings_text(&document, &[root], MORE_SIGN));
    Ok(print(&text, ExitCode::Verified))
}
