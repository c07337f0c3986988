//! The door into a pipeline: an `appsrc` that lets the caller wait for room without ever hanging.
//!
//! `appsrc`'s own blocking is not used: it does not wake when the pipeline dies downstream. Instead a bounded channel
//! holds one token for every buffer waiting in the source; a probe on its pad takes one out as a buffer leaves.

use super::EncodeError;
use crossbeam::channel::{SendTimeoutError, Sender, bounded};
use gstreamer::{self as gst, prelude::*};
use gstreamer_app as gst_app;
use std::time::{Duration, Instant};

/// No picture and no sound taken for this long, and no error either: the encoder hangs.
pub(super) const STALL_LIMIT: Duration = Duration::from_secs(120);

/// How often a waiting caller looks whether the pipeline has failed.
pub(super) const LOOK: Duration = Duration::from_millis(50);

pub(super) struct Feed {
    source: gst_app::AppSrc,
    tokens: Sender<()>,
}

impl Feed {
    /// A source of `caps` in which at most `room` buffers wait.
    pub fn new(name: &str, caps: &gst::Caps, room: usize) -> Result<Self, EncodeError> {
        let source = gst_app::AppSrc::builder()
            .name(name)
            .caps(caps)
            .format(gst::Format::Time)
            .block(false)
            .max_bytes(0)
            .max_buffers(0)
            .max_time(gst::ClockTime::ZERO)
            .build();
        let (tokens, leaving) = bounded(room.max(1));
        let pad = source.static_pad("src").ok_or_else(|| EncodeError::Failed("the pipeline's source has no output".into()))?;
        pad.add_probe(gst::PadProbeType::BUFFER, move |_, _| {
            let _ = leaving.try_recv();
            gst::PadProbeReturn::Ok
        });
        Ok(Self { source, tokens })
    }

    pub fn element(&self) -> &gst::Element {
        self.source.upcast_ref()
    }

    /// Hands a buffer in. With `wait`, not before there is room; `failed` is asked now and then while waiting.
    pub fn push(&self, buffer: gst::Buffer, wait: bool, failed: &dyn Fn() -> Option<EncodeError>) -> Result<(), EncodeError> {
        if wait {
            let since = Instant::now();
            while let Err(SendTimeoutError::Timeout(())) = self.tokens.send_timeout((), LOOK) {
                if let Some(e) = failed() {
                    return Err(e);
                }
                if since.elapsed() > STALL_LIMIT {
                    return Err(EncodeError::Stalled(STALL_LIMIT.as_secs()));
                }
            }
        }
        self.source.push_buffer(buffer).map(|_| ()).map_err(|flow| EncodeError::Failed(format!("the pipeline takes no more data ({flow})")))
    }

    pub fn end(&self) {
        // an error shows on the bus
        let _ = self.source.end_of_stream();
    }
}
