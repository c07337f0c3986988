//! The document as a whole: random programs of edits, and what every state they lead to must keep.

mod kept;
mod planned;
mod program;

use montage_ai::{
    edit::{EditCommand, History, Placement, append_media, apply, label},
    model::Project,
    store,
};
use program::{Op, PROGRAMS, command, op, start};
use proptest::{prelude::*, test_runner::RngSeed};
use std::{path::Path, sync::Arc};

/// The same cases in every run; `PROPTEST_RNG_SEED` chooses others.
fn cases(cases: u32) -> ProptestConfig {
    let usual = ProptestConfig::default();
    let rng_seed = if usual.rng_seed == RngSeed::Random { RngSeed::Fixed(1) } else { usual.rng_seed };
    ProptestConfig { cases, rng_seed, failure_persistence: None, ..usual }
}

/// Runs a program; the history and the project after each command that was done, the first one included.
fn run(ops: &[Op]) -> Result<(History, Vec<Arc<Project>>), TestCaseError> {
    let mut h = History::new(Arc::new(start()));
    let mut states = vec![h.current().clone()];
    for (i, op) in ops.iter().enumerate() {
        let c = command(h.current(), *op, 1000 + 10 * i as u64);
        let (before, revision) = (h.current().clone(), h.revision());
        match h.exec(&c) {
            Ok(()) => {
                prop_assert_eq!(h.current().validate(), Vec::new(), "after {:?}", c);
                prop_assert_eq!(h.revision(), revision + 1);
                states.push(h.current().clone());
            }
            Err(e) => {
                prop_assert!(Arc::ptr_eq(&before, h.current()), "{:?} failed and changed something", c);
                prop_assert_eq!(h.revision(), revision);
                prop_assert!(!e.to_string().is_empty());
            }
        }
    }
    Ok((h, states))
}

proptest! {
    #![proptest_config(cases(PROGRAMS))]

    #[test]
    fn any_program_of_edits_keeps_the_document_sound_and_undoes_exactly(ops in prop::collection::vec(op(), 1..60)) {
        let (mut h, states) = run(&ops)?;
        for expected in states.iter().rev().skip(1) {
            prop_assert!(h.undo().is_some());
            prop_assert!(Arc::ptr_eq(h.current(), expected));
        }
        prop_assert!(h.undo().is_none());
        for expected in &states[1..] {
            prop_assert!(h.redo().is_some());
            prop_assert!(Arc::ptr_eq(h.current(), expected));
        }
        prop_assert!(h.redo().is_none());
        // Undo hands out the old values themselves, so they must not have been written in the meantime.
        prop_assert_eq!(&**states.first().unwrap(), &start());
    }
}

proptest! {
    #![proptest_config(cases(300))]

    #[test]
    fn what_any_program_leads_to_comes_back_from_its_file(ops in prop::collection::vec(op(), 1..60)) {
        let (h, _) = run(&ops)?;
        let path = Path::new("/films/one.montage");
        let text = store::to_text(h.current(), path).unwrap();
        let read = store::from_text(text.as_bytes(), path);
        prop_assert!(read.is_ok(), "{:?}", read.err().map(|e| e.to_string()));
        prop_assert_eq!(&read.unwrap(), &**h.current());
    }

    #[test]
    fn an_aborted_gesture_leaves_no_trace(ops in prop::collection::vec(op(), 1..20), absolute: bool) {
        let mut h = History::new(Arc::new(start()));
        let before = h.current().clone();
        h.begin("Drag");
        for (i, op) in ops.iter().enumerate() {
            let c = command(h.current(), *op, 1000 + 10 * i as u64);
            let _ = if absolute { h.exec_absolute(&c) } else { h.exec(&c) };
        }
        h.abort();
        prop_assert!(Arc::ptr_eq(&before, h.current()));
        prop_assert!(h.undo().is_none());
    }

    #[test]
    fn the_last_absolute_command_of_a_gesture_is_all_that_counts(ops in prop::collection::vec(op(), 2..10)) {
        let base = start();
        let mut h = History::new(Arc::new(base.clone()));
        h.begin("Drag");
        let mut last = base.clone();
        for (i, op) in ops.iter().enumerate() {
            let c = command(&base, *op, 1000 + 10 * i as u64);
            if h.exec_absolute(&c).is_ok() {
                last = apply(&base, &c).unwrap();
            }
        }
        h.commit();
        prop_assert_eq!(&**h.current(), &last);
        let steps = usize::from(h.undo().is_some());
        prop_assert_eq!(steps, usize::from(last != base));
        prop_assert_eq!(&**h.current(), &base);
    }

    #[test]
    fn a_command_survives_the_way_through_text(ops in prop::collection::vec(op(), 1..10)) {
        let p = start();
        for (i, op) in ops.iter().enumerate() {
            let c = command(&p, *op, 1000 + 10 * i as u64);
            let text = ron::to_string(&c).unwrap();
            prop_assert_eq!(&ron::from_str::<EditCommand>(&text).unwrap(), &c, "{}", text);
            prop_assert!(!label(&c).is_empty());
        }
    }
}

#[test]
fn most_commands_of_a_random_program_are_done() {
    // Guards the tests above: programs that are always refused would prove nothing.
    use proptest::{strategy::ValueTree, test_runner::TestRunner};
    let mut runner = TestRunner::deterministic();
    let (mut done, mut all, mut transitions) = (0, 0, 0);
    for _ in 0..100 {
        let ops = prop::collection::vec(op(), 60).new_tree(&mut runner).unwrap().current();
        let (h, states) = run(&ops).unwrap();
        (done, all) = (done + states.len() - 1, all + ops.len());
        transitions += h.current().sequence.tracks.iter().map(|t| t.transitions.len()).sum::<usize>();
    }
    assert!(done * 2 > all, "{done} of {all}");
    assert!(transitions > 50, "{transitions} transitions");
}

#[test]
fn appending_what_is_there_fits_after_any_program() {
    use proptest::{strategy::ValueTree, test_runner::TestRunner};
    let mut runner = TestRunner::deterministic();
    for _ in 0..50 {
        let ops = prop::collection::vec(op(), 40).new_tree(&mut runner).unwrap().current();
        let (h, _) = run(&ops).unwrap();
        let p = h.current();
        let media: Vec<_> = p.media.keys().copied().collect();
        let q = apply(p, &append_media(p, &media)).unwrap();
        assert_eq!(q.validate(), []);
        assert!(matches!(append_media(p, &media), EditCommand::Batch(c) if c.iter().all(is_append)));
    }
}

fn is_append(c: &EditCommand) -> bool {
    matches!(c, EditCommand::AddTrack { .. } | EditCommand::Insert { mode: Placement::Strict, .. })
}
