//! Writing media files. See `Encoder`.

mod error;
pub use error::EncodeError;
