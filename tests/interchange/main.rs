//! Interchange as other programs see it: their readers on our files, our readers on theirs.

mod captions;
mod film;
mod oracles;
mod retimes;
mod samples;
