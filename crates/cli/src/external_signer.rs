//! A signer that is a command: what an HSM, a KMS or a token brings for the shell.

use std::fmt;
use std::io::{self, Read, Seek as _, Write as _};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::time::{Duration, Instant};

use data_encoding::{BASE64, HEXLOWER_PERMISSIVE};
use patchproof_trust::{PublicKey, Sign, SignError};

use crate::secret::PASSPHRASE_VARIABLE;

/// A command that signs, and the file with the public key of its signatures.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct PublicAndCommand {
    /// The public key's file.
    pub public: PathBuf,
    /// What `sh -c` runs.
    pub command: String,
}

/// A command may have a PIN in it, and is not shown.
impl fmt::Debug for PublicAndCommand {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PublicAndCommand")
            .field("public", &self.public)
            .finish_non_exhaustive()
    }
}

/// `PUBLIC=COMMAND`, divided at the first `=`.
pub(crate) fn parse_signer(text: &str) -> Result<PublicAndCommand, String> {
    match text.split_once('=') {
        Some((public, command)) if !public.is_empty() && !command.trim().is_empty() => {
            Ok(PublicAndCommand {
                public: PathBuf::from(public),
                command: command.to_owned(),
            })
        }
        _ => Err("expected the file of a public key, `=`, and a command".to_owned()),
    }
}

/// Asks a command for signatures of one key.
pub(crate) struct CommandSigner {
    public: PublicKey,
    command: String,
    patience: Duration,
}

impl CommandSigner {
    pub(crate) fn new(public: PublicKey, command: &str) -> Self {
        Self {
            public,
            command: command.to_owned(),
            patience: PATIENCE,
        }
    }

    /// What the command printed, once it ended well and in time.
    fn answer(&self, message: &[u8]) -> Result<Vec<u8>, String> {
        let mut child = self.start(message).map_err(|error| {
            format!("`sh` could not be started for the command after --signer: {error}")
        })?;
        let until = Instant::now() + self.patience;
        let answer = child
            .stdout
            .take()
            .map(|stdout| listened(stdout, until))
            .unwrap_or(Err(Silence::Broken));
        let status = ended(&mut child, until);
        match (answer, status) {
            (Ok(answer), _) if answer.len() > ANSWER_BYTES => Ok(answer),
            (Err(Silence::TooLate), _) | (_, None) => Err(format!(
                "the command after --signer did not answer within {} seconds and was ended",
                self.patience.as_secs()
            )),
            (_, Some(status)) if !status.success() => Err(format!(
                "the command after --signer failed ({status}); what it said stands above"
            )),
            (Err(Silence::Broken), _) => {
                Err("the answer of the command after --signer could not be read".to_owned())
            }
            (Ok(answer), _) => Ok(answer),
        }
    }

    /// Standard input is a file and no pipe: openssl signs nothing whose length it cannot ask for.
    fn start(&self, message: &[u8]) -> io::Result<Child> {
        let mut payload = tempfile::tempfile()?;
        payload.write_all(message)?;
        payload.rewind()?;
        Command::new("sh")
            .arg("-c")
            .arg(&self.command)
            .env_remove(PASSPHRASE_VARIABLE)
            .stdin(Stdio::from(payload))
            .stdout(Stdio::piped())
            .spawn()
    }
}

impl Sign for CommandSigner {
    fn public_key(&self) -> PublicKey {
        self.public
    }

    fn sign(&self, message: &[u8]) -> Result<[u8; 64], SignError> {
        let answer = self
            .answer(message)
            .map_err(|reason| SignError::Signer { reason })?;
        signature_of(&answer).ok_or_else(|| SignError::Signer {
            reason: format!(
                "the command after --signer printed {}, and a signature is 64 bytes, or these in \
                 hex or base64 on one line",
                match answer.len() {
                    0 => "nothing".to_owned(),
                    more if more > ANSWER_BYTES => format!("more than {ANSWER_BYTES} bytes"),
                    some => format!("{some} bytes"),
                }
            ),
        })
    }
}

/// Why nothing was heard.
enum Silence {
    TooLate,
    Broken,
}

/// What comes out of the command until it closes its output: at most one byte more than an answer
/// may have. A process that it left behind may keep the output open, so nobody waits for the
/// reading thread beyond the time.
fn listened(stdout: impl Read + Send + 'static, until: Instant) -> Result<Vec<u8>, Silence> {
    let (sender, receiver) = mpsc::channel();
    std::thread::spawn(move || {
        let limit = u64::try_from(ANSWER_BYTES).unwrap_or(u64::MAX);
        let mut answer = Vec::new();
        let read = stdout
            .take(limit.saturating_add(1))
            .read_to_end(&mut answer);
        // Whoever asked may have given up.
        let _ = sender.send(read.map(|_| answer));
    });
    match receiver.recv_timeout(until.saturating_duration_since(Instant::now())) {
        Ok(Ok(answer)) => Ok(answer),
        Ok(Err(_)) => Err(Silence::Broken),
        Err(_) => Err(Silence::TooLate),
    }
}

/// How the command ended; `None` where it had to be ended.
fn ended(child: &mut Child, until: Instant) -> Option<std::process::ExitStatus> {
    loop {
        match child.try_wait() {
            Ok(Some(status)) => return Some(status),
            Ok(None) if Instant::now() < until => std::thread::sleep(LOOK_AGAIN),
            _ => {
                // It may have ended just now; either way it is not waited for any longer.
                let _ = child.kill();
                let _ = child.wait();
                return None;
            }
        }
    }
}

/// 64 raw bytes, or one line of hex or base64.
fn signature_of(answer: &[u8]) -> Option<[u8; 64]> {
    if let Ok(raw) = <[u8; 64]>::try_from(answer) {
        return Some(raw);
    }
    let line = answer.trim_ascii();
    let decoded = match line.len() {
        HEX_CHARS => HEXLOWER_PERMISSIVE.decode(line),
        _ => BASE64.decode(line),
    };
    <[u8; 64]>::try_from(decoded.ok()?).ok()
}

/// 64 bytes in base64 are 88 characters; a little room for blanks and line ends.
const ANSWER_BYTES: usize = 4096;
const HEX_CHARS: usize = 128;
const LOOK_AGAIN: Duration = Duration::from_millis(10);
const PATIENCE: Duration = Duration::from_secs(60);

#[cfg(test)]
mod tests {
    use patchproof_trust::SigningKey;
    use zeroize::Zeroizing;

    use super::*;

    fn signer(command: &str) -> CommandSigner {
        let key = SigningKey::from_seed(&Zeroizing::new([7; 32]));
        CommandSigner {
            patience: Duration::from_secs(5),
            ..CommandSigner::new(key.public_key(), command)
        }
    }

    fn refused(command: &str) -> String {
        let signed = signer(command).sign(b"message");
        signed.expect_err("it is no signature").to_string()
    }

    #[test]
    fn a_signature_is_read_raw_in_hex_of_either_case_and_in_base64() {
        let signature = [0xab; 64];
        let hex = hex::encode(signature);
        let texts = [
            hex.clone(),
            format!(" {}\r\n", hex.to_uppercase()),
            format!("{}\n", BASE64.encode(&signature)),
        ];
        for text in texts {
            assert_eq!(signature_of(text.as_bytes()), Some(signature), "{text}");
        }
        assert_eq!(signature_of(&signature), Some(signature));
    }

    #[test]
    fn what_is_no_signature_is_none() {
        for text in ["", "\n", "YQ==", &"zz".repeat(64), &"ab".repeat(63)] {
            assert_eq!(signature_of(text.as_bytes()), None, "{text}");
        }
    }

    #[test]
    fn the_message_comes_on_standard_input_as_a_file_with_a_length() {
        let heard = signer("wc -c < /dev/stdin; test -f /dev/stdin && cat").answer(b"message");
        let heard = String::from_utf8(heard.unwrap()).unwrap();
        let words: Vec<&str> = heard.split_whitespace().collect();
        assert_eq!(words, ["7", "message"]);
    }

    #[test]
    fn a_command_that_fails_prints_nothing_or_prints_too_much_is_told_apart() {
        assert!(refused("exit 3").contains("failed"));
        assert!(refused("true").contains("printed nothing"));
        assert!(refused("head -c 100000 /dev/zero").contains("more than 4096 bytes"));
    }

    #[test]
    fn a_command_that_does_not_end_is_ended() {
        let mut slow = signer("sleep 30");
        slow.patience = Duration::from_millis(200);
        let began = Instant::now();
        let error = slow.sign(b"message").unwrap_err().to_string();
        assert!(error.contains("did not answer"), "{error}");
        assert!(began.elapsed() < Duration::from_secs(10));
    }

    #[test]
    fn a_command_does_not_inherit_the_passphrase_and_is_not_shown() {
        let heard = signer("printf '%s' \"${PATCHPROOF_PASSPHRASE-gone}\"").answer(b"");
        assert_eq!(heard.unwrap(), b"gone");
        let shown = format!("{:?}", parse_signer("k.pem=sign --pin 1234"));
        assert!(!shown.contains("1234"), "{shown}");
    }

    #[test]
    fn a_signer_without_a_command_or_a_key_is_refused() {
        for text in ["k.pem", "k.pem=", "=command", "k.pem= "] {
            assert!(parse_signer(text).is_err(), "{text}");
        }
        assert_eq!(parse_signer("k=a=b").unwrap().command, "a=b");
    }
}
