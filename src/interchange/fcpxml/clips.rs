//! Files of an FCPXML, and the clips that show them.

use super::{
    parts::nudge,
    read::{Asset, At, Placed, Reader, Story},
    times::Map,
};
use crate::{
    base::{FrameRate, Rounding, Time, format_timecode},
    interchange::{
        InterchangeError,
        build::{Claim, place},
        cicp, is_still_name,
        pieces::{media_rate, media_start_time},
        rate::on_grid,
        xml::{child, children},
    },
    model::{ClipContent, Speed, TrackKind},
};
use roxmltree::Node;

impl<'d> Reader<'_, 'd> {
    pub(super) fn asset(&mut self, id: &str) -> Result<Option<Asset>, InterchangeError> {
        if let Some(a) = self.assets.get(id) {
            return Ok(Some(*a));
        }
        let Some((key, n)) = self.by_id.get_key_value(id).map(|(k, n)| (*k, *n)).filter(|(_, n)| n.has_tag_name("asset")) else {
            return Ok(None);
        };
        let f = self.format(n);
        let yes = |key: &str| n.attribute(key) == Some("1");
        let url = children(n, "media-rep").find(|m| m.attribute("kind") != Some("proxy-media")).or_else(|| child(n, "media-rep"));
        let url = url.and_then(|m| m.attribute("src")).or(n.attribute("src"));
        let start = self.time(n, "start")?.unwrap_or(Time::ZERO);
        let duration = self.time(n, "duration")?.unwrap_or(Time::ZERO);
        let undefined =
            n.attribute("format").and_then(|id| self.by_id.get(id)).and_then(|f| f.attribute("name")) == Some("FFVideoFormatRateUndefined");
        let still = yes("hasVideo") && (undefined || duration == Time::ZERO || url.is_some_and(is_still_name));
        let number = |key: &str| n.attribute(key).and_then(|v| v.parse::<u32>().ok());
        let rate = f.rate.unwrap_or(FrameRate::FPS_25);
        let first = start.to_frames(rate, Rounding::Nearest);
        let claim = Claim {
            url: url.map(str::to_owned),
            name: n.attribute("name").unwrap_or_default().to_owned(),
            rate: f.rate,
            duration,
            size: f.size,
            still,
            video: yes("hasVideo"),
            audio: yes("hasAudio").then(|| (number("audioRate").unwrap_or(48_000), number("audioChannels").unwrap_or(2))),
            start_timecode: (first > 0).then(|| format_timecode(first, rate, false)),
            color: n.attribute("colorSpaceOverride").and_then(cicp::from_fcpxml).or(f.color),
            info: None,
            color_override: None,
        };
        let name = claim.name.clone();
        let media = self.b.media(claim);
        if let Some(proxy) = children(n, "media-rep").find(|m| m.attribute("kind") == Some("proxy-media")) {
            let path = proxy.attribute("src").unwrap_or_default();
            self.b.warn(crate::interchange::losses::Place::Media(name), "interchange-import-proxy", path);
        }
        let asset = Asset { media, start, has: (yes("hasVideo"), yes("hasAudio")), rate, still };
        self.assets.insert(key, asset);
        Ok(Some(asset))
    }

    /// Speed, and the source's time at the clip's own time `local`.
    pub(super) fn retimed(&mut self, n: Node<'_, '_>, local: Time, at: (&str, i64, FrameRate)) -> Result<(Speed, Time), InterchangeError> {
        let Some(map) = child(n, "timeMap") else { return Ok((Speed::NORMAL, local)) };
        let mut points = Vec::new();
        for p in children(map, "timept") {
            if let (Some(time), Some(value)) = (self.time(p, "time")?, self.time(p, "value")?) {
                points.push((time, value));
            }
        }
        if points.len() < 2 {
            return Ok((Speed::NORMAL, local));
        }
        // the piece of the map that the clip begins in
        let i = points.windows(2).position(|w| local < w[1].0).unwrap_or(points.len() - 2);
        let piece = Map { from: points[i], to: points[i + 1] };
        let speed = piece.speed().unwrap_or(Speed::NORMAL);
        let ends = Map { from: points[0], to: points[points.len() - 1] };
        if points.len() > 2 && ends.speed() != Some(speed) {
            self.b.warn(place(at.0, at.1, at.2), "interchange-import-ramp", "");
        }
        Ok((speed, piece.at(local)))
    }

    pub(super) fn media(
        &mut self,
        story: &mut Story,
        n: Node<'d, 'd>,
        at: At,
        (start, duration): (i64, i64),
        local: Time,
        asset: Option<Asset>,
    ) -> Result<(), InterchangeError> {
        let name = n.attribute("name").unwrap_or_default();
        let tag = n.tag_name().name();
        let Some(asset) = asset else {
            let what = n.attribute("ref").and_then(|r| self.by_id.get(r)).and_then(|e| e.attribute("name")).unwrap_or(tag);
            self.b.drop(place(name, start, story.rate), "interchange-import-generator", what);
            return Ok(());
        };
        let (speed, point) = self.retimed(n, local, (name, start, story.rate))?;
        self.conform(n, name, start, story.rate);
        let media = self.b.media_by_id(asset.media).cloned();
        let (own, base) = media.as_deref().map_or((asset.rate, asset.start), |m| {
            (media_rate(m, story.rate), if asset.start == Time::ZERO { Time::ZERO } else { media_start_time(m, story.rate) })
        });
        let nudged = self.b.options.nudged && child(n, "timeMap").is_none() && story.rate.den() == 1001;
        let point = if nudged { point - nudge(own) } else { point };
        // beside a frame of the media by what times were rounded to
        let near = Time::from_frames(point.to_frames(own, Rounding::Nearest), own);
        let slack = 4 + 2 * i64::from(speed.0.unsigned_abs()) / i64::from(speed.1.max(1));
        let point = if on_grid(point, own).is_none() && (point - near).0.abs() <= slack { near } else { point };
        let source_in = if point < base { self.before(name, start, story.rate) } else { point - base };
        let (source_in, speed) = if asset.still { (Time::ZERO, Speed::NORMAL) } else { (source_in, speed) };
        let content = ClipContent::Media { media: asset.media, source_in, speed };
        let enable = n.attribute("srcEnable").unwrap_or("all");
        let picture = tag == "video" || (tag != "audio" && enable != "audio" && (asset.has.0 || !asset.has.1));
        let sound = tag == "audio" || (tag != "video" && enable != "video" && (asset.has.1 || enable == "audio"));
        let link = (picture && sound).then(|| {
            self.next_link += 1;
            self.next_link
        });
        let role = n.attribute("audioRole").or(n.attribute("role")).unwrap_or_default();
        for (kind, _) in [(TrackKind::Video, picture), (TrackKind::Audio, sound)].into_iter().filter(|(_, is)| *is) {
            let mut c = self.b.clip(start, duration, content.clone())?;
            let file = media.as_deref().map_or("", |m| m.name.as_str());
            if name != file {
                c.name = name.to_owned();
            }
            c.enabled = n.attribute("enabled") != Some("0");
            c.link = link;
            let size = media.as_deref().and_then(|m| m.info.video.as_ref()).map(|v| v.display_size());
            self.settings(story, n, &mut c, kind, size)?;
            let role = if kind == TrackKind::Audio { role.to_owned() } else { String::new() };
            story.placed.push(Placed { kind, lane: at.lane, role, clip: c });
        }
        Ok(())
    }

    pub(super) fn before(&mut self, name: &str, start: i64, rate: FrameRate) -> Time {
        self.b.warn(place(name, start, rate), "interchange-import-before-media", "");
        Time::ZERO
    }

    pub(super) fn conform(&mut self, n: Node<'_, '_>, name: &str, start: i64, rate: FrameRate) {
        if let Some(c) = child(n, "conform-rate")
            && c.attribute("scaleEnabled") != Some("0")
            && let Some(src) = c.attribute("srcFrameRate").and_then(|r| r.parse::<FrameRate>().ok())
            && src.timecode_base() != rate.timecode_base()
        {
            self.b.warn(place(name, start, rate), "interchange-import-conform", c.attribute("srcFrameRate").unwrap_or_default());
        }
    }
}
