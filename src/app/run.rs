//! Opens the window: eframe with a device that has all that our passes need, a session on the same device, the shell.

use super::{
    Shell, dialogs,
    incoming::Incoming,
    theme::{Theme, ThemeChoice},
    words::{self, Language},
};
use crate::{
    base::UserError,
    gpu::{self, GpuContext},
    session::{Command, Dirs, Session, SessionError, SessionOptions, UpscaleWish},
};
use eframe::{
    egui::{self, ViewportBuilder},
    egui_wgpu::{WgpuConfiguration, WgpuSetup, WgpuSetupCreateNew},
};
use std::{path::PathBuf, sync::Arc};

/// What the window starts with.
#[derive(Clone, Debug, Default)]
pub struct AppOptions {
    /// A project file to open, media to import, another program's timeline to read, captions.
    pub files: Vec<PathBuf>,
    /// Leave what a crash has left where it is.
    pub no_recovery: bool,
    /// Name of the adapter to draw with, or a part of it; else one that suits the window.
    pub gpu: Option<String>,
    /// Draw pictures on the processor even where there is a device.
    pub force_cpu: bool,
    /// Leave the machine's sound output alone.
    pub silent: bool,
}

/// Why the window could not be opened.
#[derive(Debug, thiserror::Error)]
pub enum AppError {
    #[error("the window could not be opened: {0}")]
    Window(String),
    #[error(transparent)]
    Session(#[from] SessionError),
}

impl UserError for AppError {
    fn hint(&self) -> Option<String> {
        match self {
            Self::Window(_) => Some("on a machine without a display use the commands `export`, `frame` and `probe`".into()),
            Self::Session(_) => Some("see `montage-ai doctor` for what is missing".into()),
        }
    }
}

struct App {
    session: Session,
    shell: Shell,
    /// Title the window has now.
    title: String,
}

impl eframe::App for App {
    fn logic(&mut self, _ctx: &egui::Context, _frame: &mut eframe::Frame) {
        // whatever arrived is drawn by the pass that follows; nothing else wakes the window
        self.session.poll();
    }

    fn ui(&mut self, ui: &mut egui::Ui, _frame: &mut eframe::Frame) {
        self.shell.ui(ui, &mut self.session);
        let title = window_title(&self.session);
        if title != self.title {
            ui.ctx().send_viewport_cmd(egui::ViewportCommand::Title(title.clone()));
            self.title = title;
        }
    }

    fn clear_color(&self, _visuals: &egui::Visuals) -> [f32; 4] {
        self.shell.background().to_normalized_gamma_f32()
    }
}

fn window_title(session: &Session) -> String {
    let name = &session.project().name;
    let name = if name.is_empty() { words::tr("shell-untitled") } else { name.clone() };
    let name = if session.is_read_only() { words::tr_args("shell-project-read-only", &[("name", name.into())]) } else { name };
    let mark = if session.is_dirty() { "• " } else { "" };
    format!("{mark}{name} — Montage AI")
}

/// Open the window and stay until it is closed.
///
/// # Errors
/// There is no display, no adapter that can draw to it, or the session could not start.
pub fn run(options: AppOptions) -> Result<(), AppError> {
    // eframe picks an adapter that can present to the window; it gets every feature and limit, because our passes (and
    // later inference) run on the same device
    let mut setup = WgpuSetupCreateNew::without_display_handle();
    setup.instance_descriptor.backends = wgpu::Backends::VULKAN;
    setup.device_descriptor = Arc::new(gpu::device_descriptor);
    if let Some(wanted) = options.gpu.clone() {
        setup.native_adapter_selector = Some(Arc::new(move |adapters, surface| named_adapter(&wanted, adapters, surface)));
    }
    let native = eframe::NativeOptions {
        viewport: ViewportBuilder::default()
            .with_title("Montage AI")
            .with_app_id("montage-ai")
            .with_inner_size([1440.0, 900.0])
            .with_min_inner_size([640.0, 420.0])
            .with_icon(icon(&Theme::load(ThemeChoice::Dark))),
        wgpu_options: WgpuConfiguration { wgpu_setup: WgpuSetup::CreateNew(setup), ..Default::default() },
        ..Default::default()
    };
    // eframe boxes what goes wrong in the creator; ours comes back through this
    let failed = Arc::new(std::sync::OnceLock::new());
    let tell = failed.clone();
    let opened = eframe::run_native(
        "montage-ai",
        native,
        Box::new(move |cc| match start(cc, options) {
            Ok(app) => Ok(Box::new(app) as Box<dyn eframe::App>),
            Err(e) => {
                let text = e.to_string();
                let _ = tell.set(e);
                Err(text.into())
            }
        }),
    );
    match opened {
        Ok(()) => Ok(()),
        Err(e) => Err(Arc::into_inner(failed).and_then(std::sync::OnceLock::into_inner).unwrap_or_else(|| AppError::Window(e.to_string()))),
    }
}

/// The adapter whose name holds `wanted`, if it can draw to the window.
fn named_adapter(wanted: &str, adapters: &[wgpu::Adapter], surface: Option<&wgpu::Surface<'_>>) -> Result<wgpu::Adapter, String> {
    let named = |a: &&wgpu::Adapter| a.get_info().name.to_lowercase().contains(&wanted.to_lowercase());
    let fits = |a: &&wgpu::Adapter| surface.is_none_or(|s| a.is_surface_supported(s));
    let found = adapters.iter().filter(named).find(fits);
    found.cloned().ok_or_else(|| format!("no graphics adapter called {wanted:?} can draw to this window"))
}

fn start(cc: &eframe::CreationContext<'_>, options: AppOptions) -> Result<App, AppError> {
    let gpu = cc.wgpu_render_state.as_ref().map(|rs| {
        let (adapter, device, queue) = (rs.adapter.clone(), rs.device.clone(), rs.queue.clone());
        GpuContext::from_parts(rs.instance.clone(), adapter, device, queue)
    });
    let ctx = cc.egui_ctx.clone();
    let wake: Arc<dyn Fn() + Send + Sync> = Arc::new(move || ctx.request_repaint());
    // errors of other threads speak the window's language too
    let speak = |chosen: Option<Language>| words::speak(chosen.unwrap_or_else(Language::of_desktop));
    let mut shell = Shell::new(&cc.egui_ctx, speak, dialogs::desktop(wake.clone()), cc.wgpu_render_state.clone());
    let session_options = SessionOptions { gpu, force_cpu: options.force_cpu, silent: options.silent, dirs: Some(Dirs::find()), wake };
    let mut session = Session::new(session_options)?;
    let Incoming { projects, timelines, captions, models, media } = Incoming::sort(options.files);
    match projects.into_iter().next() {
        Some(path) if options.no_recovery => session.dispatch(Command::Open(path)),
        None if options.no_recovery => {}
        // media are to begin a project of their own
        open => session.dispatch(Command::Start { open, recover: media.is_empty() }),
    }
    if !media.is_empty() {
        session.dispatch(Command::Import(media));
    }
    captions.into_iter().for_each(|path| session.dispatch(Command::ImportCaptions(path)));
    if !models.is_empty() {
        session.dispatch(Command::Upscaling(UpscaleWish::ImportModels(models)));
    }
    if let Some(path) = timelines.into_iter().next() {
        shell.read_timeline(path);
    }
    Ok(App { session, shell, title: String::new() })
}

/// The mark as a window icon: the accent's triangle on the darkest surface.
fn icon(theme: &Theme) -> egui::IconData {
    const SIDE: u32 = 64;
    let (mark, ground) = (theme.accent().to_array(), theme.surface(0).to_array());
    let mut rgba = Vec::with_capacity((SIDE * SIDE * 4) as usize);
    for y in 0..SIDE {
        for x in 0..SIDE {
            let inside = (12..52).contains(&x) && (12..52).contains(&y) && x + y >= 64;
            rgba.extend(if inside { mark } else { ground });
        }
    }
    egui::IconData { rgba, width: SIDE, height: SIDE }
}
