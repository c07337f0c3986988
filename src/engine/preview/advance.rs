//! The render thread's part of playing: pictures are drawn before they are due, and shown when they are.

use super::{
    PreviewEvent, Worker,
    playing::{Pace, Playing, Ready},
};
use crate::{
    base::{Rounding, Time},
    engine::playback::LOOK,
};
use std::time::{Duration, Instant};

/// Playback quality is judged over this many due pictures.
const JUDGED_PICTURES: u64 = 30;

impl Worker {
    /// One step of what plays: show the picture whose time has come, or draw the next. When to come again; None at the end.
    pub(super) fn advance(&mut self, p: &mut Playing) -> Option<Duration> {
        if !p.begun {
            // sound and clock start when the first picture is there
            let first = self.draw_ahead(p, p.shown, Time::ZERO);
            self.show(p, first, Time::ZERO);
            p.begin(&mut self.player);
            return Some(Duration::ZERO);
        }
        let heard = self.player.heard();
        let (position, _) = self.player.position_at(heard);
        if let Some(frame) = p.over(position) {
            self.finish(p, frame);
            return None;
        }
        if let Some(ready) = p.ready.take_if(|r| r.due <= heard) {
            p.show(ready.frame, ready.due);
            self.show(p, ready, heard);
            self.judge(p);
        } else if let Some(ready) = &p.ready {
            return Some(Duration::from_nanos((ready.due - heard).nanos(Rounding::Ceil)).min(LOOK));
        } else if let Some((frame, due)) = p.next(&mut self.player, heard) {
            let began = Instant::now();
            p.ready = Some(self.draw_ahead(p, frame, due));
            p.took(began.elapsed());
            self.enlarge_ahead(p);
        } else {
            return Some(LOOK);
        }
        Some(Duration::ZERO)
    }

    fn draw_ahead(&mut self, p: &Playing, frame: i64, due: Time) -> Ready {
        let divisor = self.playing_divisor[p.monitor as usize];
        let plan = self.plan(&p.project, frame, divisor);
        let drawn = self.draw(&p.project, &plan, false);
        let before = self.before(p.monitor, &p.project, frame, divisor, false);
        Ready { frame, due, divisor, hash: plan.hash, drawn, before, enlarged: false }
    }

    fn show(&mut self, p: &Playing, ready: Ready, heard: Time) {
        let Ready { frame, due, divisor, drawn, before, enlarged, .. } = ready;
        let (monitor, dropped, late) = (p.monitor, p.dropped, heard - due);
        if let Ok((image, _)) = &drawn {
            self.measure.offer(monitor, image);
        }
        self.send(match drawn {
            Ok((image, exact)) => {
                PreviewEvent::Shown { monitor, frame, image, before, exact, divisor, dropped, late, enlarged, request: None }
            }
            Err(message) => PreviewEvent::Failed { monitor, frame, message },
        });
    }

    /// The end was reached: the last frame, as fine as a still one is, stays on the screen.
    fn finish(&mut self, p: &Playing, frame: i64) {
        self.player.stop();
        let (divisor, due) = (self.quality.max(1), Time::ZERO);
        let plan = self.plan(&p.project, frame, divisor);
        let drawn = self.draw(&p.project, &plan, false);
        let before = self.before(p.monitor, &p.project, frame, divisor, false);
        self.show(p, Ready { frame, due, divisor, hash: plan.hash, drawn, before, enlarged: false }, due);
        self.send(PreviewEvent::Stopped { monitor: p.monitor, frame, request: None });
    }

    /// Automatic quality: half of it, down to a quarter, where pictures do not keep up; better again where that is easy.
    fn judge(&mut self, p: &mut Playing) {
        let (pace, divisor) = (p.pace(JUDGED_PICTURES), &mut self.playing_divisor[p.monitor as usize]);
        if pace == Pace::TooSlow {
            p.trying.too_slow();
        }
        match pace {
            Pace::TooSlow if self.quality == 0 => *divisor = (*divisor * 2).min(4),
            Pace::Easy if self.quality == 0 => *divisor = (*divisor / 2).max(1),
            _ => {}
        }
    }
}
