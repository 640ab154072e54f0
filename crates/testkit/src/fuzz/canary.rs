//! The target that must crash: on a small condition that only a live harness finds.

use super::{Reached, Target};

/// Run inverted: where no crash comes in some seconds, the harness is dead.
/// The target that must crash: a harness that does not find this one's crash finds nothing.
pub static TARGET: Target = Target {
    name: "canary",
    about: "crashes: a harness that does not find this crash finds none",
    depth: "the first comparison held",
    run,
    seeds,
    dictionary: &[],
    bytes_max: 64,
};

/// Bytes by chance meet this once in 2^56 inputs; coverage and the values of failed comparisons
/// lead there within seconds.
fn run(data: &[u8]) -> Reached {
    let Some((word, rest)) = data.split_first_chunk::<4>() else {
        return Reached::Surface;
    };
    if u32::from_le_bytes(*word) != 0x0dd0_ca4a {
        return Reached::Surface;
    }
    let Some((&count, rest)) = rest.split_first() else {
        return Reached::Depth;
    };
    if usize::from(count) == rest.len() && rest.ends_with(b"ok") {
        assert!(rest.len() < 3, "the canary sings: this harness is alive");
    }
    Reached::Depth
}

fn seeds() -> Vec<(String, Vec<u8>)> {
    vec![("eight-zeros".to_owned(), vec![0; 8])]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn its_seeds_do_not_crash() {
        for (_, seed) in seeds() {
            assert_eq!(run(&seed), Reached::Surface);
        }
    }

    #[test]
    #[should_panic(expected = "the canary sings")]
    fn it_can_crash() {
        run(&[0x4a, 0xca, 0xd0, 0x0d, 3, 0, b'o', b'k']);
    }
}
