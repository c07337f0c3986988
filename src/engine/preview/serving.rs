//! The thread that makes pictures larger for the viewers: it makes its network when that is first wanted, and one wish after another.

use super::{
    Monitor,
    live::{Made, MakeUpscaler, Wish},
};
use crate::{
    engine::upscale::{Enlargement, UpscaleError, upscale_for_view},
    ml::{MlError, Upscaler},
    plan::MediaRef,
};
use crossbeam::channel::{Receiver, Sender};
use std::{sync::atomic::Ordering, time::Instant};

/// The thread that computes, until the render thread lets go.
pub(super) fn serve(make: &MakeUpscaler, wishes: &Receiver<Wish>, done: &Sender<Made>, told: &dyn Fn(Monitor, u64, f32)) {
    let mut upscaler: Option<Box<dyn Upscaler>> = None;
    while let Ok(wish) = wishes.recv() {
        let request = wish.request.clone();
        let pixels = wish.pictures.iter().map(|(_, p)| u64::from(p.width) * u64::from(p.height)).sum();
        let began = Instant::now();
        let pictures = match computed(&mut upscaler, make, wish, told) {
            Ok(pictures) => Ok(pictures),
            Err(Failed::Stopped) => continue,
            Err(Failed::Because(message)) => Err(message),
        };
        let took = (pictures.is_ok() && pixels > 0).then(|| (pixels, began.elapsed()));
        let may_play = upscaler.as_mut().map(|u| u.may_play());
        if done.send(Made { request, may_play, took, pictures }).is_err() {
            return;
        }
    }
}

enum Failed {
    Stopped,
    Because(String),
}

fn computed(
    slot: &mut Option<Box<dyn Upscaler>>,
    make: &MakeUpscaler,
    wish: Wish,
    told: &dyn Fn(Monitor, u64, f32),
) -> Result<Vec<(MediaRef, Enlargement)>, Failed> {
    if wish.stop.load(Ordering::Relaxed) {
        return Err(Failed::Stopped);
    }
    let upscaler = match slot {
        Some(upscaler) => upscaler,
        None => slot.insert(make().map_err(Failed::Because)?),
    };
    let (all, mut made) = (wish.pictures.len() as f32, Vec::with_capacity(wish.pictures.len()));
    for (n, (moment, picture)) in wish.pictures.into_iter().enumerate() {
        let mut share = |f: f32| {
            if !wish.quiet {
                told(wish.monitor, wish.request.load(Ordering::Relaxed), (n as f32 + f) / all)
            }
        };
        match upscale_for_view(&picture, moment.color, &mut **upscaler, &wish.stop, &mut share) {
            Ok(large) => made.push((moment, large)),
            Err(UpscaleError::Cancelled) => return Err(Failed::Stopped),
            Err(e) => {
                // a device that was lost is asked for anew
                if matches!(e, UpscaleError::Ml(MlError::Device(_))) {
                    *slot = None;
                }
                return Err(Failed::Because(e.to_string()));
            }
        }
    }
    Ok(made)
}
