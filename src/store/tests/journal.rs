//! The journal: whatever happens to its bytes, what it says is a beginning of what was written.

use super::*;
use proptest::{prelude::*, test_runner::RngSeed};
use std::{fs, sync::LazyLock};

fn origin() -> Origin {
    Origin { name: "Día \"1\"\n".into(), document: Some("/films/ü 1.montage".into()), saved: true }
}

fn some_entries() -> Vec<Entry> {
    vec![
        Entry::Done("Split(clip: 4, at: 90, new_id: 20)".into()),
        Entry::Joined("AddMedia(id: 9)".into()),
        Entry::Draft("日本\n\0 \u{1F600}".into()),
        Entry::Dropped,
        Entry::Undone,
        Entry::Redone,
        Entry::Saved { document: "/films/two.montage".into(), behind: false },
        Entry::Saved { document: "/films/two.montage".into(), behind: true },
        Entry::Check(u64::MAX),
        Entry::Resumed,
        Entry::Done(String::new()),
    ]
}

/// A journal's bytes, and where each of its entries ends.
fn written() -> (Vec<u8>, Vec<usize>) {
    static ONCE: LazyLock<(Vec<u8>, Vec<usize>)> = LazyLock::new(write);
    ONCE.clone()
}

fn write() -> (Vec<u8>, Vec<usize>) {
    let dir = tempfile::tempdir().unwrap();
    let mut journal = Journal::create(dir.path(), &origin(), &rich(), &[]).unwrap();
    let mut ends = vec![fs::read(journal.path()).unwrap().len()];
    for e in some_entries() {
        journal.append(&[e]).unwrap();
        ends.push(fs::read(journal.path()).unwrap().len());
    }
    (fs::read(journal.path()).unwrap(), ends)
}

#[test]
fn a_journal_says_what_was_written_to_it() {
    let (bytes, _) = written();
    let r = Recording::of(&bytes).unwrap();
    assert_eq!((&r.origin, &r.entries, r.damaged), (&origin(), &some_entries(), false));
    assert_eq!(r.project().unwrap(), rich());
    let dir = tempfile::tempdir().unwrap();
    let at_once = Journal::create(dir.path(), &origin(), &rich(), &some_entries()).unwrap();
    assert_eq!(fs::read(at_once.path()).unwrap(), bytes, "one by one or together");
}

#[test]
fn a_journal_cut_at_any_byte_keeps_what_came_before() {
    let (bytes, ends) = written();
    for len in 0..bytes.len() {
        match Recording::of(&bytes[..len]) {
            Err(e) => assert!(len < ends[0] && e == Unreadable::Unfinished, "{len}"),
            Ok(r) => {
                let whole = ends.iter().filter(|end| **end <= len).count() - 1;
                assert_eq!((r.entries.as_slice(), r.damaged), (&some_entries()[..whole], false), "{len}");
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, rng_seed: RngSeed::Fixed(1), failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn flipped_bytes_cost_only_what_comes_after_them(flips in prop::collection::vec((any::<prop::sample::Index>(), 1u8..), 1..4)) {
        let (mut bytes, ends) = written();
        let mut first = bytes.len();
        for (at, by) in flips {
            let at = at.index(bytes.len());
            bytes[at] ^= by;
            first = first.min(at);
        }
        if let Ok(r) = Recording::of(&bytes) {
            let all = some_entries();
            prop_assert!(r.entries.len() <= all.len() && r.entries == all[..r.entries.len()]);
            let before = ends.iter().filter(|end| **end <= first).count();
            prop_assert!(r.entries.len() + 1 >= before, "nothing before the damage is lost");
            prop_assert_eq!(r.project().unwrap(), rich());
        } else {
            prop_assert!(first < ends[0]);
        }
    }

    #[test]
    fn no_bytes_make_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        let _ = Recording::of(&bytes);
    }
}

#[test]
fn a_journal_in_use_is_nobody_elses_and_a_dead_ones_goes_on() {
    let home = tempfile::tempdir().unwrap();
    let dirs = Dirs::at(home.path());
    assert!(orphans(&dirs).is_empty(), "no folder yet");
    let mut journal = Journal::create(&journal_folder(&dirs), &origin(), &rich(), &some_entries()).unwrap();
    journal.append(&[Entry::Draft("half".into())]).unwrap();
    assert!(orphans(&dirs).is_empty(), "its process lives");
    let path = journal.path().to_owned();
    drop(journal); // as the system does when the process dies
    fs::OpenOptions::new().append(true).open(&path).and_then(|mut f| std::io::Write::write_all(&mut f, b"d 99 0123")).unwrap();
    let mut found = orphans(&dirs);
    assert!(orphans(&dirs).is_empty(), "claimed");
    let orphan = found.pop().unwrap();
    assert_eq!(orphan.recording.as_ref().unwrap().entries.len(), some_entries().len() + 1);
    let mut journal = orphan.resume(true).unwrap();
    journal.append(&[Entry::Undone]).unwrap();
    let tail = &Recording::of(&fs::read(&path).unwrap()).unwrap().entries[some_entries().len()..];
    let expected = [Entry::Draft("half".into()), Entry::Done("half".into()), Entry::Resumed, Entry::Undone];
    assert_eq!(tail, expected, "the torn end is gone, the step in the making has become one");
    journal.remove();
    assert_eq!(fs::read_dir(journal_folder(&dirs)).unwrap().count(), 0);
}

#[test]
fn a_journal_that_never_began_is_swept_and_a_damaged_one_is_put_aside() {
    let home = tempfile::tempdir().unwrap();
    let dirs = Dirs::at(home.path());
    let (bytes, ends) = written();
    let folder = journal_folder(&dirs);
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join("1-1-0.journal"), &bytes[..ends[0] / 2]).unwrap();
    let mut damaged = bytes.clone();
    damaged[ends[0] / 2] ^= 1;
    fs::write(folder.join("2-2-0.journal"), &damaged).unwrap();
    fs::write(folder.join("3-3-0.journal-new"), "").unwrap();
    fs::write(folder.join("notes.txt"), "mine").unwrap();
    let mut found = orphans(&dirs);
    assert_eq!(found.len(), 1);
    let orphan = found.pop().unwrap();
    assert_eq!(orphan.recording, Err(Unreadable::Damaged));
    let aside = orphan.set_aside();
    assert_eq!(fs::read(&aside).unwrap(), damaged);
    assert!(orphans(&dirs).is_empty() && folder.join("notes.txt").exists() && folder.join("3-3-0.journal-new").exists());
}

#[test]
fn a_journal_that_cannot_be_written_says_so_and_leaves_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("a file");
    fs::write(&file, "").unwrap();
    assert!(matches!(Journal::create(&file, &origin(), &rich(), &[]), Err(StoreError::Write { .. })));
    let (a, b) = (fingerprint(&rich()).unwrap(), fingerprint(&project(FrameRate::FPS_25)).unwrap());
    assert!(a == fingerprint(&rich()).unwrap() && a != b);
}
