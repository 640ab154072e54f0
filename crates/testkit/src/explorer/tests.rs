//! The search itself, over designs whose every state is known by hand.

use super::*;

/// Two jugs of 3 and 5 litres; broken is where one holds 4.
struct Jugs;

impl Design for Jugs {
    type State = (u8, u8);
    type Action = &'static str;

    fn starts(&self) -> Vec<Self::State> {
        vec![(0, 0), (0, 0)]
    }

    fn actions(&self, _: &Self::State) -> Vec<Self::Action> {
        [
            "fill 3", "fill 5", "empty 3", "empty 5", "3 into 5", "5 into 3",
        ]
        .to_vec()
    }

    fn next(&self, &(three, five): &Self::State, action: &Self::Action) -> Option<Self::State> {
        let there = three.min(5 - five);
        let back = five.min(3 - three);
        Some(match *action {
            "fill 3" => (3, five),
            "fill 5" => (three, 5),
            "empty 3" => (0, five),
            "empty 5" => (three, 0),
            "3 into 5" => (three - there, five + there),
            _ => (three + back, five - back),
        })
    }

    fn violated(&self, state: &Self::State) -> Vec<&'static str> {
        if state.1 == 4 {
            vec!["four litres"]
        } else {
            Vec::new()
        }
    }

    fn interesting(&self, state: &Self::State) -> Vec<&'static str> {
        if *state == (3, 5) {
            vec!["both full"]
        } else {
            Vec::new()
        }
    }

    fn tell(&self, _: &Self::State, action: &Self::Action, after: &Self::State) -> String {
        format!("{action}: {} and {}", after.0, after.1)
    }
}

#[test]
fn every_state_is_seen_once() {
    let explored = explore(&Jugs, Bounds::states(1000));
    assert_eq!((explored.states, explored.transitions), (16, 96));
    assert!(explored.complete);
    assert_eq!(explored.reached, BTreeMap::from([("both full", 1)]));
}

#[test]
fn the_way_to_a_violation_is_a_shortest_one() {
    let explored = explore(&Jugs, Bounds::states(1000));
    let violation = &explored.violations["four litres"];
    assert_eq!(violation.states, 2);
    assert_eq!(
        violation.story.to_string(),
        "four litres:\n  1. fill 5: 0 and 5\n  2. 5 into 3: 3 and 2\n  3. empty 3: 0 and 2\n  \
         4. 5 into 3: 2 and 0\n  5. fill 5: 2 and 5\n  6. 5 into 3: 3 and 4"
    );
}

#[test]
fn a_bound_that_ends_the_search_is_told() {
    assert!(!explore(&Jugs, Bounds::states(5)).complete);
    let shallow = Bounds {
        depth_max: 2,
        ..Bounds::states(1000)
    };
    let explored = explore(&Jugs, shallow);
    assert!(!explored.complete);
    assert_eq!(explored.depth, 2);
}

/// All words of seven letters out of four.
struct Words;

impl Design for Words {
    type State = Vec<u8>;
    type Action = u8;

    fn starts(&self) -> Vec<Self::State> {
        vec![Vec::new(), vec![9]]
    }

    fn actions(&self, state: &Self::State) -> Vec<Self::Action> {
        if state.len() < 7 {
            (0..4).collect()
        } else {
            Vec::new()
        }
    }

    fn next(&self, state: &Self::State, action: &Self::Action) -> Option<Self::State> {
        let mut next = state.clone();
        next.push(*action);
        next.sort_unstable_by_key(|letter| *letter == 3);
        Some(next)
    }

    fn violated(&self, state: &Self::State) -> Vec<&'static str> {
        if state.starts_with(&[9, 2, 1]) {
            vec!["nine two one"]
        } else {
            Vec::new()
        }
    }

    fn tell(&self, _: &Self::State, action: &Self::Action, _: &Self::State) -> String {
        format!("add {action}")
    }
}

#[test]
fn the_number_of_threads_changes_nothing() {
    let one = explore(
        &Words,
        Bounds {
            threads: 1,
            ..Bounds::states(1 << 20)
        },
    );
    let four = explore(
        &Words,
        Bounds {
            threads: 4,
            ..Bounds::states(1 << 20)
        },
    );
    assert!(one.complete && one.states > 1000);
    assert_eq!(one, four);
    assert_eq!(
        one.violations["nine two one"].story.steps,
        ["add 2", "add 1"]
    );
}
