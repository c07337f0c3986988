//! What a project file looks like, and that it comes back as it was.

use super::*;

#[test]
fn a_project_comes_back_exactly() {
    let mut dip = rich();
    with_track(&mut dip, 2, |t| t.transitions[0].kind = TransitionKind::DipToColor { color: [0.0, 0.5, 1.0, 1.0] });
    for p in [rich(), dip, project(FrameRate::FPS_25)] {
        let text = to_text(&p, place()).unwrap();
        assert_eq!(reread(&text).unwrap(), p);
        assert_eq!(to_text(&reread(&text).unwrap(), place()).unwrap(), text, "canonical");
    }
}

#[test]
fn a_person_can_read_it() {
    let mut p = project(FrameRate::FPS_25);
    p.media.retain(|id, _| id.0 == 10);
    p.name = "Holiday".into();
    let mut cut = clip(21, 100, 50, media_content(10, Time::from_ratio(9, 2)));
    cut.transform.opacity = 0.5;
    put(&mut p, 2, [clip(20, 0, 100, media_content(10, Time::ZERO)), cut]);
    with_track(&mut p, 2, |t| t.transitions.push(dissolve(30, 20, 21, 10, 10)));
    let text = to_text(&p, Path::new("/films/one.montage")).unwrap();
    let expected = r#"(
    version: 6,
    name: "Holiday",
    media: [
        (
            id: 10,
            name: "a",
            file: (path: "/footage/a.mp4", size: 1000),
            info: (
                container: "mp4",
                duration: "40s",
                video: Some((codec: "h264", width: 1920, height: 1080, frame_rate: "25", frames: 1000, pixel_format: "I420", bit_depth: 8, color: (primaries: bt709, transfer: bt709, matrix: bt709, range: limited), gop: 250)),
                audio: Some((codec: "aac", rate: 48000, channels: 2)),
            ),
        ),
    ],
    sequence: (
        id: 1,
        width: 1920,
        height: 1080,
        frame_rate: "25",
        tracks: [
            (
                id: 2,
                kind: Video,
                clips: [
                    (id: 20, start: 0, duration: 100, content: Media(media: 10)),
                    (id: 21, start: 100, duration: 50, content: Media(media: 10, source_in: "9/2s"), transform: (opacity: 0.5)),
                ],
                transitions: [
                    (id: 30, kind: CrossDissolve, left: 20, right: 21, before: 10, after: 10),
                ],
            ),
            (
                id: 3,
                kind: Audio,
                clips: [
                ],
            ),
            (
                id: 4,
                kind: Video,
                clips: [
                ],
            ),
            (
                id: 5,
                kind: Audio,
                clips: [
                ],
            ),
        ],
    ),
)
"#;
    assert_eq!(text, expected);
}

#[test]
fn one_changed_clip_is_one_changed_line() {
    let p = rich();
    let mut q = p.clone();
    with_track(&mut q, 2, |t| std::sync::Arc::make_mut(&mut t.clips[1]).gain_db = -1.0);
    let (a, b) = (to_text(&p, place()).unwrap(), to_text(&q, place()).unwrap());
    assert_eq!(a.lines().zip(b.lines()).filter(|(a, b)| a != b).count(), 1);
    assert_eq!(a.lines().count(), b.lines().count());
}

#[test]
fn two_merged_edits_are_one_project() {
    // One person added a clip at the end, the other one at the front: the merge put the lines the wrong way round.
    let text = to_text(&project(FrameRate::FPS_25), place()).unwrap();
    let late = "(id: 51, start: 90, duration: 10, content: Solid(color: (1.0, 1.0, 1.0, 1.0))),";
    let early = "(id: 52, start: 0, duration: 10, content: Title((text: \"Hi\"))),";
    let merged = text.replacen("clips: [", &format!("clips: [\n{late}\n{early}"), 1);
    let p = reread(&merged).unwrap();
    let starts: Vec<i64> = p.sequence.tracks[0].clips.iter().map(|c| c.start).collect();
    assert_eq!(starts, [0, 90]);
}

#[test]
fn what_a_hand_leaves_out_is_as_usual() {
    let by_hand = r#"
        // a comment
        (version: 1, sequence: (id: 1, width: 640, height: 360, frame_rate: "24", tracks: [
            (id: 2, kind: Video, clips: [(id: 3, start: 0, duration: 48, content: Title((text: "Hi")), link: 4)]),
        ]))"#;
    let p = reread(by_hand).unwrap();
    let c: &Clip = &p.sequence.tracks[0].clips[0];
    assert_eq!((c.id, c.link, c.enabled, c.transform), (ClipId(3), Some(4), true, Transform::default()));
}
