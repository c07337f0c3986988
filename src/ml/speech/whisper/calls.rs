//! What whisper.cpp asks and tells while it works. Its callbacks come on the thread that called it.

use super::super::Waiting;
use std::{
    cell::{Cell, RefCell},
    ffi::{c_int, c_void},
    panic::{AssertUnwindSafe, catch_unwind},
};
use whisper_rs::{FullParams, WhisperSysContext, WhisperSysState};

/// Lives for as long as a call.
pub(super) struct Calls<'a, 'b> {
    waiting: RefCell<&'a mut Waiting<'b>>,
    /// Share of the work that was done before, and that this call is.
    before: f32,
    share: f32,
    stopped: Cell<bool>,
}

impl<'a, 'b> Calls<'a, 'b> {
    pub fn new(waiting: &'a mut Waiting<'b>, before: f32, share: f32) -> Self {
        Self { waiting: RefCell::new(waiting), before, share, stopped: Cell::new(false) }
    }

    /// Whether it was told to stop.
    pub fn is_stopped(&self) -> bool {
        self.stopped.get()
    }

    fn ask(&self) -> bool {
        let stop = self.waiting.try_borrow().is_ok_and(|w| (w.stop)());
        self.stopped.set(self.stopped.get() || stop);
        self.stopped.get()
    }

    fn tell(&self, percent: c_int) {
        if let Ok(mut waiting) = self.waiting.try_borrow_mut() {
            (waiting.progress)(self.before + self.share * (percent.clamp(0, 100) as f32 / 100.0));
        }
    }

    /// Have these parameters call here.
    ///
    /// # Safety
    /// `self` lives, unmoved, until the call with the parameters is over, and that call is made on this thread.
    pub unsafe fn enter(&self, params: &mut FullParams<'_, '_>) {
        let this = std::ptr::from_ref(self).cast_mut().cast::<c_void>();
        // SAFETY: both callbacks read `this` as what it is, on the thread of the call (ggml asks on the first of its threads, which is
        // the caller's), while it lives.
        // The crate's own safe setter of the abort callback is not used: it reads its closure as another type.
        unsafe {
            params.set_abort_callback(Some(stop));
            params.set_abort_callback_user_data(this);
            params.set_progress_callback(Some(progress));
            params.set_progress_callback_user_data(this);
        }
    }
}

unsafe extern "C" fn stop(this: *mut c_void) -> bool {
    // SAFETY: see [`Calls::enter`].
    let calls = unsafe { &*this.cast_const().cast::<Calls<'_, '_>>() };
    // nothing may unwind into C; whoever panics wants no more
    catch_unwind(AssertUnwindSafe(|| calls.ask())).unwrap_or(true)
}

unsafe extern "C" fn progress(_: *mut WhisperSysContext, _: *mut WhisperSysState, percent: c_int, this: *mut c_void) {
    // SAFETY: see [`Calls::enter`].
    let calls = unsafe { &*this.cast_const().cast::<Calls<'_, '_>>() };
    let _ = catch_unwind(AssertUnwindSafe(|| calls.tell(percent)));
}
