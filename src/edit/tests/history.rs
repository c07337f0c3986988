//! Undo, redo, gestures.

use super::*;
use std::sync::Arc;

fn to(start: i64) -> EditCommand {
    move_to(&[(24, 4, start)], Placement::Strict)
}

fn start_of_24(h: &History) -> i64 {
    get(h.current(), 24).start
}

#[test]
fn undo_and_redo_walk_the_steps_by_name() {
    let mut h = History::new(Arc::new(scene()));
    assert_eq!((h.undo_label(), h.redo_label(), h.undo()), (None, None, None));
    h.exec(&to(60)).unwrap();
    h.exec(&trim(24, Edge::End, 70)).unwrap();
    assert_eq!((h.undo_label(), h.revision()), (Some("Trim clip"), 2));
    assert_eq!((h.undo(), h.undo()), (Some("Trim clip"), Some("Move clip")));
    assert_eq!(**h.current(), scene());
    assert_eq!((h.redo(), h.redo_label(), start_of_24(&h)), (Some("Move clip"), Some("Trim clip"), 60));
    h.exec(&to(65)).unwrap();
    assert_eq!(h.redo_label(), None, "a new edit forgets the undone future");
    assert_eq!(h.revision(), 6);
}

#[test]
fn a_failed_command_changes_nothing() {
    let mut h = History::new(Arc::new(scene()));
    let before = h.current().clone();
    assert!(h.exec(&to(-1)).is_err());
    assert!(Arc::ptr_eq(&before, h.current()));
    assert_eq!((h.revision(), h.undo_label()), (0, None));
}

#[test]
fn a_drag_is_one_step_and_each_target_replaces_the_last() {
    let mut h = History::new(Arc::new(scene()));
    h.begin("Move title");
    // overwriting as it goes: an absolute target must not leave a trail of cut clips behind
    for start in [90, 95, 150] {
        h.exec_absolute(&move_to(&[(24, 2, start)], Placement::Overwrite)).unwrap();
    }
    assert!(h.exec_absolute(&move_to(&[(24, 2, -5)], Placement::Overwrite)).is_err());
    assert_eq!(spans(h.current(), 2), [(20, 0, 100), (21, 100, 150), (24, 150, 180), (25, 180, 200)]);
    h.commit();
    assert_eq!((h.undo(), h.undo_label()), (Some("Move title"), None));
    assert_eq!(**h.current(), scene());
}

#[test]
fn relative_commands_in_a_gesture_add_up_and_are_the_base_of_what_follows() {
    let mut h = History::new(Arc::new(scene()));
    h.begin("Nudge");
    h.exec(&split(20, 50, 40)).unwrap();
    h.exec_absolute(&to(60)).unwrap();
    h.exec_absolute(&to(61)).unwrap();
    h.commit();
    assert_eq!((start_of_24(&h), spans(h.current(), 2).len()), (61, 3));
    h.undo();
    assert_eq!(**h.current(), scene());
}

#[test]
fn aborting_or_undoing_a_gesture_takes_it_back() {
    let mut h = History::new(Arc::new(scene()));
    h.exec(&to(60)).unwrap();
    h.undo();
    for undo in [false, true] {
        h.begin("Drag");
        h.exec_absolute(&to(70)).unwrap();
        assert!(h.in_gesture());
        if undo {
            assert_eq!(h.undo(), Some("Drag"));
        } else {
            h.abort();
        }
        assert_eq!((h.in_gesture(), start_of_24(&h), h.undo_label()), (false, 50, None));
        assert_eq!(h.redo_label(), Some("Move clip"), "the future stays");
    }
}

#[test]
fn a_drag_back_to_where_it_began_is_no_step() {
    let mut h = History::new(Arc::new(scene()));
    h.begin("Drag");
    h.exec_absolute(&to(70)).unwrap();
    h.exec_absolute(&to(50)).unwrap();
    h.commit();
    assert_eq!(h.undo_label(), None);
}

#[test]
fn another_project_has_no_past() {
    let mut h = History::new(Arc::new(scene()));
    h.exec(&to(60)).unwrap();
    h.reset(Arc::new(dissolved()));
    assert_eq!((h.undo(), h.redo(), h.revision()), (None, None, 2));
}
