//! What C can hand over that is wrong, under a checker of memory.

use crate::world::World;

#[test]
fn wrong_arguments_of_the_native_face_are_answered_without_an_error_of_memory() {
    World::new().passes_under_valgrind("native_arguments.c", &[]);
}

#[test]
fn wrong_arguments_of_the_compat_face_are_answered_without_an_error_of_memory() {
    World::new().passes_under_valgrind("compat_arguments.c", &[]);
}

#[test]
fn callbacks_that_cancel_interfere_and_close_leave_no_error_of_memory() {
    let world = World::new();
    world.offer(1);
    world.passes_under_valgrind("native_update.c", &[]);
}

#[test]
fn a_library_behind_functions_that_lie_is_refused_without_an_error_of_memory() {
    let world = World::new();
    world.offer(1);
    world.passes_under_valgrind("native_read_at.c", &[]);
}
