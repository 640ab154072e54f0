//! The shifts that explain most votes with few breakpoints.

use crate::inflate::shifts::{Maps, ShiftMap};
use crate::inflate::side::Run;
use crate::inflate::watch::Class;

use super::columns;
use super::tokens::Tokens;
use super::votes::Vote;

/// Fits every map but those of columns.
pub(super) fn fit(
    votes: &[Vote],
    tokens: &Tokens,
    runs: &[Run],
    maps: &mut Maps,
    fields: &mut [ShiftMap],
) {
    let in_columns = columns::marked(runs, tokens);
    let of = |wanted: &'static [Class]| {
        let wanted = votes.iter().filter(|vote| wanted.contains(&vote.class));
        wanted.filter(|vote| !in_columns.get(vote.token).copied().unwrap_or(false))
    };
    let references = of(&[Class::Cluster]).filter(|vote| vote.has_reference());
    maps.references = shifts(pairs(references), 12);
    maps.codes = shifts(pairs(of(&[Class::Code])), 8);
    maps.places = shifts(pairs(of(&[Class::Call, Class::Jump])), 8);
    maps.pool = shifts(pairs(of(&[Class::Pool])), 8);
    maps.selectors = shifts(pairs(of(&[Class::Selector])), 5);
    for (map, class) in fields.iter_mut().zip((0..).map(Class::Field)) {
        let of_field = votes.iter().filter(|vote| vote.class == class);
        *map = shifts(pairs(of_field), 8);
    }
}

impl Vote {
    /// Whether both are ids of two bytes and more.
    pub(super) fn has_reference(&self) -> bool {
        let one_form = |value: i64, length: u8| {
            (2..=4).contains(&length) && value >> (7 * (u32::from(length) - 1)) != 0
        };
        one_form(self.old, self.old_length) && one_form(self.new, self.new_length)
    }

    /// Both read as numbers, the lowest bits first, where both are numbers of two bytes and more.
    pub(super) fn numbers(&self) -> Option<(i64, i64)> {
        number(self.old, self.old_length).zip(number(self.new, self.new_length))
    }
}

/// What has the highest bits first, read with the lowest first; `None` where that is not its one
/// form.
fn number(value: i64, length: u8) -> Option<i64> {
    let digits = (0..u32::from(length)).map(|digit| value >> (7 * digit) & 0x7f);
    let (number, lowest) = (
        digits.clone().fold(0, |number, digit| number << 7 | digit),
        value & 0x7f,
    );
    ((2..=4).contains(&length) && lowest != 0).then_some(number)
}

fn pairs<'a>(votes: impl Iterator<Item = &'a Vote>) -> Vec<(i64, i64)> {
    votes.map(|vote| (vote.old, vote.new - vote.old)).collect()
}

/// Fits shifts to pairs of a value and how far it moved. A vote that is not satisfied costs 1, a
/// breakpoint `turn_cost_halves` halves.
pub(super) fn shifts(mut votes: Vec<(i64, i64)>, turn_cost_halves: i64) -> ShiftMap {
    votes.sort_unstable();
    let mut walk = Walk::new(turn_cost_halves);
    for of_value in votes.chunk_by(|(a, _), (b, _)| a == b) {
        walk.step(of_value);
    }
    ShiftMap::of(walk.breakpoints())
}

/// The cheapest ways up to a value, by the shift they end with.
struct Walk {
    turn_cost_halves: i64,
    ways: Vec<Way>,
    /// Breakpoints of all ways, each with the one before it.
    turns: Vec<Turn>,
}

#[derive(Clone, Copy)]
struct Way {
    shift: i64,
    cost: i64,
    turn: usize,
}

struct Turn {
    from: i64,
    shift: i64,
    before: usize,
}

impl Walk {
    fn new(turn_cost_halves: i64) -> Self {
        let way = Way {
            shift: 0,
            cost: 0,
            turn: usize::MAX,
        };
        Self {
            turn_cost_halves,
            ways: vec![way],
            turns: Vec::new(),
        }
    }

    /// Goes on over the votes of one value, which are sorted.
    fn step(&mut self, votes: &[(i64, i64)]) {
        let Some(&(value, _)) = votes.first() else {
            return;
        };
        let best = self.best();
        // What a vote costs those without it, those with it are given: only differences count.
        for of_shift in votes.chunk_by(|a, b| a == b) {
            let Some(&(_, shift)) = of_shift.first() else {
                continue;
            };
            let gain = HALVES * i64::try_from(of_shift.len()).unwrap_or(0);
            let at = match self.ways.binary_search_by_key(&shift, |way| way.shift) {
                Ok(at) => at,
                Err(at) => {
                    self.turns.push(Turn {
                        from: value,
                        shift,
                        before: best.turn,
                    });
                    let way = Way {
                        shift,
                        cost: best.cost + self.turn_cost_halves,
                        turn: self.turns.len() - 1,
                    };
                    self.ways.insert(at, way);
                    at
                }
            };
            if let Some(way) = self.ways.get_mut(at) {
                way.cost -= gain;
            }
        }
        let dearest = self.best().cost + self.turn_cost_halves;
        self.ways.retain(|way| way.cost < dearest);
        if self.ways.len() > WAYS_MAX {
            self.ways.sort_by_key(|way| (way.cost, way.shift));
            self.ways.truncate(WAYS_MAX);
            self.ways.sort_by_key(|way| way.shift);
        }
    }

    fn best(&self) -> Way {
        let best = self.ways.iter().copied();
        let best = best.reduce(|best, way| if way.cost < best.cost { way } else { best });
        best.unwrap_or(Way {
            shift: 0,
            cost: 0,
            turn: usize::MAX,
        })
    }

    fn breakpoints(&self) -> Vec<(i64, i64)> {
        let mut breakpoints = Vec::new();
        let mut at = self.best().turn;
        while let Some(turn) = self.turns.get(at) {
            breakpoints.push((turn.from, turn.shift));
            at = turn.before;
        }
        breakpoints.reverse();
        breakpoints
    }
}

/// Costs count in halves, so that they are whole and every machine sums them the same.
const HALVES: i64 = 2;
/// Where every vote has a shift of its own, each would be a way, and each step looks at all.
const WAYS_MAX: usize = 256;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn where_every_vote_has_a_shift_of_its_own_no_more_ways_are_kept_than_the_bound() {
        let mut walk = Walk::new(8);
        for value in 0..1000 {
            walk.step(&[(value, value * 7)]);
        }
        assert_eq!(walk.ways.len(), WAYS_MAX);
    }

    #[test]
    fn a_shift_that_most_agree_on_stands_out_of_any_noise() {
        let noise = (0..1000).map(|value| (value, value * 7));
        let agreed = (1000..1100).map(|value| (value, 5));
        let map = shifts(noise.chain(agreed).collect(), 8);
        assert_eq!(map.shift(1050), 5);
    }
}
