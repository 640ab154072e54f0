//! Names, and which of their changes a cut may leave.

use proptest::prelude::*;

use super::*;

#[test]
fn a_file_whose_folder_was_not_synced_may_be_gone_though_it_was_synced() {
    let disk = honest();
    let process = disk.process();
    put_synced(&process, "f", b"1");
    assert_eq!(
        image_trees(&disk),
        BTreeSet::from([of(&[]), of(&[("f", b"1")])])
    );
    sync_root(&process);
    assert_eq!(image_trees(&disk), BTreeSet::from([of(&[("f", b"1")])]));
}

#[test]
fn a_name_that_was_synced_can_show_a_file_that_was_not() {
    let disk = honest();
    let process = disk.process();
    put(&process, "f", b"1");
    sync_root(&process);
    assert!(image_trees(&disk).contains(&of(&[("f", b"")])));
}

#[test]
fn a_rename_over_a_name_leaves_the_old_file_or_the_new_one() {
    let disk = honest();
    let process = disk.process();
    put_synced(&process, "f", b"old");
    put_synced(&process, "t", b"new");
    sync_root(&process);
    process.rename(&path("t"), &path("f")).unwrap();
    let legal = [of(&[("f", b"old"), ("t", b"new")]), of(&[("f", b"new")])];
    assert_eq!(image_trees(&disk), BTreeSet::from(legal));
}

#[test]
fn changes_of_other_names_may_happen_in_any_order() {
    let disk = honest();
    let process = disk.process();
    put_synced(&process, "a", b"1");
    put_synced(&process, "b", b"2");
    let trees = image_trees(&disk);
    assert!(
        trees.contains(&of(&[("b", b"2")])),
        "the later without the earlier"
    );
    assert_eq!(trees.len(), 4);
}

#[test]
fn a_later_change_of_a_name_never_happens_without_the_earlier_ones() {
    let disk = honest();
    let process = disk.process();
    put_synced(&process, "a", b"1");
    process.rename(&path("a"), &path("b")).unwrap();
    put_synced(&process, "a", b"2");
    let legal = [
        of(&[]),
        of(&[("a", b"1")]),
        of(&[("b", b"1")]),
        of(&[("a", b"2"), ("b", b"1")]),
    ];
    assert_eq!(image_trees(&disk), BTreeSet::from(legal));
}

#[test]
fn a_removed_file_may_come_back_until_its_folder_is_synced() {
    let disk = honest();
    let process = disk.process();
    put_synced(&process, "f", b"1");
    sync_root(&process);
    process.remove(&path("f")).unwrap();
    assert_eq!(
        image_trees(&disk),
        BTreeSet::from([of(&[]), of(&[("f", b"1")])])
    );
    sync_root(&process);
    assert_eq!(image_trees(&disk), BTreeSet::from([of(&[])]));
}

/// A file in `from`, with that name and all before it synced, that is renamed to `to`.
fn moved_between_folders() -> SimDisk {
    let disk = honest();
    let process = disk.process();
    process.make_folder(&path("from")).unwrap();
    process.make_folder(&path("to")).unwrap();
    put_synced(&process, "from/f", b"1");
    sync_root(&process);
    process.sync_folder(&path("from")).unwrap();
    process.rename(&path("from/f"), &path("to/f")).unwrap();
    disk
}

#[test]
fn a_rename_between_folders_never_leaves_both_names_or_none() {
    for image in moved_between_folders().images(Bounds::normal()) {
        assert_eq!(image.files().len(), 1, "{:?}", image.files());
    }
}

#[test]
fn a_rename_between_folders_lasts_with_the_sync_of_the_new_names_folder_alone() {
    let disk = moved_between_folders();
    disk.process().sync_folder(&path("from")).unwrap();
    assert_eq!(disk.images(Bounds::normal()).count(), 2);
    disk.process().sync_folder(&path("to")).unwrap();
    let files: Vec<_> = disk
        .images(Bounds::normal())
        .map(|image| image.files())
        .collect();
    assert_eq!(files, [["to/f"]]);
}

#[test]
fn a_rename_between_folders_lasts_with_a_later_change_of_its_old_name() {
    let disk = moved_between_folders();
    let process = disk.process();
    put_synced(&process, "from/f", b"2");
    process.sync_folder(&path("from")).unwrap();
    let files: Vec<_> = disk
        .images(Bounds::normal())
        .map(|image| image.files())
        .collect();
    assert_eq!(files, [["from/f", "to/f"]]);
}

#[test]
fn what_is_in_a_folder_is_gone_with_a_folder_that_was_not_synced_above() {
    let disk = honest();
    let process = disk.process();
    process.make_folder(&path("d")).unwrap();
    put_synced(&process, "d/f", b"1");
    process.sync_folder(&path("d")).unwrap();
    let files: BTreeSet<_> = disk
        .images(Bounds::normal())
        .map(|image| image.files())
        .collect();
    assert_eq!(files, BTreeSet::from([vec![], vec!["d/f".to_owned()]]));
}

#[test]
fn a_folder_that_is_renamed_takes_its_files_along_in_one_step() {
    let disk = honest();
    let process = disk.process();
    process.make_folder(&path("s")).unwrap();
    put_synced(&process, "s/f", b"1");
    put_synced(&process, "s/g", b"2");
    process.sync_folder(&path("s")).unwrap();
    sync_root(&process);
    process.rename(&path("s"), &path("d")).unwrap();
    let files: BTreeSet<_> = disk
        .images(Bounds::normal())
        .map(|image| image.files())
        .collect();
    let both = |folder: &str| vec![format!("{folder}/f"), format!("{folder}/g")];
    assert_eq!(files, BTreeSet::from([both("s"), both("d")]));
}

#[derive(Clone, Copy, Debug)]
enum Act {
    Create(usize),
    Rename(usize, usize),
    Remove(usize),
    Sync,
}

fn act() -> impl Strategy<Value = Act> {
    prop_oneof![
        4 => (0..NAMES.len()).prop_map(Act::Create),
        4 => (0..NAMES.len(), 0..NAMES.len()).prop_map(|(from, to)| Act::Rename(from, to)),
        2 => (0..NAMES.len()).prop_map(Act::Remove),
        1 => Just(Act::Sync),
    ]
}

/// By the words of the model: names with what they show, and changes not yet synced.
#[derive(Default)]
struct Reference {
    durable: BTreeMap<usize, u8>,
    seen: BTreeMap<usize, u8>,
    changes: Vec<Vec<(usize, Option<u8>)>>,
}

impl Reference {
    fn act(&mut self, act: Act, content: u8) -> bool {
        let change = match act {
            Act::Create(name) if !self.seen.contains_key(&name) => vec![(name, Some(content))],
            Act::Rename(from, to) if from != to && self.seen.contains_key(&from) => {
                vec![(from, None), (to, Some(self.seen[&from]))]
            }
            Act::Remove(name) if self.seen.contains_key(&name) => vec![(name, None)],
            Act::Sync => {
                self.durable = self.seen.clone();
                self.changes.clear();
                return true;
            }
            _ => return false,
        };
        set(&mut self.seen, &change);
        self.changes.push(change);
        true
    }

    fn legal(&self) -> BTreeSet<BTreeMap<usize, u8>> {
        let mut legal = BTreeSet::new();
        for subset in 0_usize..1 << self.changes.len() {
            let is_in = |at: usize| subset >> at & 1 == 1;
            let keeps_each_history = NAMES.iter().enumerate().all(|(name, _)| {
                let of_name = self.changes.iter().enumerate();
                let of_name =
                    of_name.filter(|(_, change)| change.iter().any(|(one, _)| *one == name));
                let history: Vec<bool> = of_name.map(|(at, _)| is_in(at)).collect();
                history.is_sorted_by(|one, next| one >= next)
            });
            if keeps_each_history {
                let mut names = self.durable.clone();
                for (_, change) in self.changes.iter().enumerate().filter(|(at, _)| is_in(*at)) {
                    set(&mut names, change);
                }
                legal.insert(names);
            }
        }
        legal
    }
}

fn set(names: &mut BTreeMap<usize, u8>, change: &[(usize, Option<u8>)]) {
    for (name, content) in change {
        match content {
            Some(content) => names.insert(*name, *content),
            None => names.remove(name),
        };
    }
}

fn act_on(process: &impl Storage, act: Act, content: u8) {
    match act {
        Act::Create(name) => put_synced(process, NAMES[name], &[content]),
        Act::Rename(from, to) => process
            .rename(&path(NAMES[from]), &path(NAMES[to]))
            .unwrap(),
        Act::Remove(name) => process.remove(&path(NAMES[name])).unwrap(),
        Act::Sync => sync_root(process),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]
    #[test]
    fn the_names_after_a_cut_are_the_legal_ones_and_no_others(
        acts in prop::collection::vec(act(), 0..12),
    ) {
        let disk = honest();
        let process = disk.process();
        let mut reference = Reference::default();
        for (content, act) in (1_u8..).zip(acts) {
            if reference.act(act, content) {
                act_on(&process, act, content);
            }
        }
        let legal: BTreeSet<Tree> = reference
            .legal()
            .into_iter()
            .map(|names| {
                let names = names.into_iter();
                names.map(|(name, byte)| (NAMES[name].to_owned(), Some(vec![byte]))).collect()
            })
            .collect();
        prop_assert_eq!(image_trees(&disk), legal);
    }
}

const NAMES: [&str; 3] = ["a", "b", "c"];
