//! Publishing happens once or not at all, whatever becomes of answers.

use std::cell::RefCell;
use std::collections::VecDeque;

use proptest::prelude::*;

use super::*;
use crate::error::Refused;

/// What goes wrong with one request.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Luck {
    Good,
    /// It is done, and the answer goes missing.
    AnswerLost,
    /// It is not done, and that cannot be told.
    RequestLost,
    /// It is done after whoever sent it gave up, before the number is asked for.
    LateEarly,
    /// It is done after the number was asked for.
    LateAfter,
    /// It is done when everybody has gone home.
    VeryLate,
    /// Somebody else publishes first.
    Overtaken,
    /// The server is not there.
    Down,
    /// The server says no.
    No,
}

#[derive(Default)]
struct World {
    /// Who has which number: whether it is ours.
    patches: Vec<bool>,
    late: Option<(u64, bool)>,
    very_late: Option<u64>,
    luck: VecDeque<Luck>,
}

impl World {
    fn next(&self) -> u64 {
        u64::try_from(self.patches.len()).unwrap() + 1
    }

    fn publish(&mut self, number: u64) -> Result<CreatedPatch, ClientError> {
        if number != self.next() {
            return Err(no(409, NUMBER_TAKEN));
        }
        self.patches.push(true);
        Ok(CreatedPatch {
            id: i64::try_from(number).unwrap(),
            number,
        })
    }

    fn let_the_late_one_in(&mut self, before_the_number: bool) {
        if let Some((number, _)) = self.late.take_if(|late| late.1 == before_the_number) {
            let _ = self.publish(number);
        }
    }
}

struct Ours<'a> {
    number: u64,
    world: &'a RefCell<World>,
}

impl Attempt for Ours<'_> {
    fn number(&self) -> u64 {
        self.number
    }

    fn take_number(&mut self) -> Result<(), PublishError> {
        let mut world = self.world.borrow_mut();
        world.let_the_late_one_in(true);
        self.number = world.next();
        world.let_the_late_one_in(false);
        Ok(())
    }

    fn ask(&self) -> Result<CreatedPatch, ClientError> {
        let mut world = self.world.borrow_mut();
        match world.luck.pop_front().unwrap_or(Luck::Good) {
            Luck::Good => world.publish(self.number),
            Luck::AnswerLost => {
                let _ = world.publish(self.number);
                Err(broken())
            }
            Luck::RequestLost => Err(broken()),
            Luck::LateEarly => {
                world.late = Some((self.number, true));
                Err(broken())
            }
            Luck::LateAfter => {
                world.late = Some((self.number, false));
                Err(broken())
            }
            Luck::VeryLate => {
                world.very_late = Some(self.number);
                Err(broken())
            }
            Luck::Overtaken => {
                world.patches.push(false);
                world.publish(self.number)
            }
            Luck::Down => Err(ClientError::NotReached {
                url: String::new(),
                why: String::new(),
            }),
            Luck::No => Err(no(422, "does_not_fit")),
        }
    }

    fn there(&self, numbers: &[u64]) -> Result<Option<CreatedPatch>, ClientError> {
        let world = self.world.borrow();
        let ours = (1_u64..).zip(&world.patches);
        let found = ours
            .filter(|(_, ours)| **ours)
            .find(|(number, _)| numbers.contains(number));
        Ok(found.map(|(number, _)| CreatedPatch { id: 0, number }))
    }
}

fn broken() -> ClientError {
    ClientError::BrokenOff {
        url: String::new(),
        why: String::new(),
    }
}

fn no(status: u16, code: &str) -> ClientError {
    ClientError::Refused(Refused {
        status,
        code: code.to_owned(),
        message: String::new(),
    })
}

/// What the publisher hears, and how often the patch is there in the end.
fn run(luck: &[Luck]) -> (Result<CreatedPatch, PublishError>, usize) {
    let world = RefCell::new(World {
        luck: luck.iter().copied().collect(),
        ..World::default()
    });
    let mut ours = Ours {
        number: 1,
        world: &world,
    };
    let heard = publish(&mut ours);
    // What is late comes in the end.
    let mut world = world.into_inner();
    if let Some(number) = world.very_late {
        let _ = world.publish(number);
    }
    let there = world.patches.iter().filter(|ours| **ours).count();
    (heard, there)
}

#[test]
fn a_number_that_somebody_else_took_gives_way_to_the_next() {
    let (heard, there) = run(&[Luck::Overtaken, Luck::Overtaken]);
    assert_eq!((heard.unwrap().number, there), (3, 1));
}

#[test]
fn it_is_tried_three_times_and_no_more() {
    let (heard, there) = run(&[Luck::Overtaken; 4]);
    let error = heard.unwrap_err();
    assert!(
        matches!(error, PublishError::NumberTaken { attempts: 3, .. }),
        "{error}"
    );
    assert_eq!(there, 0);
}

#[test]
fn a_patch_whose_answer_went_missing_is_found() {
    let (heard, there) = run(&[Luck::AnswerLost]);
    assert_eq!((heard.unwrap().number, there), (1, 1));
}

#[test]
fn a_no_ends_it_at_once() {
    let (heard, there) = run(&[Luck::No]);
    assert!(heard.is_err());
    assert_eq!(there, 0);
}

fn luck() -> impl Strategy<Value = Luck> {
    prop::sample::select(vec![
        Luck::Good,
        Luck::AnswerLost,
        Luck::RequestLost,
        Luck::LateEarly,
        Luck::LateAfter,
        Luck::VeryLate,
        Luck::Overtaken,
        Luck::Down,
        Luck::No,
    ])
}

proptest! {
    #[test]
    fn a_patch_is_published_once_or_not_at_all(
        luck in proptest::collection::vec(luck(), 0..5),
    ) {
        let (heard, there) = run(&luck);
        prop_assert!(there <= 1, "{luck:?} published it {there} times");
        match heard {
            Ok(_) => prop_assert_eq!(there, 1),
            Err(PublishError::NotSure { .. }) => {}
            Err(error) => prop_assert_eq!(there, 0, "{} after {:?}", error, luck),
        }
    }
}
