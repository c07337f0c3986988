//! Files as they are written: counted, timed and heard again by ffprobe and ffmpeg, which know nothing of us.

mod captions;
mod encoder;
mod film;
mod full;
mod graded;
mod steady;
mod tools;
