//! Which adapter draws: a hardware one where there is one, else the processor, which is faster than a software device.

use crate::{
    base::Trouble,
    gpu::{AdapterPick, CpuRenderer, GpuContext, GpuRenderer, RenderError, Renderer},
};

/// `--cpu` and `--gpu NAME`.
#[derive(Clone, Debug, Default)]
pub struct AdapterChoice {
    pub cpu: bool,
    pub name: Option<String>,
}

impl AdapterChoice {
    /// The adapter asked for, else a hardware one, else the software one.
    ///
    /// # Errors
    /// No such adapter.
    pub fn context(&self) -> Result<GpuContext, Trouble> {
        let pick = match &self.name {
            Some(name) => AdapterPick::Named(name.clone()),
            None if self.cpu => AdapterPick::Software,
            None => AdapterPick::Best,
        };
        GpuContext::headless(&pick).map_err(|e| match &self.name {
            Some(name) => Trouble::new(format!("no graphics adapter is called {name:?}"), "see `montage-ai doctor` for the names"),
            None => Trouble::new(e.to_string(), "install a Vulkan driver (Debian: mesa-vulkan-drivers)"),
        })
    }

    /// The renderer for batch work: on the device asked for by name, on a hardware one, else on the processor.
    ///
    /// # Errors
    /// The device asked for by name is not there or refused the passes.
    pub fn renderer(&self) -> Result<Box<dyn Renderer>, Trouble> {
        let wrong = |e: RenderError| Trouble::new(e.to_string(), "try --cpu");
        if self.cpu {
            return Ok(Box::new(CpuRenderer::new()));
        }
        if self.name.is_some() {
            return Ok(Box::new(GpuRenderer::new(&self.context()?).map_err(wrong)?));
        }
        // no adapter at all is no trouble: the processor draws
        renderer_for(self.context().ok().as_ref(), false).map_err(wrong)
    }
}

/// The renderer for a machine with this device.
///
/// # Errors
/// The device refused the passes.
pub fn renderer_for(gpu: Option<&GpuContext>, force_cpu: bool) -> Result<Box<dyn Renderer>, RenderError> {
    match gpu {
        Some(ctx) if !force_cpu && !ctx.is_software() => Ok(Box::new(GpuRenderer::new(ctx)?)),
        _ => Ok(Box::new(CpuRenderer::new())),
    }
}
