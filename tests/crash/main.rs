//! Killed in the middle of work, fifty times: nothing older than a second is lost, and what comes back is a sound project that
//! can be worked on, undone and killed again.
//!
//! The test starts itself again as the process that edits and is killed. Both sides make the same moves from the same seed, so
//! the parent knows the project after each of them; the child says each move once it has been made.

#[path = "../document/program.rs"]
#[allow(dead_code, reason = "the property tests use the rest")]
mod program;

use montage_ai::{
    edit::{EditCommand, History},
    model::Project,
    session::{Command, Dirs, Session, SessionOptions},
    store,
};
use program::{Op, command, start};
use std::{
    io::{BufRead, BufReader, Write},
    path::Path,
    process::{Child, Stdio},
    sync::{Arc, mpsc},
    time::{Duration, Instant},
};

/// Chains of lives that run side by side, and the deaths in each.
const CHAINS: u64 = 4;
const DEATHS: u64 = 13;
/// Moves that may have been made after the last one that was heard of.
const UNSAID: u64 = 20;
/// What may be lost.
const LOST: Duration = Duration::from_secs(1);
const PATIENCE: Duration = Duration::from_secs(60);
/// Tells the child where its home is and which life this is.
const CHILD: &str = "MONTAGE_AI_CRASH_CHILD";

/// Numbers without meaning, the same every time: xorshift64* (Vigna 2014).
struct Dice(u64);

impl Dice {
    fn of(chain: u64, life: u64) -> Self {
        Self((chain + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ (life + 1).wrapping_mul(0xd1b5_4a32_d192_ed03))
    }
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 16
    }
    fn below(&mut self, n: u64) -> u64 {
        self.next() % n
    }
    fn op(&mut self) -> Op {
        let (a, b) = (self.next(), self.next());
        ((a >> 32) as u8, a as u16, (a >> 16) as u16, b as u16, (b >> 16) as u16)
    }
}

/// The smallest thing that a life does.
#[derive(Clone, Debug)]
enum Move {
    Edit(EditCommand),
    Absolute(EditCommand),
    Begin,
    Commit,
    Abort,
    Undo,
    Redo,
    Save,
}

/// What comes next, given how things stand.
fn next_move(dice: &mut Dice, history: &History, count: u64) -> Move {
    let id = 100_000 + 20 * count;
    let some = |dice: &mut Dice| command(history.current(), dice.op(), id);
    if history.in_gesture() {
        return match dice.below(10) {
            0 => Move::Commit,
            1 if dice.below(3) == 0 => Move::Abort,
            2 => Move::Edit(some(dice)),
            _ => Move::Absolute(some(dice)),
        };
    }
    match dice.below(20) {
        0..=1 => Move::Begin,
        2..=4 => Move::Undo,
        5..=6 => Move::Redo,
        7 => Move::Save,
        _ => Move::Edit(some(dice)),
    }
}

fn do_in_history(history: &mut History, m: &Move) {
    // a move that is refused is refused on both sides
    match m {
        Move::Edit(c) => drop(history.exec(c)),
        Move::Absolute(c) => drop(history.exec_absolute(c)),
        Move::Begin => history.begin("Gesture"),
        Move::Commit => history.commit(),
        Move::Abort => history.abort(),
        Move::Undo => drop(history.undo()),
        Move::Redo => drop(history.redo()),
        Move::Save => {}
    }
}

fn do_in_session(session: &mut Session, m: Move) {
    session.dispatch(match m {
        Move::Edit(c) => Command::Edit(c),
        Move::Absolute(c) => Command::EditAbsolute(c),
        Move::Begin => Command::Begin("Gesture"),
        Move::Commit => Command::Commit,
        Move::Abort => Command::Abort,
        Move::Undo => Command::Undo,
        Move::Redo => Command::Redo,
        Move::Save => Command::Save,
    });
}

/// One number for a project and how far its history goes back and forward.
fn mix(project: u64, undo: usize, redo: usize) -> u64 {
    project ^ Dice(1 + undo as u64).next().rotate_left(7) ^ Dice(100_001 + redo as u64).next()
}

/// What would come back of a history that dies now: an open gesture becomes a step.
fn state(history: &History, start: Option<&Arc<Project>>) -> u64 {
    let made = start.is_some_and(|s| **s != **history.current());
    let (undo, redo) = (history.undo_labels().count(), history.redo_labels().count());
    mix(store::fingerprint(history.current()).unwrap(), undo + usize::from(made), if made { 0 } else { redo })
}

fn history_of(base: &Arc<Project>, moves: &[Move]) -> History {
    let mut history = History::new(base.clone());
    moves.iter().for_each(|m| do_in_history(&mut history, m));
    history.commit();
    history
}

/// Not a test: the process that is killed.
#[test]
fn a_life() {
    let Ok(what) = std::env::var(CHILD) else { return };
    let mut parts = what.splitn(3, ' ');
    let mut number = || parts.next().unwrap().parse().unwrap();
    let (chain, life): (u64, u64) = (number(), number());
    let home = Path::new(parts.next().unwrap());
    let options = SessionOptions { gpu: None, force_cpu: true, silent: true, dirs: Some(Dirs::at(home)), wake: Arc::new(|| {}) };
    let mut session = Session::new(options).unwrap();
    session.dispatch(Command::Start { open: Some(home.join("film.montage")), recover: true });
    let until = |session: &mut Session, done: &dyn Fn(&Session) -> bool| {
        while !done(session) {
            session.poll();
            std::thread::sleep(Duration::from_millis(1));
        }
    };
    until(&mut session, &|s| s.project_path().is_some());
    if let Some(left) = session.recoverable().first() {
        // killed twice before it was touched
        let id = left.id;
        session.dispatch(Command::Recover(id));
        until(&mut session, &|s| s.is_dirty());
    }
    assert!(!session.is_read_only());
    let (undo, redo) = (session.undo_labels().count(), session.redo_labels().count());
    println!("crash: alive {}", mix(store::fingerprint(session.project()).unwrap(), undo, redo));
    let mut moves = String::new();
    std::io::stdin().read_line(&mut moves).unwrap();
    let Ok(before) = moves.trim().parse::<u64>() else { return };
    // the same decisions as the parent takes on its copy
    let mut shadow = History::new(session.project().clone());
    let mut dice = Dice::of(chain, life);
    let mut pace = Dice(u64::from(std::process::id()) + 1);
    let born = Instant::now();
    let mut gesture = false;
    for count in before.. {
        if gesture != shadow.in_gesture() || born.elapsed() > PATIENCE {
            return;
        }
        let m = next_move(&mut dice, &shadow, count);
        match m {
            Move::Begin => gesture = true,
            Move::Commit | Move::Abort => gesture = false,
            _ => {}
        }
        do_in_session(&mut session, m.clone());
        shadow = follow(shadow, &m, &session);
        println!("crash: did {count}");
        session.poll();
        std::thread::sleep(Duration::from_millis(pace.below(20)));
    }
}

/// A history that knows no more than [`next_move`] asks for: the current project and whether a gesture is open.
fn follow(shadow: History, m: &Move, session: &Session) -> History {
    let open = match m {
        Move::Begin => true,
        Move::Commit | Move::Abort | Move::Undo | Move::Redo => false,
        _ => shadow.in_gesture(),
    };
    let mut next = History::new(session.project().clone());
    if open {
        next.begin("Gesture");
    }
    next
}

struct Life {
    child: Child,
    said: mpsc::Receiver<(Instant, String)>,
}

impl Life {
    fn begin(home: &Path, chain: u64, life: u64) -> Self {
        let mut child = std::process::Command::new(std::env::current_exe().unwrap())
            .args(["a_life", "--exact", "--nocapture"])
            .env(CHILD, format!("{chain} {life} {}", home.display()))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::inherit())
            .spawn()
            .unwrap();
        let out = BufReader::new(child.stdout.take().unwrap());
        let (tell, said) = mpsc::channel();
        std::thread::spawn(move || {
            for line in out.lines().map_while(Result::ok) {
                if let Some(words) = line.split("crash: ").nth(1) {
                    let _ = tell.send((Instant::now(), words.to_owned()));
                }
            }
        });
        Self { child, said }
    }

    /// The number after `word`, and when it was said.
    fn hear(&self, word: &str, patience: Duration) -> Option<(Instant, u64)> {
        let (at, words) = self.said.recv_timeout(patience).ok()?;
        let number = words.strip_prefix(word).unwrap_or_else(|| panic!("{word:?} was expected, not {words:?}"));
        Some((at, number.trim().parse().unwrap()))
    }

    fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

/// What a home holds, as far as the parent knows.
struct Hopes {
    base: Arc<Project>,
    moves: Vec<Move>,
    /// After each number of moves: the hash of what comes back, and of the project alone without a past, as it comes back when
    /// it had just been saved.
    states: Vec<(u64, u64)>,
    /// The number of moves that must not be lost.
    least: usize,
    /// The number of moves that were heard of.
    heard: usize,
}

impl Hopes {
    fn of(base: Arc<Project>) -> Self {
        let both = state(&history_of(&base, &[]), None);
        Self { base, moves: Vec::new(), states: vec![(both, both)], least: 0, heard: 0 }
    }

    /// What must have happened, given what came back.
    fn settle(mut self, came: u64, whose: &str) -> Self {
        let whole = self.states.iter().rposition(|s| s.0 == came);
        let known = whole.or_else(|| self.states.iter().rposition(|s| s.1 == came));
        let known = known.unwrap_or_else(|| panic!("{whose}: what came back was never there"));
        assert!(known >= self.least, "{whose}: {known} of at least {} moves came back", self.least);
        println!("{whose}: {known} moves came back, {} were heard of, {} had to", self.heard, self.least);
        self.moves.truncate(known);
        if whole.is_none() {
            return Self::of(history_of(&self.base, &self.moves).current().clone());
        }
        // a drag that was cut short has become a step
        self.moves.push(Move::Commit);
        let history = history_of(&self.base, &self.moves);
        assert_eq!(state(&history, None), came, "{whose}");
        self
    }

    /// Makes the moves that a life has made, and some more that it may have made without saying so.
    fn follow(&mut self, mut dice: Dice, heard: u64, least: Option<usize>) {
        let mut history = history_of(&self.base, &self.moves);
        let before = self.moves.len();
        self.states = vec![(0, 0); before];
        self.states.push((state(&history, None), mix(store::fingerprint(history.current()).unwrap(), 0, 0)));
        (self.least, self.heard) = (least.unwrap_or(before), heard as usize);
        let mut open = None;
        for count in before as u64..heard + UNSAID {
            let m = next_move(&mut dice, &history, count);
            do_in_history(&mut history, &m);
            match m {
                Move::Begin => open = Some(history.current().clone()),
                Move::Commit | Move::Abort => open = None,
                _ => {}
            }
            self.moves.push(m);
            self.states.push((state(&history, open.as_ref()), mix(store::fingerprint(history.current()).unwrap(), 0, 0)));
            assert_eq!(history.current().validate(), []);
        }
    }
}

/// One home, killed again and again.
fn chain(chain: u64) {
    let home = tempfile::tempdir().unwrap();
    store::save(&home.path().join("film.montage"), &start()).unwrap();
    let mut hopes = Hopes::of(Arc::new(start()));
    let mut dice = Dice(chain + 77);
    for life in 0..=DEATHS {
        let being = Life::begin(home.path(), chain, life);
        if life < DEATHS && dice.below(8) == 0 {
            // killed while it starts or recovers: then nothing is different for the next
            std::thread::sleep(Duration::from_millis(dice.below(250)));
            being.kill();
            continue;
        }
        let (_, came) = being.hear("alive", PATIENCE).expect("the project comes back");
        hopes = hopes.settle(came, &format!("chain {chain}, life {life}"));
        if life == DEATHS {
            being.kill();
            return;
        }
        let before = hopes.moves.len() as u64;
        writeln!(being.child.stdin.as_ref().unwrap(), "{before}").unwrap();
        let death = Instant::now() + Duration::from_millis(dice.below(1900));
        let mut said = Vec::new();
        while let Some(heard) = being.hear("did", death.saturating_duration_since(Instant::now())) {
            said.push(heard);
        }
        let killed = Instant::now();
        being.kill();
        let safe = said.iter().filter(|(at, _)| *at + LOST < killed).map(|(_, n)| *n as usize + 1).max();
        let done = said.last().map_or(before, |(_, n)| n + 1);
        hopes.follow(Dice::of(chain, life), done, safe);
    }
}

#[test]
fn nothing_older_than_a_second_is_lost_to_fifty_deaths() {
    let chains: Vec<_> = (0..CHAINS).map(|n| std::thread::spawn(move || chain(n))).collect();
    chains.into_iter().for_each(|c| c.join().unwrap());
}
