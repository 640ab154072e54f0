//! Downloads by hash: what came is what was asked for, or it is refused.

use std::fs::File;
use std::io::{Read as _, Write as _};
use std::path::Path;

use sha2::{Digest as _, Sha256};
use ureq::http::Method;

use super::body::{Sent, file_error};
use super::{Http, answer};
use crate::error::ClientError;
use crate::watch::{Step, Watch};

/// What is to come.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Wanted<'a> {
    /// In lower-case hex.
    pub(crate) sha256: &'a str,
    pub(crate) size_bytes: u64,
}

impl Http {
    /// Downloads a file, again from its beginning where the way fails for a moment.
    pub(crate) fn download_file(
        &self,
        path: &str,
        wanted: Wanted<'_>,
        into: &Path,
        watch: &dyn Watch,
    ) -> Result<(), ClientError> {
        let url = self.server.at(path);
        self.again(|| {
            let broken = |error| file_error(into, error);
            let mut file = File::create(into).map_err(broken)?;
            let mut write = |piece: &[u8]| file.write_all(piece).map_err(broken);
            self.pieces(&url, wanted, &mut write, watch)
        })
    }

    /// Downloads a patch into memory; one that says to be larger than any is not asked for.
    pub(crate) fn download(
        &self,
        path: &str,
        wanted: Wanted<'_>,
        watch: &dyn Watch,
    ) -> Result<Vec<u8>, ClientError> {
        let url = self.server.at(path);
        if wanted.size_bytes > PATCH_BYTES_MAX {
            let why = format!("it says that a patch has {} bytes", wanted.size_bytes);
            return Err(answer::not_understood(&url, why));
        }
        self.again(|| {
            let mut bytes = Vec::new();
            let mut take = |piece: &[u8]| {
                bytes.extend_from_slice(piece);
                Ok(())
            };
            self.pieces(&url, wanted, &mut take, watch)?;
            Ok(bytes)
        })
    }

    fn pieces(
        &self,
        url: &str,
        wanted: Wanted<'_>,
        take: &mut dyn FnMut(&[u8]) -> Result<(), ClientError>,
        watch: &dyn Watch,
    ) -> Result<(), ClientError> {
        let body = self.ask(Method::GET, url, &Sent::Nothing)?.into_body();
        // One byte more tells that there is more, and no further one is read.
        let limit = wanted.size_bytes.saturating_add(1);
        let mut body = body.into_reader().take(limit);
        let mut piece = vec![0; PIECE_BYTES];
        let mut hash = Sha256::new();
        let mut done = 0;
        loop {
            let read = body
                .read(&mut piece)
                .map_err(|error| ClientError::BrokenOff {
                    url: url.to_owned(),
                    why: error.to_string(),
                })?;
            let Some(came) = piece.get(..read).filter(|came| !came.is_empty()) else {
                break;
            };
            hash.update(came);
            done += u64::try_from(read).unwrap_or(0);
            if done <= wanted.size_bytes {
                take(came)?;
            }
            watch.at(Step::Downloading, done, wanted.size_bytes);
        }
        if done > wanted.size_bytes {
            let why = format!("it is longer than the {} bytes it says", wanted.size_bytes);
            return Err(answer::not_understood(url, why));
        }
        let found = hex::encode(hash.finalize());
        if found == wanted.sha256 {
            return Ok(());
        }
        Err(ClientError::OtherBytes {
            url: url.to_owned(),
            expected: wanted.sha256.to_owned(),
            found,
        })
    }
}

const PIECE_BYTES: usize = 64 << 10;
/// As much as any file that is read whole.
const PATCH_BYTES_MAX: u64 = 1 << 30;
