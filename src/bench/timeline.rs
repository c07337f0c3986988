//! What a pass of the window costs the processor with a long timeline in it: the panels' code and tessellation, no GPU.

use super::{Context, Row, process::thread_cpu_secs, project::large};
use crate::{
    app::{Headless, commands::CommandId},
    base::Trouble,
    session::{Command, Session, SessionOptions},
    store,
};
use std::{
    path::Path,
    sync::Arc,
    time::{Duration, Instant},
};

const PASSES: usize = 300;
const GOAL: &str = "≤ 2 ms";

pub(super) fn timeline(cx: &Context<'_>) -> Result<Vec<Row>, Trouble> {
    let footage = cx.footage.hd()?;
    let mut rows = Vec::new();
    for clips in [1_000, 10_000] {
        rows.extend(window(&footage, clips, cx)?);
    }
    Ok(rows)
}

/// A window on 10 tracks of `clips` each: the whole film, a scene, and single frames, while it scrolls.
fn window(footage: &Path, clips: u64, cx: &Context<'_>) -> Result<Vec<Row>, Trouble> {
    let file = cx.footage.dir().join(format!("window-{clips}.montage"));
    store::save(&file, &large(footage, 10, clips)?).map_err(|e| Trouble::of(&e))?;
    let options = SessionOptions { gpu: None, force_cpu: true, silent: true, dirs: None, wake: Arc::new(|| {}) };
    let mut session = Session::new(options).map_err(|e| Trouble::new(e.to_string(), "run `montage-ai doctor`"))?;
    session.dispatch(Command::Open(file.clone()));
    let mut window = Headless::new([1920.0, 1080.0]);
    let started = Instant::now();
    while session.project_path() != Some(file.as_path()) {
        session.poll();
        std::thread::sleep(Duration::from_millis(1));
        if started.elapsed() > Duration::from_secs(20) {
            return Err(Trouble::new("the project did not open within 20 s", "this is a defect: please report it"));
        }
    }
    let total = clips * 10;
    let mut rows = Vec::new();
    for (what, zooms) in [("whole film", 0), ("a scene", 14), ("single frames", 40)] {
        window.run(&mut session, CommandId::ZoomFit);
        (0..zooms).for_each(|_| window.run(&mut session, CommandId::ZoomIn));
        // pictures and waveforms of what is in view come from the background
        let settle = Instant::now();
        while settle.elapsed() < Duration::from_secs(3) {
            session.poll();
            window.pass(&mut session, 0.0);
            std::thread::sleep(Duration::from_millis(20));
        }
        let mut times: Vec<f64> = (0..PASSES)
            .map(|i| {
                session.poll();
                let before = thread_cpu_secs();
                window.pass(&mut session, if i < PASSES / 2 { -7.0 } else { 7.0 });
                (thread_cpu_secs() - before) * 1e3
            })
            .collect();
        let (median, late) = super::p50_p95(&mut times);
        rows.push(Row::new(format!("window pass, {total} clips, {what}, CPU"), median, "ms").goal(GOAL));
        rows.push(Row::new("… 95th percentile", late, "ms"));
    }
    Ok(rows)
}
