//! Upscaled pictures while a film plays: on a device that is taken for a quick one, on one that is not, and on one that answers too late.
//! The renderer and the network share the software adapter; a film of two pictures a second gives both all the time they need.

use super::{PATIENCE, common, with_film};
use crossbeam::channel::{Receiver, Sender, unbounded};
use montage_ai::{
    base::{Picture, PixelFormat},
    engine::{Enlarge, Enlarged, MakeUpscaler, Monitor, Preview, PreviewCommand, PreviewEvent},
    gpu::{AdapterPick, DevicePicture, GpuContext, GpuRenderer, Rendered},
    ml::{DeviceSource, MlError, Net, Planes, Upscaler, on_gpu},
    model::{Project, Speed},
};
use std::{
    path::Path,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::Instant,
};

/// A network on the device, watched.
struct Watched {
    inner: Box<dyn Upscaler>,
    /// Passes for graphics hardware.
    hardware: bool,
    seen: Seen,
}

#[derive(Clone, Default)]
struct Seen {
    pictures: Arc<AtomicUsize>,
    made: Arc<Mutex<Vec<DevicePicture>>>,
    /// While there is one, each picture waits for a word.
    gate: Option<Receiver<()>>,
}

impl Upscaler for Watched {
    fn scale(&self) -> usize {
        self.inner.scale()
    }

    fn describe(&self) -> String {
        self.inner.describe()
    }

    fn upscale(&mut self, _: &Planes, _: &AtomicBool, _: &mut dyn FnMut(f32)) -> Result<Planes, MlError> {
        panic!("nothing goes through memory")
    }

    fn upscale_on_device(
        &mut self,
        picture: DeviceSource<'_>,
        format: PixelFormat,
        stop: &AtomicBool,
        told: &mut dyn FnMut(f32),
    ) -> Option<Result<DevicePicture, MlError>> {
        self.seen.pictures.fetch_add(1, Ordering::SeqCst);
        if let Some(gate) = &self.seen.gate {
            // the test is over
            let _ = gate.recv();
        }
        let made = self.inner.upscale_on_device(picture, format, stop, told);
        if let Some(Ok(made)) = &made {
            self.seen.made.lock().unwrap().push(made.clone());
        }
        made
    }

    fn may_play(&mut self) -> bool {
        self.hardware || self.inner.may_play()
    }
}

struct Desk {
    preview: Preview,
    gpu: GpuContext,
    project: Arc<Project>,
    seen: Seen,
    _film: tempfile::TempDir,
}

/// A picture of a viewer that plays.
struct Shown {
    frame: i64,
    image: Rendered,
    enlarged: bool,
    dropped: u64,
}

fn desk(hardware: bool, gate: Option<Receiver<()>>) -> Desk {
    let dir = tempfile::tempdir().unwrap();
    let film = dir.path().join("slow.mp4");
    common::ffmpeg(&["-f", "lavfi", "-i", "testsrc2=s=48x32:r=2:d=12", "-c:v", "libx264", "-pix_fmt", "yuv420p"], &film);
    let project = with_film(&film).project().clone();
    let gpu = GpuContext::headless(&AdapterPick::Best).unwrap();
    let preview = Preview::start(Box::new(GpuRenderer::new(&gpu).unwrap()), true, Arc::new(|| {})).unwrap();
    let seen = Seen { gate, ..Seen::default() };
    let make: MakeUpscaler = {
        let (gpu, seen) = (gpu.clone(), seen.clone());
        let weights = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/weights/compact-x2.pth");
        Arc::new(move || {
            let inner = Net::load(&weights, None).and_then(|net| on_gpu(&net, &gpu, None)).map_err(|e| e.to_string())?;
            Ok(Box::new(Watched { inner, hardware, seen: seen.clone() }))
        })
    };
    preview.send(PreviewCommand::Enlarge { of: Enlarge::Everything, make });
    Desk { preview, gpu, project, seen, _film: dir }
}

impl Desk {
    fn show(&self, frame: i64, request: u64) {
        let (monitor, project) = (Monitor::Program, self.project.clone());
        self.preview.send(PreviewCommand::Show { monitor, project, frame, scrubbing: false, request });
    }

    /// The upscaled picture of a frame at rest.
    fn at_rest(&self, request: u64) -> (i64, Rendered) {
        loop {
            match self.preview.events.recv_timeout(PATIENCE).expect("an upscaled picture") {
                PreviewEvent::Shown { frame, image, enlarged: true, request: Some(r), .. } if r == request => return (frame, image),
                PreviewEvent::Enlarging { state: Enlarged::Failed(message), .. } | PreviewEvent::Failed { message, .. } => {
                    panic!("{message}")
                }
                _ => {}
            }
        }
    }

    fn play(&self) {
        let (monitor, project) = (Monitor::Program, self.project.clone());
        self.preview.send(PreviewCommand::Play { monitor, project, frame: 0, speed: Speed::NORMAL, range: Some((0, 24)) });
    }

    /// What is shown while it plays, up to the picture that is enough.
    fn played(&self, mut enough: impl FnMut(&[Shown]) -> bool) -> Vec<Shown> {
        let (mut all, began) = (Vec::new(), Instant::now());
        while !enough(&all) {
            assert!(began.elapsed() < PATIENCE, "{} pictures, {} upscaled", all.len(), all.iter().filter(|s: &&Shown| s.enlarged).count());
            match self.preview.events.recv_timeout(PATIENCE).expect("a picture") {
                PreviewEvent::Shown { frame, image, enlarged, dropped, request: None, .. } => {
                    all.push(Shown { frame, image, enlarged, dropped });
                }
                PreviewEvent::Failed { message, .. } => panic!("{message}"),
                _ => {}
            }
        }
        all
    }
}

/// Every frame, once.
fn assert_none_is_missing(shown: &[Shown]) {
    assert!(shown.windows(2).all(|w| w[1].frame == (w[0].frame + 1) % 24), "{:?}", shown.iter().map(|s| s.frame).collect::<Vec<_>>());
    assert_eq!(shown.last().map(|s| s.dropped), Some(0));
}

/// A texture of the screen in memory.
fn read(gpu: &GpuContext, image: &Rendered) -> Picture {
    let Rendered::Texture(t) = image else { panic!("the device's renderer gives textures") };
    let (width, height) = (t.width(), t.height());
    let stride = (width * 4).next_multiple_of(256);
    let usage = wgpu::BufferUsages::MAP_READ | wgpu::BufferUsages::COPY_DST;
    let size = u64::from(stride * height);
    let back = gpu.device.create_buffer(&wgpu::BufferDescriptor { label: None, size, usage, mapped_at_creation: false });
    let mut encoder = gpu.device.create_command_encoder(&wgpu::CommandEncoderDescriptor::default());
    let layout = wgpu::TexelCopyBufferLayout { offset: 0, bytes_per_row: Some(stride), rows_per_image: None };
    encoder.copy_texture_to_buffer(t.as_image_copy(), wgpu::TexelCopyBufferInfo { buffer: &back, layout }, t.size());
    gpu.queue.submit([encoder.finish()]);
    back.map_async(wgpu::MapMode::Read, .., |r| r.unwrap());
    gpu.device.poll(wgpu::PollType::wait_indefinitely()).unwrap();
    let bytes = back.get_mapped_range(..).unwrap().to_vec();
    let rows = bytes.chunks_exact(stride as usize).flat_map(|r| r[..width as usize * 4].to_vec()).collect();
    Picture::from_packed(PixelFormat::Rgba8, width, height, rows, montage_ai::base::ColorTags::SRGB).unwrap()
}

#[test]
fn on_a_quick_device_frames_are_upscaled_while_they_play_and_never_leave_it() {
    let desk = desk(true, None);
    desk.show(5, 1);
    let (_, resting) = desk.at_rest(1);
    desk.play();
    let upscaled = |shown: &[Shown]| shown.iter().filter(|s| s.enlarged).count();
    let shown = desk.played(|shown| upscaled(shown) >= 4 && shown.last().is_some_and(|s| s.enlarged));
    assert_none_is_missing(&shown);
    for s in &shown {
        assert_eq!(s.image.size(), if s.enlarged { (96, 64) } else { (48, 32) }, "frame {}", s.frame);
    }
    // the same frame at rest: nothing else is shown while it plays
    let last = shown.last().unwrap();
    desk.preview.send(PreviewCommand::Pause { monitor: Monitor::Program, request: 2 });
    desk.show(last.frame, 3);
    let (_, again) = desk.at_rest(3);
    let (a, b) = (read(&desk.gpu, &last.image), read(&desk.gpu, &again));
    assert_eq!((*a.data).as_ref(), (*b.data).as_ref());
    assert_ne!((*a.data).as_ref(), (*read(&desk.gpu, &resting).data).as_ref());
    let made = desk.seen.made.lock().unwrap();
    assert!(made.len() >= 4 && made.iter().all(|m| !m.was_read()), "pictures go from the network to the screen");
    desk.gpu.check().unwrap();
}

#[test]
fn on_a_software_adapter_frames_play_plain_and_are_refined_at_rest() {
    let desk = desk(false, None);
    desk.play();
    let shown = desk.played(|shown| shown.len() >= 4);
    assert!(shown.iter().all(|s| !s.enlarged && s.image.size() == (48, 32)));
    assert_none_is_missing(&shown);
    assert_eq!(desk.seen.pictures.load(Ordering::SeqCst), 0, "the network has nothing to do while it plays");
    desk.preview.send(PreviewCommand::Pause { monitor: Monitor::Program, request: 1 });
    assert_eq!(desk.at_rest(1).1.size(), (96, 64));
}

#[test]
fn a_network_that_answers_too_late_holds_no_frame_up_and_is_given_up() {
    let (open, gate): (Sender<()>, _) = unbounded();
    let desk = desk(true, Some(gate));
    desk.play();
    let asked = || desk.seen.pictures.load(Ordering::SeqCst);
    for n in 1..=2 {
        let mut shown = desk.played(|_| asked() == n);
        // nothing comes for as long as the test likes, and its frame is on the screen and gone
        shown.extend(desk.played(|shown| shown.len() >= 3));
        assert!(shown.iter().all(|s| !s.enlarged));
        assert_none_is_missing(&shown);
        assert_eq!(asked(), n, "one frame is computed at a time");
        open.send(()).unwrap();
    }
    let after = desk.played(|shown| shown.len() >= 3);
    assert!(after.iter().all(|s| !s.enlarged));
    assert_eq!(asked(), 2, "the second was measured, and would take as long again");
    drop(open);
    desk.preview.send(PreviewCommand::Pause { monitor: Monitor::Program, request: 7 });
    assert_eq!(desk.at_rest(7).1.size(), (96, 64), "and at rest it is shown");
}
