//! The rollout over a million clients, by the one function that servers and devices share.

use libtest_mimic::{Failed, Trial};
use patchproof_protocol::{BUCKETS, bucket};
use patchproof_tests::trials::same;

pub(crate) fn trials() -> Vec<Trial> {
    vec![
        Trial::test(
            "rollout::each_share_of_a_million_clients_holds_within_5_sigma",
            || each_share_holds(&Buckets::of("an-app", &[9; 32])),
        ),
        Trial::test(
            "rollout::a_million_clients_are_spread_evenly_by_chi_squared",
            || is_even(&Buckets::of("another-app", &[3; 32])),
        ),
        Trial::test(
            "rollout::whoever_is_reached_stays_reached_as_a_rollout_grows",
            || {
                only_grows(
                    &Buckets::of("an-app", &[1; 32]),
                    &Buckets::of("an-app", &[1; 32]),
                )
            },
        ),
        Trial::test(
            "rollout::who_is_first_for_one_patch_is_not_first_for_the_next",
            || {
                draws_anew(
                    &Buckets::of("an-app", &[1; 32]),
                    &Buckets::of("an-app", &[2; 32]),
                )
            },
        ),
    ]
}

/// The bucket of each of a million clients with ids such as Shorebird's clients make.
struct Buckets(Vec<u16>);

impl Buckets {
    fn of(app: &str, patch: &[u8; 32]) -> Self {
        let uuid = |number: u32| format!("{number:08x}-1f0c-4d2a-9b7e-0123456789ab");
        let of = |number| bucket(app, patch, uuid(number).as_bytes());
        Self((0..CLIENTS).map(of).collect())
    }

    fn reached(&self, share: u16) -> f64 {
        let reached = self.0.iter().filter(|bucket| **bucket < share).count();
        f64::from(u32::try_from(reached).unwrap_or(u32::MAX))
    }
}

/// The number that is reached is binomial: 5 of its standard deviations are left less than once in
/// 1,700,000 times, and these ids are the same each time.
fn each_share_holds(buckets: &Buckets) -> Result<(), Failed> {
    let clients = f64::from(CLIENTS);
    for share in [100, 500, 2_000, 5_000, 10_000] {
        let part = f64::from(share) / f64::from(BUCKETS);
        let sigma = (clients * part * (1.0 - part)).sqrt();
        let off = (buckets.reached(share) - clients * part).abs();
        same((share, off <= 5.0 * sigma), (share, true))
            .map_err(|_| format!("{share}: off by {off}, sigma {sigma}"))?;
    }
    same(buckets.reached(0), 0.0)
}

/// Over 10,000 buckets chi squared has a mean of 9,999 and a standard deviation of 141.4; again 5
/// of them, on either side: too even is as wrong as too uneven.
fn is_even(buckets: &Buckets) -> Result<(), Failed> {
    let mut counts = vec![0_u32; usize::from(BUCKETS)];
    for bucket in &buckets.0 {
        let count = counts
            .get_mut(usize::from(*bucket))
            .ok_or("no such bucket")?;
        *count += 1;
    }
    let mean = f64::from(CLIENTS) / f64::from(BUCKETS);
    let off = counts
        .iter()
        .map(|count| (f64::from(*count) - mean).powi(2) / mean);
    let (chi, freedom) = (off.sum::<f64>(), f64::from(BUCKETS) - 1.0);
    let sigma = (2.0 * freedom).sqrt();
    same((chi - freedom).abs() <= 5.0 * sigma, true)
        .map_err(|_| format!("chi squared is {chi}").into())
}

/// A client that asks again draws the same number, so that a larger share has it as well; each
/// larger share has more of them, and the whole has all. That a server goes by this number, and no
/// client falls out, is tried over HTTP in `choosing`.
fn only_grows(buckets: &Buckets, asked_again: &Buckets) -> Result<(), Failed> {
    same(buckets.0 == asked_again.0, true).map_err(|_| "a client drew another bucket")?;
    let shares = [0, 1, 100, 500, 2_000, 5_000, 9_999, 10_000];
    let reached = shares.map(|share| buckets.reached(share));
    let grows = reached.is_sorted_by(|one, next| one < next);
    same((reached, grows), (reached, true))?;
    same(reached.last(), Some(&f64::from(CLIENTS)))
}

/// Of the first 1 % of one patch about 1 % are among the first of another: 5 sigma of that.
fn draws_anew(one: &Buckets, other: &Buckets) -> Result<(), Failed> {
    let both = one
        .0
        .iter()
        .zip(&other.0)
        .filter(|(one, other)| **one < 100 && **other < 100);
    let both = f64::from(u32::try_from(both.count())?);
    let mean = f64::from(CLIENTS) * 0.0001;
    same((both - mean).abs() <= 5.0 * mean.sqrt(), true).map_err(|_| format!("{both}").into())
}

const CLIENTS: u32 = 1_000_000;
