//! Where a reading and a second one of the same file disagree.

use std::collections::BTreeSet;

use patchproof_snapshot::{Snapshot, Symbol};

use super::second_reading::{BuildId, Header, Place, SecondReading, View};

/// Every fact on which the two disagree, in words; empty where they agree.
///
/// What may legally differ is not asked: see [`BuildId::Unsettled`] and [`Place::size`]. A file
/// without `PT_DYNAMIC` has no loader's view; one without section headers has no tool's.
#[must_use]
pub fn disagreements(first: &Snapshot, second: &SecondReading) -> Vec<String> {
    let mut told = Told::default();
    told.differ("container", &first.container, &second.container);
    told.differ("machine", &first.arch, &second.arch);
    told.differ("stripped", &first.stripped, &second.stripped);
    told.differ(
        "load alignment",
        &first.load_alignment,
        &second.load_alignment,
    );
    if let BuildId::Read(second) = &second.build_id {
        told.differ("build id", &first.build_id, second);
    }
    for view in &second.views {
        symbols(&mut told, first, view);
        headers(&mut told, first, view);
    }
    told.lines
}

#[derive(Default)]
struct Told {
    lines: Vec<String>,
}

impl Told {
    fn differ<T: PartialEq + std::fmt::Debug>(&mut self, what: &str, first: &T, second: &T) {
        if first != second {
            self.lines.push(format!(
                "{what}: read {first:?}, and by the second reading {second:?}"
            ));
        }
    }
}

fn symbols(told: &mut Told, first: &Snapshot, view: &View) {
    let reader = view.reader;
    let names = |names: &mut dyn Iterator<Item = &str>| {
        names.map(str::to_owned).collect::<BTreeSet<String>>()
    };
    let read = names(&mut first.symbols.iter().map(|symbol| symbol.name.as_str()));
    let seen = names(&mut view.symbols.keys().copied());
    told.differ(&format!("symbols that {reader} finds"), &read, &seen);
    for symbol in &first.symbols {
        if let Some(place) = view.symbols.get(symbol.name.as_str()) {
            told.differ(
                &format!(
                    "{} as {reader} finds it: address, offset, size",
                    symbol.name
                ),
                &(symbol.address, Some(symbol.offset), symbol.size),
                &(
                    place.address,
                    place.offset,
                    place.size.unwrap_or(symbol.size),
                ),
            );
            if place.size.is_none() && runs_into_another(symbol, view) {
                told.lines
                    .push(format!("{} runs into another symbol", symbol.name));
            }
        }
    }
}

fn runs_into_another(symbol: &Symbol, view: &View) -> bool {
    let inside = |other: &Place| {
        let into = other.address.checked_sub(symbol.address);
        into.is_some_and(|into| into > 0 && into < symbol.size)
    };
    view.symbols.values().any(inside)
}

fn headers(told: &mut Told, first: &Snapshot, view: &View) {
    let header = |blob: &patchproof_snapshot::DataBlob| {
        let header = Header {
            length: blob.header.length,
            kind: blob.header.kind,
            version: blob.header.version.escape_default().to_string(),
            features: blob.header.features.escape_default().to_string(),
        };
        (blob.symbol, header)
    };
    let read = first.blobs().map(header).collect();
    told.differ(
        &format!("headers that {} finds", view.reader),
        &read,
        &view.headers,
    );
}
