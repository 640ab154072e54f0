//! Reading and writing the document, and how large it gets.

use super::*;

#[test]
fn a_document_is_read_back_as_it_was_written() {
    let mut document = Document::new([7; 16]);
    let (id, key) = (
        GenerationId::of_bytes([1; 32]),
        ReleaseKey::of_bytes([2; 32]),
    );
    document.lifecycle.release = Some(key);
    document.versions.insert(key, "1.0+1".to_owned());
    document.lifecycle.candidate = Some(id);
    let json = document.to_json().unwrap();
    assert_eq!(Document::parse(&json), Ok(document));
}

#[test]
fn what_a_newer_version_wrote_is_refused_and_not_half_read() {
    let json = String::from_utf8(Document::new([7; 16]).to_json().unwrap()).unwrap();
    let newer = json.replacen("\"format\":1", "\"format\":2", 1);
    assert!(
        Document::parse(newer.as_bytes())
            .unwrap_err()
            .contains("known is 1")
    );
    let more = json.replacen('{', "{\"more\":1,", 1);
    assert!(Document::parse(more.as_bytes()).is_err());
}

#[test]
fn looks_and_words_of_what_is_gone_are_not_written() {
    let mut document = Document::new([7; 16]);
    let id = GenerationId::of_bytes([1; 32]);
    document
        .looks
        .insert(id, Look::new([0; 16], &BTreeMap::new()));
    document.vouchers.insert(id, "gone".to_owned());
    document.messages.insert(4, "gone".to_owned());
    let read = Document::parse(&document.to_json().unwrap()).unwrap();
    assert_eq!(read, Document::new([7; 16]));
}

fn token() -> patchproof_lifecycle::Token {
    patchproof_lifecycle::Token {
        release: ReleaseKey::of_bytes([0xfe; 32]),
        generation: GenerationId::of_bytes(id(0)),
        number: u64::MAX,
        proven: false,
        attempt: u32::MAX,
        process: u32::MAX,
        settled: false,
    }
}

#[test]
fn a_choice_waits_for_its_launch_as_long_as_its_token_is_there() {
    let mut document = Document::new([7; 16]);
    let slots = [ProcessSlot(1), ProcessSlot(2)];
    document.lifecycle.tokens.insert(slots[0], token());
    document.unlaunched = slots.into();
    let read = Document::parse(&document.to_json().unwrap()).unwrap();
    assert_eq!(read.unlaunched, [slots[0]].into());
}

#[test]
fn a_document_without_waiting_choices_is_what_it_was_before_there_were_any() {
    let mut document = Document::new([7; 16]);
    document.lifecycle.tokens.insert(ProcessSlot(1), token());
    let json = String::from_utf8(document.to_json().unwrap()).unwrap();
    assert!(!json.contains("unlaunched"), "{json}");
    assert_eq!(Document::parse(json.as_bytes()), Ok(document));
}

fn id(index: u64) -> [u8; 32] {
    let mut bytes = [0xff; 32];
    bytes[..8].copy_from_slice(&index.to_be_bytes());
    bytes
}

/// What forbids, as much of it as is bounded.
fn fill_words(state: &mut State) {
    use patchproof_lifecycle::{
        BadReason, FAILED_DOWNLOADS_MAX, OTHER_RELEASES_MAX, ROLLED_BACK_MAX, SET_ASIDE_MAX,
        SetAside, SetAsideReason, Words,
    };
    let bad = |from: u64, count: u64| {
        let ids = (from..from + count).map(|index| GenerationId::of_bytes(id(index)));
        let known_bad = ids.map(|id| (id, BadReason::NotVerified)).collect();
        let floor = u64::MAX;
        Words { known_bad, floor }
    };
    let many = u64::from(crate::config::KNOWN_BAD_MAX);
    let own = ReleaseKey::of_bytes([0xfe; 32]);
    state.release = Some(own);
    state.words.insert(own, bad(0, many));
    let others = u64::try_from(OTHER_RELEASES_MAX).unwrap();
    for index in 0..others {
        let each = many.div_ceil(others);
        let release = ReleaseKey::of_bytes(id(index));
        state.words.insert(release, bad(index * each, each));
    }
    state.rolled_back = (0..u64::try_from(ROLLED_BACK_MAX).unwrap())
        .map(|index| u64::MAX - index)
        .collect();
    let aside = SetAside {
        number: u64::MAX,
        reason: SetAsideReason::FailedDownloads,
    };
    for index in 0..u64::try_from(SET_ASIDE_MAX).unwrap() {
        let content = GenerationId::of_bytes(id(index));
        state.set_aside.insert(content, aside.clone());
    }
    for index in 0..u64::try_from(FAILED_DOWNLOADS_MAX).unwrap() {
        let content = GenerationId::of_bytes(id(index));
        state.failed_downloads.insert(content, u8::MAX);
    }
}

/// What lies installed: what both pointers name, and what each process boots.
fn fill_installed(document: &mut Document) {
    use patchproof_lifecycle::{Installed, Token};
    let state = &mut document.lifecycle;
    let slots = crate::updater::PROCESS_SLOTS;
    for index in 0..u64::from(slots) + 2 {
        let generation = GenerationId::of_bytes(id(index));
        let record = Installed {
            number: u64::MAX,
            data_epoch: u32::MAX,
            reads_data_epoch: u32::MAX,
            proven: false,
            crashes: u8::MAX,
            unfinished: u8::MAX,
            recent: [false; 8].into(),
        };
        state.installed.insert(generation, record);
        if let Ok(slot) = u8::try_from(index)
            && slot < slots
        {
            let token = Token {
                generation,
                ..token()
            };
            state.tokens.insert(ProcessSlot(slot), token);
            document.unlaunched.insert(ProcessSlot(slot));
        }
        let stamp = Stamp {
            inode: u64::MAX,
            length_bytes: u64::MAX,
            modified_ns: u64::MAX,
        };
        let names = ["libapp.so", "manifest"].map(|name| (name.to_owned(), stamp));
        let look = Look::new([0xff; 16], &names.into());
        document.looks.insert(generation, look);
        let voucher = escaped_like_an_envelope(crate::vouch::VOUCHER_BYTES_MAX);
        document.vouchers.insert(generation, voucher);
    }
    state.candidate = Some(GenerationId::of_bytes(id(u64::from(slots))));
    state.proven = Some(GenerationId::of_bytes(id(u64::from(slots) + 1)));
}

/// Base64 for the most part, and the quotes of as many signatures as there may be.
fn escaped_like_an_envelope(bytes: usize) -> String {
    let quotes = 10 + 32 * 8;
    "\"".repeat(quotes) + &"A".repeat(bytes - quotes)
}

/// As long as the room of trust lets it be, with as many quotes as its own test allows.
fn largest_memory() -> String {
    let quotes = 12 << 10;
    "\"".repeat(quotes) + &"A".repeat(Remembered::BYTES_MAX - quotes)
}

fn fill_queue(document: &mut Document) {
    use patchproof_lifecycle::{Queued, QueuedKind};
    for index in 0..u64::from(crate::config::QUEUE_MAX) {
        let event_id = u64::MAX - index;
        let release = ReleaseKey::of_bytes(id(index));
        document.lifecycle.queue.events.push_back(Queued {
            id: event_id,
            kind: QueuedKind::FailureReported,
            release,
            generation: GenerationId::of_bytes(id(index)),
            number: u64::MAX,
            at_ms: u64::MAX,
        });
        document.messages.insert(event_id, "\u{1}".repeat(256));
        let version = "v".repeat(crate::config::VERSION_BYTES_MAX);
        document.versions.insert(release, version);
    }
}

#[test]
fn the_largest_document_that_a_policy_allows_fits_its_slot() {
    let mut document = Document::new([0xff; 16]);
    fill_words(&mut document.lifecycle);
    fill_installed(&mut document);
    fill_queue(&mut document);
    document.lot = Some(Lot([0xff; 16]));
    document.base = Some(BaseSeen::largest());
    // Its room's own test says that no memory is longer.
    document.trust = Some(largest_memory());
    let found_bytes = document.to_json().unwrap().len();
    assert!(found_bytes < Slots::PAYLOAD_BYTES_MAX, "{found_bytes}");
}
