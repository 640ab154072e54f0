//! Whether two native libraries differ in their build ids alone: a hint for people, no equivalence.

use crate::image::Image;

/// Whether two ELF files of any kind are the same in every byte but those of their build id.
///
/// For libraries beside the Dart one. It decides no verdict: [`Equivalence`](crate::Equivalence)
/// has the strict form, for snapshots only.
#[must_use]
pub fn only_the_build_id_differs(a: &[u8], b: &[u8]) -> bool {
    let ids = [a, b].map(|bytes| Image::read(bytes).ok().and_then(|image| image.build_id));
    let [Some(id_a), Some(id_b)] = ids else {
        return false;
    };
    let (Ok(id_a), Ok(id_b)) = (hex::decode(id_a), hex::decode(id_b)) else {
        return false;
    };
    if a.len() != b.len() || id_a.len() != id_b.len() {
        return false;
    }
    let Some(first) = a.iter().zip(b).position(|(a, b)| a != b) else {
        return false;
    };
    // The ids may share leading bytes, so that the first difference is inside them.
    let reach = first.saturating_sub(id_a.len())..first.saturating_add(1);
    reach.into_iter().any(|at| {
        let end = at.saturating_add(id_a.len());
        a.get(at..end) == Some(&id_a[..])
            && b.get(at..end) == Some(&id_b[..])
            && a.get(..at) == b.get(..at)
            && a.get(end..) == b.get(end..)
    })
}
