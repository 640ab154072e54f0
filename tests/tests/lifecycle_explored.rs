//! Every world that our lifecycle can get into, within the bounds that `docs/lifecycle.md` names.

use patchproof_lifecycle::{Effect, Event, Note, Outcome, Policy, Refusal, State, step};
use patchproof_testkit::explorer::Explored;
use patchproof_testkit::explorer::ours::{Scale, explore, explore_with};
use patchproof_testkit::figures;

#[test]
fn no_reachable_world_of_two_patches_breaks_an_invariant_and_each_interesting_one_is_reached() {
    let explored = explore(Scale::Two);
    assert_holds(&explored);
    assert_reached(&explored);
    let pinned = figures::pinned().expect("docs/figures.toml holds figures");
    assert_eq!(figures::of_explored(&explored), Ok(pinned.lifecycle));
}

#[test]
#[ignore = "minutes; `cargo xtask ci --full` runs it"]
fn no_reachable_world_of_three_patches_breaks_an_invariant() {
    let explored = explore(Scale::Three);
    assert_holds(&explored);
    let counts = (explored.states, explored.transitions, explored.depth);
    assert_eq!(counts, THREE_PATCHES);
}

#[test]
fn a_machine_that_forgets_bans_is_found() {
    fn forgetful(policy: &Policy, state: &State, event: &Event) -> Outcome {
        let mut outcome = step(policy, state, event);
        outcome.state.words.clear();
        outcome
    }
    let found = explore_with(Scale::One, forgetful);
    let story = &found.violations["what crashed as often as allowed is not known bad"].story;
    insta::assert_snapshot!(story);
}

#[test]
fn a_machine_that_names_what_it_never_published_is_found_by_what_the_world_shows() {
    fn unpublished(policy: &Policy, state: &State, event: &Event) -> Outcome {
        let mut outcome = step(policy, state, event);
        let count = outcome.effects.len();
        outcome
            .effects
            .retain(|effect| !matches!(effect, Effect::Publish(_)));
        if let Event::Installed { offer, .. } = event
            && outcome.effects.len() < count
        {
            // So that the step alone looks as it should.
            let (id, number) = (offer.content.id, offer.number);
            let why = Refusal::AlreadyInstalled;
            outcome.notes.push(Note::NotTaken { id, number, why });
        }
        outcome
    }
    let found = explore_with(Scale::One, unpublished);
    assert!(
        found
            .violations
            .contains_key("what is referred to or runs was deleted")
    );
}

#[test]
fn a_machine_that_never_asks_the_server_again_is_found_to_be_a_dead_end() {
    fn deaf(policy: &Policy, state: &State, event: &Event) -> Outcome {
        let installed = matches!(event, Event::Installed { .. });
        if installed && state.proven.is_some() {
            let Event::Installed { offer, .. } = event else {
                return step(policy, state, event);
            };
            let (id, number, why) = (offer.content.id, offer.number, Refusal::Older);
            return Outcome {
                state: state.clone(),
                effects: Vec::new(),
                notes: vec![Note::NotTaken { id, number, why }],
            };
        }
        step(policy, state, event)
    }
    let found = explore_with(Scale::One, deaf);
    let dead_end = "an honest server's newest patch does not come to run";
    assert!(found.violations.contains_key(dead_end));
}

fn assert_holds(explored: &Explored) {
    let stories = explored.violations.values();
    let stories: Vec<String> = stories.map(|found| found.story.to_string()).collect();
    assert!(stories.is_empty(), "{}", stories.join("\n\n"));
    assert!(explored.complete);
}

fn assert_reached(explored: &Explored) {
    let missing = |name: &&&str| !explored.reached.contains_key(**name);
    let missing: Vec<_> = INTERESTING.iter().filter(missing).collect();
    assert_eq!(missing, Vec::<&&str>::new());
}

/// States, transitions, depth.
const THREE_PATCHES: (u64, u64, u32) = (2_250_464, 34_162_141, 34);

const INTERESTING: &[&str] = &[
    "a candidate waits beside a proven one",
    "a content is known bad",
    "a content is set aside",
    "a download failed",
    "a floor holds",
    "a generation runs unguarded",
    "a process of the release before runs",
    "a proven generation runs",
    "a third boot without success may come",
    "all contents of a release are known bad",
    "both processes have fetched",
    "the queue is full",
    "the state is lost",
    "two processes run one generation",
    "two processes run two generations",
    "what a pointer names has rotted",
    "what runs was rolled back, banned or set aside",
    "step: base boots, the proven one cannot read the data",
    "step: booted unguarded",
    "step: dropped as damaged",
    "step: dropped below the floor",
    "step: dropped with its release",
    "step: fell back to the proven one",
    "step: fetched and withdrawn meanwhile",
    "step: files gone when looked at without the lock",
    "step: installed",
    "step: known bad",
    "step: not booted unguarded",
    "step: offered and cannot read the data",
    "step: offered and known bad",
    "step: offered and older",
    "step: offered and set aside",
    "step: offered and there already",
    "step: offered below the floor",
    "step: offered for another release",
    "step: offered outside its time",
    "step: queue overflowed",
    "step: rolled back",
    "step: set aside",
    "step: set aside, and the older cannot read the data",
    "step: started with a lost state",
    "step: unreadable, kept",
];
