//! Records with their fields moved.

use super::reader::Reader;
use super::stream::Stream;
use super::tables::push;

pub(super) fn rewrite(bytes: &[u8], form: u64, code_bytes: u64, stream: &Stream<'_>) -> Vec<u8> {
    let mut reader = Reader(bytes);
    let mut out = Vec::new();
    loop {
        let before = reader.clone();
        let record = record(&mut reader, form, code_bytes, stream);
        match record {
            Some(record) if reader.0.len() < before.0.len() => out.extend(record),
            _ => {
                out.extend(before.0);
                return out;
            }
        }
    }
}

fn record(
    reader: &mut Reader<'_>,
    form: u64,
    code_bytes: u64,
    stream: &Stream<'_>,
) -> Option<Vec<u8>> {
    let form_at = |at: u64| usize::try_from(at).ok().and_then(|at| stream.forms.get(at));
    let mut fields = form_at(form)?.as_slice();
    let mut out = Vec::new();
    while let Some(((kind, parameter), behind)) = fields.split_first() {
        fields = behind;
        let shift = |value: i64| {
            let map = usize::try_from(*parameter).ok();
            let map = map.and_then(|map| stream.fields.get(map));
            map.map_or(0, |map| map.shift(value))
        };
        match kind {
            0 => out.extend(reader.take(*parameter).ok()?),
            1 => out.extend(reader.through(|byte| byte == 0).ok()?),
            2 => out.extend(reader.through(|byte| byte < 128).ok()?),
            3 => {
                let value = i64::try_from(reader.number().ok()?).ok()?;
                let moved = u64::try_from(value.checked_add(shift(value))?);
                push(&mut out, moved.ok().or(u64::try_from(value).ok())?);
            }
            4 => {
                let value = reader.fixed(4).ok()?;
                let moved = i64::try_from(value).ok()?;
                let moved = u32::try_from(moved + shift(moved));
                out.extend(moved.ok().or(u32::try_from(value).ok())?.to_le_bytes());
            }
            5 => {
                let value = reader.fixed(4).ok()?;
                let moved = address(value, code_bytes, stream).unwrap_or(value);
                let moved = u32::try_from(moved).ok().or(u32::try_from(value).ok());
                out.extend(moved?.to_le_bytes());
            }
            6 => {
                let value = reader.fixed(8).ok()?;
                let moved = address(value, code_bytes, stream).unwrap_or(value);
                out.extend(moved.to_le_bytes());
            }
            _ => {
                let byte = reader.fixed(1).ok()?;
                out.push(u8::try_from(byte).ok()?);
                fields = form_at(parameter + byte).map_or(&[], Vec::as_slice);
            }
        }
    }
    Some(out)
}

fn address(value: u64, code_bytes: u64, stream: &Stream<'_>) -> Option<u64> {
    let offset = value.checked_sub(stream.base_address)?;
    if offset > code_bytes || offset % stream.unit != 0 {
        return None;
    }
    let place = i64::try_from(offset / stream.unit).ok()?;
    let moved = u64::try_from(stream.places.moved(place)).ok()?;
    moved
        .checked_mul(stream.unit)?
        .checked_add(stream.output_address)
}
