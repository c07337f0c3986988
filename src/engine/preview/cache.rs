//! Finished viewer pictures, so that stepping back and forth draws nothing twice. Owned by the render thread.

use crate::gpu::Rendered;
use std::collections::{HashMap, VecDeque};

/// Finished pictures of both viewers kept together.
const RENDERED_CACHE_BYTES: usize = 256 << 20;

/// Finished pictures by plan hash, oldest out first, bounded by bytes.
#[derive(Default)]
pub(super) struct RenderCache {
    images: HashMap<u64, Rendered>,
    order: VecDeque<(u64, usize)>,
    bytes: usize,
}

impl RenderCache {
    pub fn get(&self, hash: u64) -> Option<Rendered> {
        self.images.get(&hash).cloned()
    }
    pub fn put(&mut self, hash: u64, image: &Rendered, bytes: usize) {
        if self.images.insert(hash, image.clone()).is_none() {
            self.order.push_back((hash, bytes));
            self.bytes += bytes;
        }
        while self.bytes > RENDERED_CACHE_BYTES
            && let Some((old, size)) = self.order.pop_front()
        {
            self.images.remove(&old);
            self.bytes -= size;
        }
    }
}
