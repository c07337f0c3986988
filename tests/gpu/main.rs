//! Pictures from plans, on the processor and on the graphics device. No adapter is a failure here, not a skip.

mod captions;
mod effects;
mod exact;
mod motion;
mod nests;
mod placement;
mod scopes;
mod support;
mod tensors;
mod titles;
mod twins;
mod warps;
