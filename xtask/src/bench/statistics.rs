//! Means, medians, and counts as real numbers.

use std::time::Duration;

/// The geometric mean of positive numbers; `None` of none.
pub(super) fn geometric_mean(numbers: &[f64]) -> Option<f64> {
    let positive = numbers.iter().all(|number| *number > 0.0);
    if numbers.is_empty() || !positive {
        return None;
    }
    let logarithms: f64 = numbers.iter().map(|number| number.ln()).sum();
    Some((logarithms / real(wide(numbers.len()))).exp())
}

/// The middle one; the faster of two in the middle.
pub(super) fn median(mut times: Vec<Duration>) -> Option<Duration> {
    times.sort();
    let middle = times.len().saturating_sub(1) / 2;
    times.get(middle).copied()
}

/// The largest; `None` of none.
pub(super) fn largest(numbers: &[f64]) -> Option<f64> {
    numbers.iter().copied().max_by(f64::total_cmp)
}

/// A count as a real number, exact below 2^53.
pub(super) fn real(count: u64) -> f64 {
    let half = |bits: u64| f64::from(u32::try_from(bits & u64::from(u32::MAX)).unwrap_or(u32::MAX));
    half(count >> 32) * 4_294_967_296.0 + half(count)
}

/// A length as a count.
pub(super) fn wide(length: usize) -> u64 {
    u64::try_from(length).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_geometric_mean_of_a_ratio_and_its_inverse_is_one() {
        let mean = geometric_mean(&[0.5, 2.0]).unwrap();
        assert!((mean - 1.0).abs() < 1e-12, "{mean}");
    }

    #[test]
    fn the_geometric_mean_of_one_and_four_is_two() {
        let mean = geometric_mean(&[1.0, 4.0]).unwrap();
        assert!((mean - 2.0).abs() < 1e-12, "{mean}");
    }

    #[test]
    fn there_is_no_mean_of_nothing_or_of_zero() {
        assert_eq!(
            (geometric_mean(&[]), geometric_mean(&[1.0, 0.0])),
            (None, None)
        );
    }

    #[test]
    fn the_median_does_not_follow_an_outlier() {
        let times = [9, 1, 2].map(Duration::from_secs);
        assert_eq!(median(times.to_vec()), Some(Duration::from_secs(2)));
    }

    #[test]
    fn counts_beyond_32_bits_keep_their_value() {
        assert!((real((1 << 40) + 3) - 1_099_511_627_779.0).abs() < 0.5);
    }
}
