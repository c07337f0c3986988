//! The one graphics device: picks an adapter, makes the device that eframe, our passes and (later) Burn share, and
//! records device errors instead of panicking. Creating it blocks; any thread.

use super::RenderError;
use std::{
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

/// A device that has not answered for so long is taken for hung.
pub(super) const WATCHDOG: Duration = Duration::from_secs(120);

/// Which adapter to use.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum AdapterPick {
    /// A hardware adapter if there is one (discrete before integrated), else a software one.
    #[default]
    Best,
    /// A software adapter (lavapipe).
    Software,
    /// The adapter whose name contains this text, case left aside.
    Named(String),
}

/// Instance, adapter, device and queue; one per process. Cloning shares them.
#[derive(Clone)]
pub struct GpuContext {
    pub instance: wgpu::Instance,
    pub adapter: wgpu::Adapter,
    pub device: wgpu::Device,
    pub queue: wgpu::Queue,
    /// The first error since the last [`GpuContext::check`]. Behind a lock because wgpu reports from whichever thread it is on;
    /// held for the copy of a string.
    fault: Arc<Mutex<Option<String>>>,
    lost: Arc<AtomicBool>,
}

/// What the shared device needs: every feature and limit of the adapter.
///
/// Burn's runtime reads features and limits from the adapter and takes for granted that the device has them, so there is
/// no fixed list. Mappable primary buffers are left out: asking for them makes drivers place all buffers in host memory.
pub fn device_descriptor(adapter: &wgpu::Adapter) -> wgpu::DeviceDescriptor<'static> {
    wgpu::DeviceDescriptor {
        label: Some("montage"),
        required_features: adapter.features().difference(wgpu::Features::MAPPABLE_PRIMARY_BUFFERS),
        required_limits: adapter.limits(),
        memory_hints: wgpu::MemoryHints::MemoryUsage,
        trace: wgpu::Trace::Off,
        // SAFETY: our own shaders use no experimental feature; Burn's kernels are the only user and are validated upstream.
        experimental_features: unsafe { wgpu::ExperimentalFeatures::enabled() },
    }
}

impl GpuContext {
    /// A device without a window.
    ///
    /// # Errors
    /// No adapter fits the pick, or the driver refuses the device.
    pub fn headless(pick: &AdapterPick) -> Result<Self, RenderError> {
        let _span = tracing::info_span!("graphics device").entered();
        // Only what we draw with: the OpenGL back end would load EGL, which complains on stderr where there is no display.
        let backends = wgpu::Backends::PRIMARY;
        let instance = wgpu::Instance::new(wgpu::InstanceDescriptor { backends, ..wgpu::InstanceDescriptor::new_without_display_handle() });
        let mut adapters = block_on(instance.enumerate_adapters(backends));
        adapters.retain(is_usable);
        adapters.sort_by_key(|a| rank(a.get_info().device_type));
        let adapter = match pick {
            AdapterPick::Best => adapters.into_iter().next().ok_or(RenderError::NoAdapter)?,
            AdapterPick::Software => {
                adapters.into_iter().find(|a| a.get_info().device_type == wgpu::DeviceType::Cpu).ok_or(RenderError::NoAdapter)?
            }
            AdapterPick::Named(name) => {
                let wanted = name.to_lowercase();
                let found = adapters.into_iter().find(|a| a.get_info().name.to_lowercase().contains(&wanted));
                found.ok_or_else(|| RenderError::NoSuchAdapter(name.clone()))?
            }
        };
        let (device, queue) =
            block_on(adapter.request_device(&device_descriptor(&adapter))).map_err(|e| RenderError::Device(e.to_string()))?;
        Ok(Self::from_parts(instance, adapter, device, queue))
    }

    /// Takes over a device made elsewhere with [`device_descriptor`] (eframe makes it against its surface) and installs our
    /// error handler.
    pub fn from_parts(instance: wgpu::Instance, adapter: wgpu::Adapter, device: wgpu::Device, queue: wgpu::Queue) -> Self {
        let (fault, lost) = (Arc::new(Mutex::new(None)), Arc::new(AtomicBool::new(false)));
        let made = Self { instance, adapter, device, queue, fault, lost };
        made.listen();
        made
    }

    /// Installs our error handler (again, after another library has put its own on the device).
    pub fn listen(&self) {
        let record = {
            let fault = Arc::clone(&self.fault);
            move |e: wgpu::Error| {
                let message = e.to_string();
                tracing::error!(%message, "graphics device");
                fault.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(message);
            }
        };
        self.device.on_uncaptured_error(Arc::new(record));
        let flag = Arc::clone(&self.lost);
        self.device.set_device_lost_callback(move |reason, message| {
            tracing::error!(?reason, message, "the graphics device was lost");
            flag.store(true, Ordering::Relaxed);
        });
    }

    /// Whether both are one device. wgpu's own comparison takes the first devices of two instances for the same.
    pub fn is_same(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.lost, &other.lost)
    }

    /// Whether the device is gone for good: only another one helps.
    pub fn is_lost(&self) -> bool {
        // the news comes with a poll
        let _ = self.device.poll(wgpu::PollType::Poll);
        self.lost.load(Ordering::Relaxed)
    }

    /// Until the device has done this, or all; and what it has to say. Blocks.
    ///
    /// # Errors
    /// It failed, was lost or does not answer.
    pub fn wait(&self, submission_index: Option<wgpu::SubmissionIndex>) -> Result<(), RenderError> {
        let wait = wgpu::PollType::Wait { submission_index, timeout: Some(WATCHDOG) };
        self.device.poll(wait).map_err(|e| RenderError::Device(format!("the graphics device does not answer: {e}")))?;
        self.check()
    }

    /// Takes what went wrong since the last call.
    ///
    /// # Errors
    /// The device was lost, or it reported an error that no call returned.
    pub fn check(&self) -> Result<(), RenderError> {
        if self.is_lost() {
            return Err(RenderError::DeviceLost);
        }
        match self.fault.lock().unwrap_or_else(PoisonError::into_inner).take() {
            Some(message) => Err(RenderError::Device(message)),
            None => Ok(()),
        }
    }

    /// Whether the adapter runs on the processor: the CPU renderer is quicker then.
    pub fn is_software(&self) -> bool {
        self.adapter.get_info().device_type == wgpu::DeviceType::Cpu
    }

    pub fn name(&self) -> String {
        let info = self.adapter.get_info();
        format!("{} ({})", info.name, info.backend)
    }
}

/// What our passes cannot do without.
fn is_usable(a: &wgpu::Adapter) -> bool {
    a.get_downlevel_capabilities().flags.contains(wgpu::DownlevelFlags::COMPUTE_SHADERS)
}

fn rank(t: wgpu::DeviceType) -> u8 {
    match t {
        wgpu::DeviceType::DiscreteGpu => 0,
        wgpu::DeviceType::IntegratedGpu => 1,
        wgpu::DeviceType::VirtualGpu => 2,
        wgpu::DeviceType::Other => 3,
        wgpu::DeviceType::Cpu => 4,
    }
}

/// wgpu's native futures are ready or need a poll or two: no executor is called for.
pub(crate) fn block_on<F: Future>(future: F) -> F::Output {
    let mut future = std::pin::pin!(future);
    let waker = std::task::Waker::noop();
    let mut cx = std::task::Context::from_waker(waker);
    loop {
        match future.as_mut().poll(&mut cx) {
            std::task::Poll::Ready(v) => return v,
            std::task::Poll::Pending => std::thread::yield_now(),
        }
    }
}
