//! Clips at other speeds show the frames that other programs show: the rule of the time-warp test suite, which was checked
//! against Avid's rendering picture by picture. Forward, frame `i` shows `⌊S + i·s⌋`; backward `⌊E − i·|s|⌋`, where `S` is the
//! range's first frame and `E` its last. The same numbers must come out of our renderer's plan and out of the file that we write.

use crate::film::film;
use montage_ai::{
    base::{FrameRate, MediaId, Rounding, Time},
    interchange::{Format, ReadOptions, WriteOptions, read, write},
    model::{Clip, ClipContent, Project, Speed},
    plan,
};
use std::{path::Path, sync::Arc};

const SPEEDS: [Speed; 14] = [
    Speed::NORMAL,
    Speed(2, 1),
    Speed(1, 2),
    Speed(1, 20),
    Speed(111, 10),
    Speed(5, 2),
    Speed(1, 3),
    Speed(333, 1000),
    Speed::FREEZE,
    Speed::REVERSE,
    Speed(-1, 2),
    Speed(-2, 1),
    Speed(-3, 10),
    Speed(-6, 5),
];
const FRAMES: i64 = 40;
const RATES: [FrameRate; 4] = [FrameRate::NTSC_24, FrameRate::FPS_25, FrameRate::NTSC_30, FrameRate::NTSC_60];

/// `⌊first + i·speed⌋`, exactly.
fn rule(first: i64, i: i64, speed: Speed) -> i64 {
    (first * i64::from(speed.1) + i * i64::from(speed.0)).div_euclid(i64::from(speed.1))
}

/// One clip whose first frame shows the media's frame `first`.
fn retimed(rate: FrameRate, first: i64, speed: Speed) -> Project {
    let mut p = film(rate);
    let s = Arc::make_mut(&mut p.sequence);
    s.tracks.truncate(1);
    s.markers.clear();
    let track = Arc::make_mut(&mut s.tracks[0]);
    track.transitions.clear();
    let source_in = Time::from_frames(first, rate);
    let content = ClipContent::Media { media: MediaId(10), source_in, speed };
    track.clips = vec![Arc::new(Clip::new(track.clips[0].id, 0, FRAMES, content))];
    assert_eq!(p.validate(), []);
    p
}

#[test]
fn the_renderer_shows_the_frames_of_the_rule() {
    for rate in RATES {
        for speed in SPEEDS {
            let p = retimed(rate, 500, speed);
            for i in 0..FRAMES {
                let at = plan::frame(&p, i, 1).moments()[0].time;
                assert_eq!(at.to_frames(rate, Rounding::Floor), rule(500, i, speed), "frame {i} at {speed:?}, {rate}");
            }
        }
    }
}

#[test]
fn a_written_range_holds_the_frames_of_the_rule_and_reads_back_to_them() {
    for rate in RATES {
        for speed in SPEEDS {
            let p = retimed(rate, 500, speed);
            let w = write(&p, Format::Otio, &WriteOptions::default()).unwrap();
            let json: serde_json::Value = serde_json::from_slice(&w.parts[0].bytes).unwrap();
            let clip = &json["tracks"]["children"][0]["children"][0];
            let scalar = clip["effects"].as_array().unwrap().first().map_or(1.0, |e| e["time_scalar"].as_f64().unwrap());
            // labels of the media begin at ten hours
            let base = i64::from(rate.timecode_base()) * 36_000;
            let first = clip["source_range"]["start_time"]["value"].as_f64().unwrap() as i64 - base;
            assert_eq!(clip["source_range"]["duration"]["value"].as_f64().unwrap() as i64, FRAMES, "{speed:?}");
            assert!((scalar - f64::from(speed.0) / f64::from(speed.1)).abs() < 1e-12);
            // backward the range ends with the frame that is shown first
            let used = (FRAMES * i64::from(speed.0.abs()) + i64::from(speed.1) - 1) / i64::from(speed.1);
            let shown_first = if speed.0 < 0 { first + used - 1 } else { first };
            let read_options =
                ReadOptions { known: &p.media.values().cloned().collect::<Vec<_>>(), ..ReadOptions::new("x", Path::new("/")) };
            let (again, _) = read(&w.parts[0].bytes, Format::Otio, &read_options).unwrap();
            for i in 0..FRAMES {
                let ours = plan::frame(&p, i, 1).moments()[0].time;
                let theirs = plan::frame(&again, i, 1).moments()[0].time;
                assert_eq!(rule(shown_first, i, speed), ours.to_frames(rate, Rounding::Floor), "frame {i} at {speed:?}, {rate}");
                assert_eq!(theirs, ours, "frame {i} at {speed:?}, {rate}");
            }
        }
    }
}
