//! Any order, any arguments, any number of threads.

use crate::world::World;

#[test]
fn threads_that_do_everything_at_once_to_the_native_face_leave_no_error_of_memory() {
    let world = World::new();
    world.offer(1);
    world.passes_under_valgrind("native_threads.c", &["12"]);
}

#[test]
fn threads_that_do_everything_at_once_to_the_native_face_all_come_to_an_end() {
    let world = World::new();
    world.offer(1);
    world.program("native_threads.c").run(&["100"]);
}

#[test]
fn threads_that_do_everything_at_once_to_the_compat_face_all_come_to_an_end() {
    let world = World::new();
    world.offer(1);
    world.program("compat_threads.c").run(&["100"]);
}

#[test]
fn random_calls_with_hostile_arguments_leave_no_error_of_memory() {
    let world = World::new();
    world.offer(1);
    world.passes_under_valgrind("random.c", &["1", "1500"]);
}

#[test]
fn random_calls_with_hostile_arguments_are_all_answered() {
    for seed in 2..8_u32 {
        let world = World::new();
        world.offer(1);
        let program = world.program("random.c");
        program.run(&[&seed.to_string(), "2000"]);
    }
}
