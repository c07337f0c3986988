//! Footage for benchmarks: made once by ffmpeg from fixed seeds, kept in the cache folder.

use super::process;
use crate::{base::Trouble, store::Dirs};
use std::path::{Path, PathBuf};

/// Seconds of the long clips.
pub(super) const SECS: u32 = 20;
/// Their rate.
pub(super) const FPS: u32 = 30;

/// Where the footage lies.
pub(crate) struct Footage {
    dir: PathBuf,
}

/// A moving test picture with gradients and light grain: neither trivial nor noise.
const PICTURE: &str = "gradients=s=1920x1080:r=30:d=20:speed=0.01:n=6:seed=7,format=yuv420p[g];testsrc2=s=1920x1080:r=30:d=20,format=yuv420p[t];[g][t]blend=all_mode=average,noise=alls=6:allf=t+u:all_seed=3[v];sine=f=440:b=4:r=48000:d=20,aformat=channel_layouts=stereo[a]";
/// Seconds of the shaky clip.
pub(super) const SHAKY_SECS: u32 = 8;
/// One picture full of detail, seen by a camera that pans to and fro and trembles by some pixels, with light grain.
const SHAKY: &str = "mandelbrot=s=2304x1296:start_scale=0.012:end_scale=0.012:start_x=-0.7436:start_y=0.1319:maxiter=400:inner=mincol,trim=end_frame=1,loop=loop=-1:size=1,setpts=N/(30*TB),fps=30,trim=end_frame=240,format=yuv420p,rotate=a='0.008*sin(7.1*t)+0.005*sin(13.7*t+1)',crop=1920:1080:x='192+60*sin(0.9*t)+9*sin(11*t)+5*sin(23*t+2)':y='108+7*sin(13*t)+4*sin(29*t+1)',noise=alls=6:allf=t+u:all_seed=3[v]";
const TAGS: [&str; 8] = ["-color_primaries", "bt709", "-color_trc", "bt709", "-colorspace", "bt709", "-color_range", "tv"];

impl Footage {
    /// The folder, made where it is not there.
    ///
    /// # Errors
    /// The cache folder cannot be written.
    pub fn find() -> Result<Self, Trouble> {
        let dirs = Dirs::find();
        let dir = dirs.cache.join("bench");
        std::fs::create_dir_all(&dir)
            .map_err(|e| Trouble::new(format!("{e}: {}", dir.display()), "set MONTAGE_AI_HOME to a folder that can be written"))?;
        Ok(Self { dir })
    }

    pub fn dir(&self) -> &Path {
        &self.dir
    }

    fn made(&self, name: &str, args: &[&str]) -> Result<PathBuf, Trouble> {
        let path = self.dir.join(name);
        if !path.exists() {
            let part = self.dir.join(format!("part-{name}"));
            let part_text = part.to_string_lossy().into_owned();
            let mut all = vec!["-v", "error", "-nostdin", "-y"];
            all.extend_from_slice(args);
            all.push(&part_text);
            process::run("ffmpeg", &all)?;
            std::fs::rename(&part, &path).map_err(|e| Trouble::new(format!("{e}: {}", path.display()), "free some disk space"))?;
        }
        Ok(path)
    }

    /// 1080p H.264, key frames 250 apart, three B-frames, with AAC.
    pub fn long_gop(&self) -> Result<PathBuf, Trouble> {
        let mut args =
            vec!["-filter_complex", PICTURE, "-map", "[v]", "-map", "[a]", "-c:v", "libx264", "-preset", "veryfast", "-crf", "23"];
        args.extend(["-g", "250", "-keyint_min", "250", "-sc_threshold", "0", "-bf", "3", "-pix_fmt", "yuv420p"]);
        args.extend(TAGS);
        args.extend(["-c:a", "aac", "-b:a", "192k", "-movflags", "+faststart"]);
        self.made("h264-1080p-gop250.mp4", &args)
    }

    /// The same, every frame a key frame.
    pub fn intra(&self) -> Result<PathBuf, Trouble> {
        let source = self.long_gop()?;
        let source = source.to_string_lossy();
        let mut args = vec!["-i", &source, "-c:v", "libx264", "-preset", "veryfast", "-crf", "20", "-g", "1"];
        args.extend(TAGS);
        args.extend(["-c:a", "copy"]);
        self.made("h264-1080p-intra.mp4", &args)
    }

    /// The same as a 720p MJPEG proxy.
    pub fn proxy(&self) -> Result<PathBuf, Trouble> {
        let source = self.long_gop()?;
        let source = source.to_string_lossy();
        self.made("mjpeg-720p.mov", &["-i", &source, "-vf", "scale=1280:720", "-c:v", "mjpeg", "-q:v", "4", "-c:a", "pcm_s16le"])
    }

    /// 720p H.264 with key frames 250 apart.
    pub fn hd(&self) -> Result<PathBuf, Trouble> {
        let source = self.long_gop()?;
        let source = source.to_string_lossy();
        let mut args = vec!["-i", &source, "-vf", "scale=1280:720", "-c:v", "libx264", "-preset", "veryfast", "-crf", "20", "-g", "250"];
        args.extend(TAGS);
        args.extend(["-c:a", "copy", "-movflags", "+faststart"]);
        self.made("h264-720p-gop250.mp4", &args)
    }

    /// 1080p H.264 of a camera that trembles, without sound.
    pub fn shaky(&self) -> Result<PathBuf, Trouble> {
        let mut args = vec!["-filter_complex", SHAKY, "-map", "[v]", "-c:v", "libx264", "-preset", "veryfast", "-crf", "20"];
        args.extend(["-g", "60", "-pix_fmt", "yuv420p"]);
        args.extend(TAGS);
        self.made("h264-1080p-shaky.mp4", &args)
    }
}
