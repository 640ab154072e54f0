//! What was measured, as data: the JSON report is this.

use std::collections::BTreeMap;

use serde::Serialize;

use super::chains::Chain;
use super::contestants::REFERENCE;
use super::goals::{self, Goal};
use super::levels::{Codecs, LevelRow};
use super::machine::Machine;
use super::measure::Why;
use super::statistics::real;
use super::tools::Tools;

/// One run.
#[derive(Clone, Debug, Default, Serialize)]
pub(super) struct Results {
    pub(super) command: String,
    pub(super) machine: Machine,
    /// Each outside package with its version, or why it is missing.
    pub(super) tools: BTreeMap<&'static str, String>,
    pub(super) neighbours: Vec<PairResult>,
    pub(super) cross_compiler: Vec<PairResult>,
    /// The `shorebird` container's levels on the largest pair.
    pub(super) levels: Vec<LevelRow>,
    /// zstd levels beside brotli qualities on the smallest pair.
    pub(super) codecs: Option<Codecs>,
    pub(super) chains: Vec<Chain>,
}

/// A run and what follows from it.
#[derive(Serialize)]
pub(super) struct WithGoals<'a> {
    #[serde(flatten)]
    results: &'a Results,
    goals: Vec<Goal>,
}

impl Results {
    pub(super) fn begun(command: String, tools: &Tools) -> Self {
        Self {
            command,
            machine: Machine::now(),
            tools: tools.versions(),
            ..Self::default()
        }
    }

    pub(super) fn ended(&mut self) {
        self.machine.ended();
    }

    pub(super) fn with_goals(&self) -> WithGoals<'_> {
        let goals = goals::of(self);
        WithGoals {
            results: self,
            goals,
        }
    }

    /// Neighbours first, then the pairs of two compilers.
    pub(super) fn all_pairs(&self) -> impl Iterator<Item = &PairResult> {
        self.neighbours.iter().chain(&self.cross_compiler)
    }

    /// The names of all contestants, in their order.
    pub(super) fn contestants(&self) -> Vec<&str> {
        let first = self.all_pairs().next();
        first.map_or_else(Vec::new, |pair| {
            pair.cells
                .iter()
                .map(|cell| cell.contestant.as_str())
                .collect()
        })
    }

    /// Who gave wrong bytes, and where.
    pub(super) fn wrong(&self) -> Vec<String> {
        let of_pair = |pair: &PairResult| {
            let wrong = pair.cells.iter().filter(|cell| cell.wrong_output);
            let named = wrong.map(|cell| format!("{} over {}", cell.contestant, pair.name()));
            named.collect::<Vec<_>>()
        };
        self.all_pairs().flat_map(of_pair).collect()
    }
}

/// One pair and what each contestant did with it.
#[derive(Clone, Debug, Serialize)]
pub(super) struct PairResult {
    pub(super) package: String,
    pub(super) from: String,
    pub(super) to: String,
    pub(super) base_bytes: u64,
    pub(super) new_bytes: u64,
    pub(super) cells: Vec<Cell>,
}

impl PairResult {
    pub(super) fn name(&self) -> String {
        format!("{} {} -> {}", self.package, self.from, self.to)
    }

    /// The figures of one contestant, where it has any.
    pub(super) fn figures(&self, contestant: &str) -> Option<&Figures> {
        let cell = self
            .cells
            .iter()
            .find(|cell| cell.contestant == contestant)?;
        cell.figures.as_ref()
    }

    /// One contestant as ratios to Shorebird's pipeline.
    pub(super) fn ratios(&self, contestant: &str) -> Option<Ratios> {
        let reference = self.figures(REFERENCE)?;
        let figures = self.figures(contestant)?;
        Some(Ratios {
            size: real(figures.patch_bytes) / real(reference.patch_bytes),
            make: figures.make_seconds / reference.make_seconds,
            inflate_speed: reference.inflate_seconds / figures.inflate_seconds,
        })
    }
}

/// A contestant's result over one pair.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Cell {
    pub(super) contestant: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) figures: Option<Figures>,
    /// Why there are no figures.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) why_not: Option<String>,
    #[serde(skip)]
    wrong_output: bool,
}

impl Cell {
    pub(super) fn new(contestant: String, outcome: Result<Figures, Why>) -> Self {
        let why = outcome.as_ref().err();
        Self {
            contestant,
            why_not: why.map(ToString::to_string),
            wrong_output: why == Some(&Why::WrongOutput),
            figures: outcome.ok(),
        }
    }
}

/// What a contestant measured.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Figures {
    pub(super) patch_bytes: u64,
    pub(super) make_seconds: f64,
    /// With the output's SHA-256.
    pub(super) inflate_seconds: f64,
    /// The largest zstd window of the patch.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) window_bytes: Option<u64>,
}

/// Relative to Shorebird's pipeline over the same pair in the same run.
#[derive(Clone, Copy, Debug)]
pub(super) struct Ratios {
    pub(super) size: f64,
    pub(super) make: f64,
    /// Above 1 is faster.
    pub(super) inflate_speed: f64,
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// A pair of 1000 bytes with these contestants: name, bytes, seconds to make and to inflate.
    pub(in super::super) fn pair(cells: &[(&str, u64, f64, f64)]) -> PairResult {
        let cell = |&(name, patch_bytes, make_seconds, inflate_seconds): &(&str, u64, f64, f64)| {
            let figures = Figures {
                patch_bytes,
                make_seconds,
                inflate_seconds,
                window_bytes: Some(8 << 20),
            };
            Cell::new(name.to_owned(), Ok(figures))
        };
        PairResult {
            package: "app".to_owned(),
            from: "1".to_owned(),
            to: "2".to_owned(),
            base_bytes: 1000,
            new_bytes: 1000,
            cells: cells.iter().map(cell).collect(),
        }
    }

    #[test]
    fn a_contestant_twice_as_fast_at_half_the_size_has_these_ratios() {
        let pair = pair(&[(REFERENCE, 100, 8.0, 0.4), ("a", 50, 4.0, 0.2)]);
        let ratios = pair.ratios("a").unwrap();
        let found = [ratios.size, ratios.make, ratios.inflate_speed];
        assert_eq!(
            found.map(|ratio| format!("{ratio:.2}")),
            ["0.50", "0.50", "2.00"]
        );
    }

    #[test]
    fn a_contestant_without_figures_has_no_ratios() {
        let mut pair = pair(&[(REFERENCE, 100, 8.0, 0.4)]);
        let why = Why::Failed("missing".to_owned());
        pair.cells.push(Cell::new("a".to_owned(), Err(why)));
        assert!(pair.ratios("a").is_none());
    }
}
