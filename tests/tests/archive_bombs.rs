//! Releases in which a reader without bounds would drown: in zeros, names, entries, strings.
//!
//! Each is opened and read within a bound of memory that does not grow with what it unpacks to. The
//! heap is counted for the whole process, so the trials run one by one. How long each takes is not
//! asked here, and the list of trials shows it.

use libtest_mimic::{Failed, Trial};
use patchproof_archive::{
    AppIdentity, DataFault, OpenError, PART_BYTES_MAX, Part, PartError, Release, ZipFault,
};
use patchproof_testkit::made::{
    Attribute, Element, HeaderLies, MadeApp, MadeAxml, MadeEntry, MadeZip, Value,
};
use patchproof_tests::claims;
use patchproof_tests::trials::{held, one_by_one, same};

#[global_allocator]
static HEAP: peak_alloc::PeakAlloc = peak_alloc::PeakAlloc;

fn main() -> std::process::ExitCode {
    let trial = |(name, body): (&str, Claim)| Trial::test(name, body);
    one_by_one(TRIALS.map(trial).into())
}

type Claim = fn() -> Answer;
type Answer = Result<(), Failed>;

const TRIALS: [(&str, Claim); 13] = claims![
    what_is_large_is_streamed_in_little_memory
    what_is_more_than_declared_is_stopped_at_what_was_declared
    what_is_too_large_is_not_read_whole
    a_size_that_is_only_declared_costs_nothing
    a_large_manifest_is_not_read
    a_manifest_of_strings_that_many_share_is_read_in_little_memory
    a_manifest_of_many_permissions_is_not_kept
    an_apk_in_a_set_is_not_unpacked_without_end
    many_entries_are_listed_in_a_multiple_of_the_file
    more_entries_than_are_read_are_refused
    many_lines_that_share_one_entry_are_refused
    many_end_records_are_refused
    very_many_fillers_are_refused_and_many_are_not
];

fn what_is_large_is_streamed_in_little_memory() -> Answer {
    let file = MadeZip::new(vec![MadeEntry::zeros(ASSET, LARGE)]).build();
    let release = Release::from_bytes("a.zip", file)?;
    let mut count = 0;
    let part = only_part(&release)?;
    let streamed = within(MEBIBYTE, || {
        release.stream(part, &mut |piece| count += piece.len())
    })?;
    same((streamed, u64::try_from(count)?), (Ok(()), LARGE))
}

fn what_is_more_than_declared_is_stopped_at_what_was_declared() -> Answer {
    let file = declaring(1000).build();
    let release = Release::from_bytes("a.zip", file)?;
    let mut count = 0;
    let part = only_part(&release)?;
    let streamed = within(MEBIBYTE, || {
        release.stream(part, &mut |piece| count += piece.len())
    })?;
    let damaged = matches!(
        streamed,
        Err(PartError::Damaged {
            why: DataFault::Longer { declared: 1000 },
            ..
        })
    );
    let whole = within(MEBIBYTE, || release.read(part))?;
    same((damaged, count <= 1000, whole.is_err()), (true, true, true))
}

fn what_is_too_large_is_not_read_whole() -> Answer {
    let release = Release::from_bytes("a.zip", declaring(u32::MAX - 1).build())?;
    let part = only_part(&release)?;
    let refused = within(MEBIBYTE, || release.read(part))?;
    let too_large = matches!(refused, Err(PartError::TooLarge { .. }));
    same(too_large, true)
}

/// Ten gigabytes by its headers, three bytes in truth.
fn a_size_that_is_only_declared_costs_nothing() -> Answer {
    let mut entry = MadeEntry::deflated(ASSET, b"abc");
    entry.zip64 = true;
    entry.local.wide_size_bytes = Some(10 << 30);
    entry.central.wide_size_bytes = Some(10 << 30);
    let release = Release::from_bytes("a.zip", MadeZip::new(vec![entry]).build())?;
    let part = only_part(&release)?;
    let hashed = within(MEBIBYTE, || release.sha256(part))?;
    let shorter = matches!(
        hashed,
        Err(PartError::Damaged {
            why: DataFault::Shorter { found: 3, .. },
            ..
        })
    );
    same(shorter, true)
}

fn a_large_manifest_is_not_read() -> Answer {
    let mut made = MadeApp::new().apk_zip();
    replace(
        &mut made,
        "AndroidManifest.xml",
        MadeEntry::zeros("AndroidManifest.xml", LARGE),
    )?;
    let file = made.build();
    let release = within(4 * MEBIBYTE, || Release::from_bytes("a.apk", file))??;
    same(
        (release.app().unreadable.len(), &release.app().app_id),
        (1, &None),
    )
}

/// Each of 50,000 values is the same string of 1000 bytes.
fn a_manifest_of_strings_that_many_share_is_read_in_little_memory() -> Answer {
    let long = Value::Text("x".repeat(1000));
    let mut root = MadeApp::new().manifest_element();
    for _ in 0..200 {
        let mut element = Element::new("meta-data");
        element.attributes = vec![Attribute::android("label", long.clone()); 250];
        root = root.containing(element);
    }
    let found = manifest_within(16 * MEBIBYTE, &MadeAxml::new(root).build())?;
    same((found.unreadable.len(), found.version_code), (0, Some(45)))
}

fn a_manifest_of_many_permissions_is_not_kept() -> Answer {
    let mut app = MadeApp::new();
    app.permissions = (0..20_000).map(|number| format!("p.{number}")).collect();
    let found = manifest_within(32 * MEBIBYTE, &app.axml(app.manifest_element()))?;
    same((found.unreadable.len(), found.permissions.len()), (1, 0))
}

/// It would have to lie on the disk as a whole.
fn an_apk_in_a_set_is_not_unpacked_without_end() -> Answer {
    let size_bytes = PART_BYTES_MAX + 1;
    let mut made = MadeApp::new().apks_zip();
    let path = "splits/base-x86_64.apk";
    replace(&mut made, path, MadeEntry::zeros(path, size_bytes))?;
    let file = made.build();
    let refused = within(16 * MEBIBYTE, || Release::from_bytes("a.apks", file))?.err();
    match refused {
        Some(OpenError::Part(PartError::TooLarge { .. })) => Ok(()),
        other => Err(format!("not refused as too large: {other:?}").into()),
    }
}

fn many_entries_are_listed_in_a_multiple_of_the_file() -> Answer {
    let entry = |number| MadeEntry::stored(&format!("assets/{number}"), b"");
    let mut made = MadeZip::new((0..200_000).map(entry).collect());
    made.zip64 = true;
    let file = made.build();
    let bound = 16 * file.len();
    let release = within(bound, || Release::from_bytes("a.zip", file))??;
    same(release.parts().len(), 200_000)
}

fn more_entries_than_are_read_are_refused() -> Answer {
    let entry = |number| MadeEntry::stored(&format!("assets/{number}"), b"");
    let mut made = MadeZip::new((0..200_001).map(entry).collect());
    made.zip64 = true;
    let file = made.build();
    let why = refusal(within(MEBIBYTE, || Release::from_bytes("a.zip", file))?)?;
    same(
        matches!(why, ZipFault::TooManyEntries { found: 200_001, .. }),
        true,
    )
}

/// One deflated megabyte under very many names.
fn many_lines_that_share_one_entry_are_refused() -> Answer {
    let mut made = MadeZip::new(vec![MadeEntry::zeros("a", 1 << 20)]);
    made.directory = Some(vec![0; 60_000]);
    let file = made.build();
    let bound = 16 * file.len();
    let why = refusal(within(bound, || Release::from_bytes("a.zip", file))?)?;
    same(why, ZipFault::DuplicateName)
}

fn many_end_records_are_refused() -> Answer {
    let mut made = MadeZip::new(vec![MadeEntry::stored("a", b"b")]);
    made.comment = b"PK\x05\x06".repeat(16_000);
    let file = made.build();
    let bound = 16 * file.len();
    let opened = within(bound, || Release::from_bytes("a.zip", file))?;
    refusal(opened).map(|_| ())
}

/// Local headers without a name, as Gradle leaves them; no app has a million.
fn very_many_fillers_are_refused_and_many_are_not() -> Answer {
    let filler = MadeZip::new(vec![MadeEntry::stored("", b"")]);
    let (mut header, places) = filler.build_with_places();
    header.truncate(usize::try_from(places.directory)?);
    let with = |fillers| {
        let mut made = MadeZip::new(vec![MadeEntry::stored("a", b"b")]);
        made.before_directory = header.repeat(fillers);
        let file = made.build();
        within(MEBIBYTE, || Release::from_bytes("a.zip", file))
    };
    same(with(100_000)??.parts().len(), 1)?;
    let why = refusal(with(1_000_000)?)?;
    same(matches!(why, ZipFault::HiddenEntry { .. }), true)
}

/// Zeros under a size that is not theirs.
fn declaring(size_bytes: u32) -> MadeZip {
    let mut entry = MadeEntry::zeros(ASSET, LARGE);
    let lie = |lies: &mut HeaderLies| lies.size_bytes = Some(size_bytes);
    lie(&mut entry.local);
    lie(&mut entry.central);
    MadeZip::new(vec![entry])
}

fn only_part(release: &Release) -> Result<&Part, Failed> {
    match release.parts() {
        [part] => Ok(part),
        parts => Err(format!("{} parts", parts.len()).into()),
    }
}

fn manifest_within(bound: usize, manifest: &[u8]) -> Result<AppIdentity, Failed> {
    let mut made = MadeApp::new().apk_zip();
    let path = "AndroidManifest.xml";
    replace(&mut made, path, MadeEntry::deflated(path, manifest))?;
    let file = made.build();
    let release = within(bound, || Release::from_bytes("a.apk", file))??;
    Ok(release.app().clone())
}

fn replace(made: &mut MadeZip, path: &str, entry: MadeEntry) -> Answer {
    *made.entry(path).ok_or("no such entry")? = entry;
    Ok(())
}

fn refusal(opened: Result<Release, OpenError>) -> Result<ZipFault, Failed> {
    match opened {
        Err(OpenError::Refused { why, .. }) => Ok(why),
        Err(other) => Err(format!("refused otherwise: {other:?}").into()),
        Ok(_) => Err("it is read".into()),
    }
}

/// Does the work and complains if it held more of the heap than `bound` at any moment.
fn within<T>(bound: usize, work: impl FnOnce() -> T) -> Result<T, Failed> {
    let (done, held) = held(&HEAP, work);
    if held > bound {
        return Err(format!("{held} bytes were held; {bound} are allowed").into());
    }
    Ok(done)
}

const ASSET: &str = "assets/a";
const MEBIBYTE: usize = 1 << 20;
const LARGE: u64 = 256 << 20;
