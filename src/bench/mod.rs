//! Figures for `montage-ai bench`: each function measures one part of the program and returns named numbers. Prints nothing.

mod composite;

pub use composite::composite;

/// A measured number.
#[derive(Clone, Debug, PartialEq)]
pub struct Figure {
    pub name: String,
    pub value: f64,
    pub unit: &'static str,
}

/// Processor seconds, user and system, that this process has spent so far on all threads.
pub fn cpu_secs() -> f64 {
    // SAFETY: all-zero bytes are a valid `rusage`, and getrusage only writes to it.
    let usage = unsafe {
        let mut usage: libc::rusage = std::mem::zeroed();
        libc::getrusage(libc::RUSAGE_SELF, &mut usage);
        usage
    };
    let secs = |t: libc::timeval| t.tv_sec as f64 + t.tv_usec as f64 * 1e-6;
    secs(usage.ru_utime) + secs(usage.ru_stime)
}
