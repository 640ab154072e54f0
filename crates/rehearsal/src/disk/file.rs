//! One file: what reads show, and what of it would be there after a power cut.

use std::sync::OnceLock;

use super::bytes::{BlockSize, Bytes, mixed};

/// A file, whatever its names are.
#[derive(Clone, Debug)]
pub(super) struct FileNode {
    /// What reads show.
    seen: Bytes,
    /// Where the disk is behind that; none where all of it lasts.
    behind: Option<Box<Behind>>,
    pub(super) modified_ns: u64,
    /// Reads fail: the medium under it has gone bad.
    pub(super) unreadable: bool,
    hash: OnceLock<u128>,
}

/// A disk that is behind what reads show.
#[derive(Clone, Debug)]
struct Behind {
    /// What lasts.
    durable: Bytes,
    /// What the next sync makes last, where that is not what reads show: a sync has failed.
    kept: Option<Bytes>,
}

impl FileNode {
    pub(super) fn empty(block: BlockSize, modified_ns: u64) -> Self {
        Self::settled(Bytes::empty(block), modified_ns, false)
    }

    /// A file that lasts as it is.
    pub(super) const fn settled(bytes: Bytes, modified_ns: u64, unreadable: bool) -> Self {
        Self {
            seen: bytes,
            behind: None,
            modified_ns,
            unreadable,
            hash: OnceLock::new(),
        }
    }

    pub(super) const fn seen(&self) -> &Bytes {
        &self.seen
    }

    /// What lasts, whatever happens.
    pub(super) fn durable(&self) -> &Bytes {
        self.behind
            .as_ref()
            .map_or(&self.seen, |behind| &behind.durable)
    }

    /// What the next sync makes last.
    pub(super) fn kept(&self) -> &Bytes {
        let kept = self.behind.as_ref().and_then(|behind| behind.kept.as_ref());
        kept.unwrap_or(&self.seen)
    }

    /// Whether anything was written that no sync has made last.
    pub(super) fn is_unsynced(&self) -> bool {
        self.durable().length() < self.seen.length()
    }

    /// Whether a power cut changes nothing of what reads show.
    pub(super) const fn is_settled(&self) -> bool {
        self.behind.is_none()
    }

    pub(super) fn append(&mut self, bytes: &[u8], now_ns: u64) {
        if bytes.is_empty() {
            return;
        }
        let seen = &self.seen;
        let behind = self.behind.get_or_insert_with(|| {
            let durable = seen.clone();
            Box::new(Behind {
                durable,
                kept: None,
            })
        });
        if let Some(kept) = &mut behind.kept {
            kept.append(bytes);
        }
        self.seen.append(bytes);
        self.modified_ns = now_ns;
    }

    pub(super) fn sync(&mut self) {
        match &mut self.behind {
            Some(behind) => match &behind.kept {
                Some(kept) => behind.durable = kept.clone(),
                None => self.behind = None,
            },
            None => return,
        }
        self.hash = OnceLock::new();
    }

    /// A sync failed: what was written since that many bytes is lost for good.
    pub(super) fn lose_from(&mut self, offset: usize) {
        let seen = &self.seen;
        if let Some(behind) = &mut self.behind {
            behind
                .kept
                .get_or_insert_with(|| seen.clone())
                .zero_from(offset);
        }
    }

    /// The medium changes under a file that lasts.
    pub(super) fn rot(&mut self, change: impl FnOnce(&mut Bytes)) {
        let mut bytes = self.durable().clone();
        change(&mut bytes);
        *self = Self::settled(bytes, self.modified_ns, self.unreadable);
    }

    /// Of what reads show.
    pub(super) fn seen_hash(&self) -> u128 {
        if self.is_settled() {
            return self.durable_hash();
        }
        readable_hash(self.seen.hash(), self.unreadable)
    }

    /// Of what lasts.
    pub(super) fn durable_hash(&self) -> u128 {
        let hash = *self.hash.get_or_init(|| self.durable().hash());
        readable_hash(hash, self.unreadable)
    }
}

/// A content's hash, where it can be read or cannot.
pub(super) const fn readable_hash(content: u128, unreadable: bool) -> u128 {
    if unreadable { mixed(!content) } else { content }
}
