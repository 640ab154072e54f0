//! What this run says of each goal: the measured ratio, and whether it is met.

use serde::Serialize;

use super::contestants::{PATCHPROOF_AUTO, PATCHPROOF_ZSTD, shorebird_default};
use super::levels::LevelRow;
use super::results::{PairResult, Ratios, Results};
use super::statistics::{geometric_mean, largest};

/// One goal.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(super) struct Goal {
    pub(super) goal: String,
    pub(super) measured: String,
    /// `None` where this run does not show it.
    pub(super) met: Option<bool>,
}

/// All goals, in the order of the containers.
pub(super) fn of(results: &Results) -> Vec<Goal> {
    let shorebird = shorebird_default();
    let all: Vec<&PairResult> = results.all_pairs().collect();
    let neighbours: Vec<&PairResult> = results.neighbours.iter().collect();
    let big: Vec<&PairResult> = largest_pair(results).into_iter().collect();
    let auto_over_all = geometric_mean(&over(&all, PATCHPROOF_AUTO, |it| it.size));
    let mut auto = auto_mean(&neighbours);
    if let (Some(mean), false) = (auto_over_all, results.cross_compiler.is_empty()) {
        auto.measured
            .push_str(&format!("; {mean:.3} with the pairs of two compilers"));
    }
    vec![
        at_most("size on every pair", &all, &shorebird, |it| it.size, 1.0),
        window(&all, &shorebird),
        at_most(
            "time to make on the largest pair",
            &big,
            &shorebird,
            |it| it.make,
            2.0 / 3.0,
        ),
        third(&results.levels),
        at_most(
            "size on every pair",
            &all,
            PATCHPROOF_ZSTD,
            |it| it.size,
            1.0,
        ),
        making(&neighbours, PATCHPROOF_ZSTD, 1.0 / 3.0),
        auto,
        at_most(
            "size on every pair",
            &all,
            PATCHPROOF_AUTO,
            |it| it.size,
            1.0,
        ),
        at_most(
            "time to make on the largest pair",
            &big,
            PATCHPROOF_AUTO,
            |it| it.make,
            1.0,
        ),
        speed(&neighbours, &shorebird, 1.3),
        speed(&neighbours, PATCHPROOF_ZSTD, 1.5),
        slower(&neighbours, PATCHPROOF_AUTO, PATCHPROOF_ZSTD, 4.0),
    ]
}

/// The pair with the largest new file, which is the one whose times count.
fn largest_pair(results: &Results) -> Option<&PairResult> {
    results.neighbours.iter().max_by_key(|pair| pair.new_bytes)
}

fn over(pairs: &[&PairResult], contestant: &str, what: fn(Ratios) -> f64) -> Vec<f64> {
    let ratios = pairs.iter().filter_map(|pair| pair.ratios(contestant));
    ratios.map(what).collect()
}

/// The worst of the pairs against a bound.
fn at_most(
    what: &str,
    pairs: &[&PairResult],
    contestant: &str,
    ratio: fn(Ratios) -> f64,
    bound: f64,
) -> Goal {
    let worst = largest(&over(pairs, contestant, ratio));
    let goal = format!("{contestant}: {what} at most {bound:.2} of Shorebird's");
    let Some(worst) = worst else {
        return unseen(goal);
    };
    let name = pairs
        .iter()
        .find(|pair| pair.ratios(contestant).map(ratio) == Some(worst));
    let name = name.map(|pair| pair.name()).unwrap_or_default();
    Goal {
        goal,
        measured: format!("{worst:.3} ({name})"),
        met: Some(worst <= bound),
    }
}

fn window(pairs: &[&PairResult], contestant: &str) -> Goal {
    let goal = format!("{contestant}: a window of at most 8 MiB (Shorebird's: 64)");
    let windows = pairs
        .iter()
        .filter_map(|pair| pair.figures(contestant)?.window_bytes);
    windows.max().map_or_else(
        || unseen(goal.clone()),
        |bytes| Goal {
            goal: goal.clone(),
            measured: format!("{} MiB", bytes >> 20),
            met: Some(bytes <= 8 << 20),
        },
    )
}

/// The highest level that is made in a third of the time, and what it costs in size.
fn third(levels: &[LevelRow]) -> Goal {
    let goal = "shorebird: a level made in at most 0.33 of Shorebird's time".to_owned();
    let quick = |row: &&LevelRow| row.make_ratio <= 1.0 / 3.0;
    if let Some(row) = levels.iter().rev().find(quick) {
        let (level, make, size) = (row.level, row.make_ratio, row.size_ratio);
        return Goal {
            goal,
            measured: format!("level {level}: {make:.3} of the time, {size:.3} of the size"),
            met: Some(true),
        };
    }
    let quickest = levels
        .iter()
        .min_by(|a, b| a.make_ratio.total_cmp(&b.make_ratio));
    quickest.map_or_else(
        || unseen(goal.clone()),
        |row| Goal {
            goal: goal.clone(),
            measured: format!("level {}: {:.3} of the time", row.level, row.make_ratio),
            met: Some(false),
        },
    )
}

/// Worst and mean of the time to make; the mean decides.
fn making(pairs: &[&PairResult], contestant: &str, bound: f64) -> Goal {
    let goal = format!("{contestant}: made in at most {bound:.2} of Shorebird's time");
    let ratios = over(pairs, contestant, |it| it.make);
    let (Some(mean), Some(worst)) = (geometric_mean(&ratios), largest(&ratios)) else {
        return unseen(goal);
    };
    Goal {
        goal,
        measured: format!("geometric mean {mean:.3}, at worst {worst:.3}"),
        met: Some(worst <= bound),
    }
}

fn auto_mean(pairs: &[&PairResult]) -> Goal {
    let goal = format!("{PATCHPROOF_AUTO}: size at most 0.20 as the geometric mean");
    let mean = geometric_mean(&over(pairs, PATCHPROOF_AUTO, |it| it.size));
    mean.map_or_else(
        || unseen(goal.clone()),
        |mean| Goal {
            goal: goal.clone(),
            measured: format!("{mean:.3}"),
            met: Some(mean <= 0.2),
        },
    )
}

fn speed(pairs: &[&PairResult], contestant: &str, bound: f64) -> Goal {
    let goal = format!("{contestant}: inflated and verified at least {bound:.1} times as fast");
    let speeds = over(pairs, contestant, |it| it.inflate_speed);
    let slowest = speeds.iter().copied().min_by(f64::total_cmp);
    let (Some(mean), Some(slowest)) = (geometric_mean(&speeds), slowest) else {
        return unseen(goal);
    };
    Goal {
        goal,
        measured: format!("geometric mean {mean:.2}, at worst {slowest:.2}"),
        met: Some(mean >= bound),
    }
}

/// How much longer one of our ways takes to inflate than another; the worst of the pairs decides.
fn slower(pairs: &[&PairResult], contestant: &str, than: &str, bound: f64) -> Goal {
    let goal = format!("{contestant}: inflated and verified in at most {bound:.1} times {than}'s");
    let times = pairs.iter().filter_map(|pair| {
        let speed = |of| pair.ratios(of).map(|ratios| ratios.inflate_speed);
        Some(speed(than)? / speed(contestant)?)
    });
    let times: Vec<f64> = times.collect();
    let (Some(mean), Some(worst)) = (geometric_mean(&times), largest(&times)) else {
        return unseen(goal);
    };
    Goal {
        goal,
        measured: format!("geometric mean {mean:.2}, at worst {worst:.2}"),
        met: Some(worst <= bound),
    }
}

fn unseen(goal: String) -> Goal {
    Goal {
        goal,
        measured: "not measured in this run".to_owned(),
        met: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bench::contestants::REFERENCE;
    use crate::bench::results::tests::pair;

    fn results(pairs: Vec<PairResult>) -> Results {
        Results {
            neighbours: pairs,
            ..Results::default()
        }
    }

    fn met(results: &Results, start: &str) -> Option<bool> {
        let goals = of(results);
        goals
            .iter()
            .find(|goal| goal.goal.starts_with(start))
            .unwrap()
            .met
    }

    #[test]
    fn one_pair_over_the_bound_fails_the_goal_of_every_pair() {
        let good = pair(&[(REFERENCE, 100, 1.0, 1.0), (PATCHPROOF_ZSTD, 90, 0.1, 0.1)]);
        let bad = pair(&[(REFERENCE, 100, 1.0, 1.0), (PATCHPROOF_ZSTD, 101, 0.1, 0.1)]);
        let start = "patchproof zstd: size";
        assert_eq!(met(&results(vec![good.clone()]), start), Some(true));
        assert_eq!(met(&results(vec![good, bad]), start), Some(false));
    }

    #[test]
    fn a_mean_under_the_bound_is_enough_for_auto() {
        let sizes = [25, 10].map(|size| {
            pair(&[
                (REFERENCE, 100, 1.0, 1.0),
                (PATCHPROOF_AUTO, size, 1.0, 1.0),
            ])
        });
        assert_eq!(met(&results(sizes.to_vec()), "patchproof auto"), Some(true));
    }

    #[test]
    fn a_way_that_inflates_too_slowly_on_one_pair_misses_its_goal() {
        let start = "patchproof auto: inflated";
        for (seconds, expected) in [(0.3, true), (0.5, false)] {
            let pair = pair(&[
                (REFERENCE, 100, 1.0, 1.0),
                (PATCHPROOF_ZSTD, 90, 1.0, 0.1),
                (PATCHPROOF_AUTO, 10, 1.0, seconds),
            ]);
            assert_eq!(met(&results(vec![pair]), start), Some(expected));
        }
    }

    #[test]
    fn a_goal_that_nothing_was_measured_for_is_neither_met_nor_missed() {
        assert!(
            of(&results(Vec::new()))
                .iter()
                .all(|goal| goal.met.is_none())
        );
    }

    #[test]
    fn the_highest_level_within_a_third_is_the_one_named() {
        let row = |level, make_ratio| LevelRow {
            pair: String::new(),
            level,
            patch_bytes: 1,
            make_seconds: 1.0,
            size_ratio: 1.05,
            make_ratio,
            window_bytes: None,
        };
        let goal = third(&[row(3, 0.1), row(9, 0.3), row(19, 0.6)]);
        assert_eq!(goal.met, Some(true));
        assert!(goal.measured.starts_with("level 9:"), "{}", goal.measured);
    }
}
