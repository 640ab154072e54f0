//! No two entries share bytes, and nothing between them reads as an entry or an end.

use super::end::End;
use super::{Fault, Placed};
use crate::fault::ZipFault;
use crate::fields::Fields;
use crate::window::Window;

/// Sorts the entries by place and looks at each seam between them.
///
/// Some bytes lie between entries rightly: Android's signing block after the last one, and the
/// nameless entries by which Gradle keeps room for later.
pub(super) fn check(window: &Window, end: &End, placed: &mut [Placed]) -> Result<(), Fault> {
    placed.sort_by_key(|placed| placed.entry.header_start);
    let mut position = 0;
    let mut fillers = 0;
    let mut before: Option<&Placed> = None;
    for next in &*placed {
        let start = next.entry.header_start;
        if start < position {
            let other = before.map(|before| before.entry.name.clone());
            let other = other.unwrap_or_default();
            return Err(ZipFault::Overlap { other }.of(&next.entry.name));
        }
        let covered = nameless(window, position, start, &mut fillers)?;
        if before.is_none() && covered != start {
            return Err(ZipFault::PrependedBytes { count: start }.into());
        }
        position = next.end;
        before = Some(next);
    }
    let limit = end.directory_start;
    let covered = nameless(window, position, limit, &mut fillers)?;
    if before.is_none() && covered != limit {
        return Err(ZipFault::PrependedBytes { count: limit }.into());
    }
    one_end(end, placed)
}

/// Goes over nameless entries from `position` on, as far as they go before `limit`; counts them in
/// `fillers`, with those of other seams.
fn nameless(
    window: &Window,
    mut position: u64,
    limit: u64,
    fillers: &mut u64,
) -> Result<u64, Fault> {
    while let Some(room) = limit.checked_sub(position) {
        if room < LOCAL_BYTES {
            break;
        }
        let header = window.read_at(position, LOCAL_LEN)?;
        let mut fields = Fields::new(&header);
        if fields.take(4) != Some(LOCAL_SIGNATURE) {
            break;
        }
        let lengths = (|| {
            fields.take(14)?;
            let stored = fields.u32()?;
            fields.take(4)?;
            Some((stored, fields.u16()?, fields.u16()?))
        })();
        *fillers += 1;
        match lengths {
            Some((stored, 0, extra)) if *fillers <= FILLERS_MAX => {
                position += LOCAL_BYTES + u64::from(stored) + u64::from(extra);
            }
            _ => return Err(ZipFault::HiddenEntry { at: position }.into()),
        }
    }
    if position > limit {
        let (end, limit) = (position, limit);
        return Err(ZipFault::Outside { end, limit }.into());
    }
    Ok(position)
}

/// An archive in an archive has an end of its own; anything else that reads as one is a second.
fn one_end(end: &End, placed: &[Placed]) -> Result<(), Fault> {
    for other in &end.others {
        let next = placed.partition_point(|placed| placed.data_start <= other.at);
        let holder = next.checked_sub(1).and_then(|index| placed.get(index));
        let in_data = holder.is_some_and(|holder| other.at < holder.end);
        if other.ends_with_the_file || !in_data {
            let (first, second) = (other.at, end.at);
            return Err(ZipFault::TwoEnds { first, second }.into());
        }
    }
    Ok(())
}

const LOCAL_SIGNATURE: &[u8] = b"PK\x03\x04";
const LOCAL_BYTES: u64 = 30;
const LOCAL_LEN: usize = 30;
/// Far more than Gradle leaves, and little to go over.
const FILLERS_MAX: u64 = 200_000;
