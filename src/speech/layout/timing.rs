//! When captions come and go: with their words, long enough to be read, apart from each other, and on cuts that are near.

use super::{Frames, Laid};

/// Gives captions, in order and with the times of their words, the times at which they show.
pub(super) fn time(list: &mut [Laid], cuts: &[i64], end: Option<i64>, f: &Frames) {
    let said: Vec<(i64, i64)> = list.iter().map(|c| (c.start, c.end)).collect();
    let mut free_from = 0;
    for (i, c) in list.iter_mut().enumerate() {
        c.start = said[i].0.max(free_from);
        let natural = said[i].1.max(c.start + 1);
        let wanted = natural.max(c.start + f.shortest.max(f.reading(c.columns())));
        // what is left before the next one speaks, and a little of its time where that is not enough to read this one
        let next = said.get(i + 1).map(|n| n.0);
        let limit = match next {
            Some(next) if wanted <= next - f.gap => wanted,
            Some(next) => wanted.min(next - f.gap + f.late),
            None => end.map_or(wanted, |end| wanted.min(end.max(natural))),
        };
        c.end = limit.max(c.start + 1);
        free_from = c.end + f.gap;
    }
    for i in 0..list.len() {
        let free_from = i.checked_sub(1).map_or(0, |p| list[p].end + f.gap);
        let free_to = list.get(i + 1).map_or(i64::MAX, |n| n.start - f.gap);
        let c = &mut list[i];
        let enough = |start: i64, end: i64, c: &Laid| end - start >= (c.end - c.start).min(f.shortest.max(f.reading(c.columns())));
        if let Some(cut) = nearest(cuts, c.start).filter(|cut| (cut - c.start).abs() <= f.near_cut)
            && cut >= free_from
            && enough(cut, c.end, c)
        {
            c.start = cut;
        }
        // the last frames of a shot stay without text, as the gap before a caption does
        if let Some(end) = nearest(cuts, c.end).map(|cut| cut - f.gap).filter(|end| (end - c.end).abs() <= f.near_cut)
            && end <= free_to
            && enough(c.start, end, c)
        {
            c.end = end;
        }
    }
    // a short flicker of nothing between two captions is closed, but not across a cut
    for i in 1..list.len() {
        let (end, next) = (list[i - 1].end, list[i].start);
        let across = cuts.partition_point(|cut| *cut < end) != cuts.partition_point(|cut| *cut < next);
        if next - end > f.gap && next - end < f.near_cut && !across && next - f.gap - list[i - 1].start <= f.longest {
            list[i - 1].end = next - f.gap;
        }
    }
}

fn nearest(cuts: &[i64], frame: i64) -> Option<i64> {
    let i = cuts.partition_point(|c| *c < frame);
    let before = i.checked_sub(1).and_then(|i| cuts.get(i));
    before.into_iter().chain(cuts.get(i)).copied().min_by_key(|c| (c - frame).abs())
}
