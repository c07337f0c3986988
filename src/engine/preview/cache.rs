//! Finished viewer pictures, so that stepping back and forth draws nothing twice. Owned by the render thread.

use crate::gpu::Rendered;
use std::collections::{HashMap, VecDeque};

/// Finished pictures of both viewers by plan hash, oldest out first, bounded by bytes.
pub(super) struct RenderCache {
    limit: usize,
    images: HashMap<u64, Rendered>,
    order: VecDeque<(u64, usize)>,
    bytes: usize,
}

impl RenderCache {
    /// Empty, for at most `limit` bytes.
    pub fn new(limit: usize) -> Self {
        Self { limit, images: HashMap::new(), order: VecDeque::new(), bytes: 0 }
    }
    /// Keep at most `limit` bytes from now on.
    pub fn set_limit(&mut self, limit: usize) {
        self.limit = limit;
        self.shrink();
    }
    pub fn clear(&mut self) {
        *self = Self::new(self.limit);
    }
    pub fn get(&self, hash: u64) -> Option<Rendered> {
        self.images.get(&hash).cloned()
    }
    pub fn put(&mut self, hash: u64, image: &Rendered, bytes: usize) {
        if self.images.insert(hash, image.clone()).is_none() {
            self.order.push_back((hash, bytes));
            self.bytes += bytes;
        }
        self.shrink();
    }

    fn shrink(&mut self) {
        while self.bytes > self.limit
            && let Some((old, size)) = self.order.pop_front()
        {
            self.images.remove(&old);
            self.bytes -= size;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::{ColorTags, Picture, PixelFormat};

    #[test]
    fn the_oldest_pictures_go_first_when_the_room_shrinks() {
        let mut cache = RenderCache::new(100);
        let picture = Picture::from_packed(PixelFormat::Rgba8, 1, 1, vec![0; 4], ColorTags::default()).unwrap();
        let image = Rendered::Picture(picture);
        for hash in 0..4 {
            cache.put(hash, &image, 30);
        }
        let kept = |c: &RenderCache| (0..4).filter(|h| c.get(*h).is_some()).collect::<Vec<_>>();
        assert_eq!(kept(&cache), [1, 2, 3]);
        cache.set_limit(40);
        assert_eq!(kept(&cache), [3]);
        cache.clear();
        assert_eq!(kept(&cache), Vec::<u64>::new());
    }
}
