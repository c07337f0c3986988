//! J, K and L: what a press asks of the active deck. L and J play forward and backward, each further press twice as fast;
//! with K held a tap moves by one frame and a held key plays slowly until it is let go. Pure; UI thread.

use super::commands::CommandId as C;
use crate::{
    model::Speed,
    session::{Transport, shuttle},
};

/// Which of the three keys are down, and what they have begun.
#[derive(Debug, Default)]
pub struct ShuttleKeys {
    stop_held: bool,
    /// The direction whose key is down.
    held: Option<C>,
    /// It plays slowly for as long as both keys are down.
    slow: bool,
}

impl ShuttleKeys {
    /// Once per pass: which commands' keys are down now. Some = what ends with a key that was let go.
    pub fn look(&mut self, down: impl Fn(C) -> bool) -> Option<Transport> {
        self.stop_held = down(C::Pause);
        self.held = self.held.filter(|id| down(*id));
        let ends = self.slow && !(self.stop_held && self.held.is_some());
        self.slow &= !ends;
        ends.then_some(Transport::Pause)
    }

    /// A press or a repeat of `ShuttleForward` or `ShuttleBack`, while it plays at `now` (0 = it does not).
    pub fn press(&mut self, id: C, now: Speed) -> Option<Transport> {
        let back = id == C::ShuttleBack;
        let repeats = self.held.replace(id) == Some(id);
        match (self.stop_held, repeats) {
            (true, false) => Some(Transport::Step(if back { -1 } else { 1 })),
            (true, true) if !self.slow => {
                self.slow = true;
                Some(Transport::Shuttle(if back { shuttle::SLOW_BACKWARD } else { shuttle::SLOW }))
            }
            (false, false) => Some(Transport::Shuttle(if back { shuttle::backward(now) } else { shuttle::forward(now) })),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NONE: [C; 0] = [];

    #[test]
    fn a_held_key_does_not_race_to_the_fastest_speed() {
        let mut keys = ShuttleKeys::default();
        assert_eq!(keys.press(C::ShuttleForward, Speed::FREEZE), Some(Transport::Shuttle(Speed::NORMAL)));
        keys.look(|id| id == C::ShuttleForward);
        assert_eq!(keys.press(C::ShuttleForward, Speed::NORMAL), None);
        keys.look(|id| NONE.contains(&id));
        assert_eq!(keys.press(C::ShuttleForward, Speed::NORMAL), Some(Transport::Shuttle(Speed(2, 1))));
        assert_eq!(keys.press(C::ShuttleBack, Speed(2, 1)), Some(Transport::Shuttle(Speed::REVERSE)));
    }

    #[test]
    fn with_k_held_a_tap_steps_and_a_held_key_plays_slowly_until_it_is_let_go() {
        let mut keys = ShuttleKeys::default();
        keys.look(|id| id == C::Pause);
        assert_eq!(keys.press(C::ShuttleBack, Speed::FREEZE), Some(Transport::Step(-1)));
        assert_eq!(keys.look(|id| id == C::Pause), None);
        assert_eq!(keys.press(C::ShuttleForward, Speed::FREEZE), Some(Transport::Step(1)));
        assert_eq!(keys.look(|_| true), None);
        assert_eq!(keys.press(C::ShuttleForward, Speed::FREEZE), Some(Transport::Shuttle(shuttle::SLOW)));
        assert_eq!(keys.press(C::ShuttleForward, shuttle::SLOW), None);
        assert_eq!(keys.look(|id| id == C::Pause), Some(Transport::Pause));
        assert_eq!(keys.look(|id| id == C::Pause), None);
    }
}
