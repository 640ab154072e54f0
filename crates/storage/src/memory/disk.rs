//! What lies on the disk in memory: for each file and name what is read now, and what lasts.

use std::collections::BTreeMap;
use std::io::ErrorKind;

use crate::StoragePath;

#[derive(Debug, Default)]
pub(crate) struct Disk {
    /// Each operation that changes something or syncs, as it is written in tests.
    pub(crate) log: Vec<String>,
    /// The operation of this index in the log fails.
    pub(crate) fails: Option<usize>,
    /// The sync of this index in the log does nothing.
    pub(crate) drops: Option<usize>,
    /// Reading these fails.
    pub(crate) unreadable: Option<StoragePath>,
    pub(super) nodes: Vec<Node>,
}

/// What becomes of names that no sync made last. Unsynced bytes are lost either way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Names {
    Lost,
    Kept,
}

#[derive(Clone, Debug)]
pub(crate) enum Node {
    File {
        live: Vec<u8>,
        lasting: Vec<u8>,
        is_doomed: bool,
    },
    Folder {
        live: NameMap,
        lasting: NameMap,
        doomed: NameMap,
    },
}

/// None: the name is gone.
pub(crate) type NameMap = BTreeMap<String, Option<usize>>;

impl Disk {
    pub(super) fn find(&self, path: &StoragePath) -> Result<usize, ErrorKind> {
        let mut node = 0;
        for name in path.as_str().split('/').filter(|name| !name.is_empty()) {
            let Node::Folder { live, .. } = &self.nodes[node] else {
                return Err(ErrorKind::NotADirectory);
            };
            node = live
                .get(name)
                .copied()
                .flatten()
                .ok_or(ErrorKind::NotFound)?;
        }
        Ok(node)
    }

    pub(super) fn names(&mut self, path: &StoragePath) -> Result<&mut NameMap, ErrorKind> {
        let node = self.find(&path.folder().unwrap())?;
        match &mut self.nodes[node] {
            Node::Folder { live, .. } => Ok(live),
            Node::File { .. } => Err(ErrorKind::NotADirectory),
        }
    }

    pub(super) fn add(&mut self, node: Node) -> usize {
        self.nodes.push(node);
        self.nodes.len() - 1
    }

    pub(super) fn is_full_folder(&self, node: usize) -> bool {
        matches!(&self.nodes[node], Node::Folder { live, .. } if live.values().any(Option::is_some))
    }

    pub(super) fn rename(&mut self, from: &StoragePath, to: &StoragePath) -> Result<(), ErrorKind> {
        let node = self.find(from)?;
        if let Ok(there) = self.find(to)
            && matches!(self.nodes[there], Node::Folder { .. })
        {
            return Err(ErrorKind::DirectoryNotEmpty);
        }
        self.names(to)?.insert(to.name().to_owned(), Some(node));
        self.names(from)?.insert(from.name().to_owned(), None);
        Ok(())
    }

    /// None: the sync failed, and what it was asked to make last is lost for good.
    pub(super) fn sync_file(&mut self, node: usize, is_done: Option<bool>) {
        if let Node::File {
            live,
            lasting,
            is_doomed,
        } = &mut self.nodes[node]
        {
            *is_doomed |= is_done.is_none();
            if is_done == Some(true) && !*is_doomed {
                lasting.clone_from(live);
            }
        }
    }

    /// A folder that came from elsewhere is then no longer there.
    pub(super) fn sync_folder(&mut self, folder: &StoragePath) -> Result<(), ErrorKind> {
        let (at, changes) = self.changes(folder)?;
        let came: Vec<_> = changes.values().copied().flatten().collect();
        for (index, node) in self.nodes.iter_mut().enumerate() {
            let Node::Folder { lasting, .. } = node else {
                continue;
            };
            if index == at {
                lasting.extend(changes.clone());
            } else {
                lasting.retain(|_, node| !node.is_some_and(|node| came.contains(&node)));
            }
        }
        Ok(())
    }

    /// What a sync that failed was asked to make last, no later sync does.
    pub(super) fn doom_folder(&mut self, folder: &StoragePath) -> Result<(), ErrorKind> {
        let (at, changes) = self.changes(folder)?;
        if let Node::Folder { doomed, .. } = &mut self.nodes[at] {
            doomed.extend(changes);
        }
        Ok(())
    }

    fn changes(&self, folder: &StoragePath) -> Result<(usize, NameMap), ErrorKind> {
        let at = self.find(folder)?;
        match &self.nodes[at] {
            Node::Folder {
                live,
                lasting,
                doomed,
            } => Ok((at, changes(live, lasting, doomed))),
            Node::File { .. } => Err(ErrorKind::NotADirectory),
        }
    }

    pub(super) fn cut(&mut self, names: Names) {
        (self.fails, self.drops) = (None, None);
        for node in &mut self.nodes {
            match node {
                Node::File {
                    live,
                    lasting,
                    is_doomed,
                } => {
                    live.clone_from(lasting);
                    *is_doomed = false;
                }
                Node::Folder {
                    live,
                    lasting,
                    doomed,
                } => {
                    if names == Names::Kept {
                        lasting.extend(changes(live, lasting, doomed));
                    }
                    live.clone_from(lasting);
                    doomed.clear();
                }
            }
        }
    }
}

pub(super) fn file(bytes: &[u8]) -> Node {
    let (live, lasting) = (bytes.to_vec(), bytes.to_vec());
    Node::File {
        live,
        lasting,
        is_doomed: false,
    }
}

pub(super) fn folder() -> Node {
    let none = NameMap::new;
    Node::Folder {
        live: none(),
        lasting: none(),
        doomed: none(),
    }
}

fn changes(live: &NameMap, lasting: &NameMap, doomed: &NameMap) -> NameMap {
    let is_new = |name: &str, node: &Option<usize>| {
        lasting.get(name).copied().flatten() != *node && doomed.get(name) != Some(node)
    };
    let new = live.iter().filter(|(name, node)| is_new(name, node));
    new.map(|(name, node)| (name.clone(), *node)).collect()
}
