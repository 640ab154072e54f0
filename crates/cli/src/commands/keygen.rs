//! `patchproof keygen`: a new Ed25519 key in two files.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use patchproof_report::ExitCode;
use patchproof_trust::{
    KeyFileRandomness, Sign as _, SigningKey, write_encrypted_pem, write_plain_pem,
    write_public_pem,
};
use zeroize::Zeroizing;

use crate::commands::stopped::{Stopped, ended, must_be_new};
use crate::output::{print, say, shown};
use crate::secret::new_passphrase;

/// Makes a key that signs roots, patch statements or channel statements.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  patchproof keygen -o root-alice.pem
  patchproof keygen -o channel.pem --passphrase-file channel.pass --public channel.pub
  openssl pkey -in root-alice.pem -pubout

The key is Ed25519, in PKCS#8 that openssl reads: scrypt and AES-256. Only its owner can read the
file, and no file is ever written over. Without --passphrase-file the passphrase is that of the
variable PATCHPROOF_PASSPHRASE, or is asked for twice. Nobody can tell it again.

The public key is written beside it, to KEY.pub unless --public says otherwise: it is what
`patchproof root init` takes. Each role of each person should have a key of its own; the channel
key must be one.")]
pub(crate) struct KeygenArgs {
    /// Where to write the private key
    #[arg(short, value_name = "KEY")]
    output: PathBuf,
    /// Where to write the public key; KEY.pub without it
    #[arg(long, value_name = "FILE")]
    public: Option<PathBuf>,
    /// The passphrase is the first line of this file, which only its owner may be able to read
    #[arg(long, value_name = "FILE", conflicts_with = "no_passphrase")]
    passphrase_file: Option<PathBuf>,
    /// Leave the private key open: whoever reads the file signs with it
    #[arg(long)]
    no_passphrase: bool,
}

pub(crate) fn run(args: &KeygenArgs) -> ExitCode {
    ended(made(args))
}

fn made(args: &KeygenArgs) -> Result<ExitCode, Stopped> {
    let public_path = args.public.clone().unwrap_or_else(|| {
        let mut name = args.output.clone().into_os_string();
        name.push(".pub");
        name.into()
    });
    for path in [&args.output, &public_path] {
        must_be_new(path, "and a key is never written over: name another file")?;
    }
    let key = SigningKey::from_seed(&random()?);
    let private = private_pem(args, &key)?;
    let public = write_public_pem(&key.public_key()).map_err(bug)?;
    create(&args.output, private.as_bytes(), Mode::OwnerOnly)
        .map_err(|error| Stopped::at(&args.output, error))?;
    if let Err(error) = create(&public_path, public.as_bytes(), Mode::Ordinary) {
        // A key whose public half was never seen is of no use, and would stand in the way.
        let _ = fs::remove_file(&args.output);
        return Err(Stopped::at(&public_path, error));
    }
    if args.no_passphrase {
        say(&format!(
            "{}: this key has no passphrase: whoever reads or copies the file signs in your name. \
             Each command that uses it wants --unencrypted",
            shown(&args.output)
        ));
    }
    let text = format!(
        "{}  private key, for you alone\n{}  public key\nkey id {}\n",
        shown(&args.output),
        shown(&public_path),
        key.public_key().id()
    );
    Ok(print(&text, ExitCode::Verified))
}

fn private_pem(args: &KeygenArgs, key: &SigningKey) -> Result<Zeroizing<String>, Stopped> {
    if args.no_passphrase {
        return write_plain_pem(key).map_err(bug);
    }
    let passphrase = new_passphrase(args.passphrase_file.as_deref());
    let passphrase = passphrase.map_err(|error| Stopped::undecided(error.to_string()))?;
    let randomness = KeyFileRandomness {
        salt: *random()?,
        iv: *random()?,
    };
    write_encrypted_pem(key, &passphrase, &randomness).map_err(bug)
}

/// Of the system; a machine that has none makes no key.
fn random<const N: usize>() -> Result<Zeroizing<[u8; N]>, Stopped> {
    let mut bytes = Zeroizing::new([0; N]);
    getrandom::fill(bytes.as_mut())
        .map_err(|error| Stopped::undecided(format!("the system has no randomness: {error}")))?;
    Ok(bytes)
}

fn bug(error: impl std::fmt::Display) -> Stopped {
    Stopped {
        code: ExitCode::OurBug,
        why: error.to_string(),
    }
}

/// Who may read a new file.
#[derive(Clone, Copy)]
enum Mode {
    OwnerOnly,
    Ordinary,
}

/// Creates a file that was not there, and has it on the disk before anyone relies on it.
fn create(path: &Path, bytes: &[u8], mode: Mode) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    with_mode(&mut options, mode);
    let mut file = options.open(path)?;
    let written = file
        .write_all(bytes)
        .and_then(|()| file.sync_all())
        .and_then(|()| sync_folder(path));
    if written.is_err() {
        // Half a key is none, and would stand in the way of the next try.
        let _ = fs::remove_file(path);
    }
    written
}

#[cfg(unix)]
fn with_mode(options: &mut OpenOptions, mode: Mode) {
    use std::os::unix::fs::OpenOptionsExt as _;
    options.mode(match mode {
        Mode::OwnerOnly => 0o600,
        Mode::Ordinary => 0o666,
    });
}

#[cfg(not(unix))]
fn with_mode(_: &mut OpenOptions, _: Mode) {}

/// The name too has to outlive a power cut, where a folder can be synced at all.
fn sync_folder(path: &Path) -> io::Result<()> {
    let folder = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty());
    let folder = folder.unwrap_or_else(|| Path::new("."));
    match File::open(folder) {
        Ok(folder) if cfg!(unix) => folder.sync_all(),
        _ => Ok(()),
    }
}
