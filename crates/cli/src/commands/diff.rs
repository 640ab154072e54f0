//! `patchproof diff`: makes a patch.

use std::path::Path;

use patchproof_dart_delta::KNOWN;
use patchproof_patch::{
    CodecChoice, Limits, MakeError, MakeOptions, inflate_through, make_through,
};
use patchproof_report::ExitCode;
use sha2::{Digest as _, Sha256};

use crate::args::{CodecArg, ContainerChoice, DiffArgs};
use crate::files::{read_file, write_file};
use crate::output::{fail, print, say, shown};
use crate::progress::working;

pub(crate) fn run(args: &DiffArgs) -> ExitCode {
    match made(args) {
        Ok(made) => written(args, &made),
        Err(Failed::Told(why)) => fail(&why),
        Err(Failed::Ours(why)) => {
            say(&format!("{why}; nothing was written"));
            ExitCode::OurBug
        }
    }
}

/// Why there is no patch.
enum Failed {
    /// The caller can mend it.
    Told(String),
    /// We have to.
    Ours(String),
}

/// A patch, and what it is made against.
struct Made {
    patch: Vec<u8>,
    new_bytes: usize,
    /// With a chain: the base that was taken, and the size of the patch over the other one.
    chosen: Option<(&'static str, usize)>,
}

fn made(args: &DiffArgs) -> Result<Made, Failed> {
    let (base, new) = (read(&args.base)?, read(&args.new)?);
    let options = options(args);
    let patch = patch_over(&base, &new, options, "making the patch")?;
    let mut made = Made {
        patch,
        new_bytes: new.len(),
        chosen: None,
    };
    if args.chain.is_empty() {
        return Ok(made);
    }
    let last = followed(base, &args.chain)?;
    let over_last = patch_over(&last, &new, options, "making the patch over the chain")?;
    // Where both are as large, the one that needs nothing but the release.
    made.chosen = Some(if over_last.len() < made.patch.len() {
        let other = std::mem::replace(&mut made.patch, over_last);
        ("what the chain gives", other.len())
    } else {
        ("the released library", over_last.len())
    });
    Ok(made)
}

/// Applies one patch after the other.
fn followed(mut base: Vec<u8>, chain: &[std::path::PathBuf]) -> Result<Vec<u8>, Failed> {
    for path in chain {
        let patch = read(path)?;
        let limits = Limits::for_base(u64::try_from(base.len()).unwrap_or(u64::MAX));
        let output = working("following the chain", || {
            inflate_through(&base, &patch, limits, KNOWN)
        });
        base = output.map_err(|error| Failed::Told(format!("{}: {error}", shown(path))))?;
    }
    Ok(base)
}

fn patch_over(
    base: &[u8],
    new: &[u8],
    options: MakeOptions,
    what: &str,
) -> Result<Vec<u8>, Failed> {
    working(what, || make_through(base, new, options, KNOWN)).map_err(|error| match error {
        MakeError::NotReproduced { .. } => Failed::Ours(error.to_string()),
        _ => Failed::Told(error.to_string()),
    })
}

fn options(args: &DiffArgs) -> MakeOptions {
    let codec = match args.codec {
        CodecArg::Zstd => CodecChoice::Zstd,
        CodecArg::Brotli => CodecChoice::Brotli,
        CodecArg::Auto => CodecChoice::Auto,
    };
    let mut options = match args.container {
        ContainerChoice::Shorebird => MakeOptions::shorebird(),
        ContainerChoice::Patchproof => MakeOptions::patchproof(codec),
    };
    options.codec = codec;
    options.at_level(args.level)
}

fn read(path: &Path) -> Result<Vec<u8>, Failed> {
    read_file(path).map_err(|error| Failed::Told(format!("{}: {error}", shown(path))))
}

fn written(args: &DiffArgs, made: &Made) -> ExitCode {
    let mut inputs = vec![args.base.as_path(), &args.new];
    inputs.extend(args.chain.iter().map(std::path::PathBuf::as_path));
    if let Err(error) = write_file(&args.output, &made.patch, &inputs) {
        return fail(&format!("{}: {error}", shown(&args.output)));
    }
    let share = permille(made.patch.len(), made.new_bytes);
    let mut text = format!(
        "{}  {} bytes ({}.{} % of the new file)\nsha256 {}\n",
        shown(&args.output),
        made.patch.len(),
        share / 10,
        share % 10,
        hex::encode(Sha256::digest(&made.patch))
    );
    if let Some((base, other_bytes)) = made.chosen {
        text.push_str(&format!(
            "against {base}; the other way takes {other_bytes} bytes\n"
        ));
    }
    print(&text, ExitCode::Verified)
}

fn permille(part: usize, whole: usize) -> usize {
    part.saturating_mul(1000).checked_div(whole).unwrap_or(1000)
}
