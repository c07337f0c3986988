//! What whisper.cpp says about itself goes where the program's own log goes, and never to standard error.

use std::{
    ffi::{CStr, c_char, c_uint, c_void},
    sync::Once,
};
use whisper_rs::GGMLLogLevel;

static ROUTED: Once = Once::new();

/// From now on. Cheap when it was done before.
pub(super) fn route() {
    ROUTED.call_once(|| {
        // ggml's own lines (which buffers it takes) go nowhere: the crate has no other way to hold them
        whisper_rs::install_logging_hooks();
        // SAFETY: the callback takes what whisper.cpp gives (a level, a text that ends with zero, the pointer below), keeps nothing of
        // it, and does not unwind.
        unsafe { whisper_rs::set_log_callback(Some(line), std::ptr::null_mut()) };
    });
}

unsafe extern "C" fn line(level: c_uint, text: *const c_char, _: *mut c_void) {
    if text.is_null() {
        return;
    }
    // SAFETY: whisper.cpp hands over a text that ends with zero and lives for this call.
    let text = unsafe { CStr::from_ptr(text) }.to_string_lossy();
    let text = text.trim();
    // a subscriber that panics must not unwind into C
    let _ = std::panic::catch_unwind(|| match GGMLLogLevel::from(level) {
        GGMLLogLevel::Error => tracing::warn!(target: "whisper", "{text}"),
        GGMLLogLevel::Warn => tracing::debug!(target: "whisper", "{text}"),
        _ => tracing::trace!(target: "whisper", "{text}"),
    });
}
