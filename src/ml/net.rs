//! The two networks of Real-ESRGAN as data: which convolutions there are, found from the names and shapes of the weights.
//!
//! Names and layouts are those of xinntao/Real-ESRGAN and XPixelGroup/BasicSR (SRVGGNetCompact, RRDBNet).

use super::{
    Fault,
    weights::{Array, Weights},
};

/// A 3×3 convolution with padding 1: weights as out × in × 3 × 3.
#[derive(Clone, Debug, PartialEq)]
pub struct Conv {
    pub inputs: usize,
    pub outputs: usize,
    pub weights: Vec<f32>,
    pub biases: Vec<f32>,
}

/// Convolutions in a row at the size of the input, each but the last followed by PReLU; then pixels are shuffled to the output's size
/// and the input, enlarged by repeating pixels, is added.
#[derive(Clone, Debug, PartialEq)]
pub struct Compact {
    pub scale: usize,
    pub convs: Vec<Conv>,
    /// Of each convolution but the last, by channel.
    pub slopes: Vec<Vec<f32>>,
}

/// Residual-in-residual dense blocks, then two enlargements by two.
#[derive(Clone, Debug, PartialEq)]
pub struct Residual {
    /// Of the output: 4, or less where pixels of the input are made channels first.
    pub scale: usize,
    /// Side of the squares of pixels that are made channels: 1, 2 or 4.
    pub unshuffle: usize,
    pub features: usize,
    pub growth: usize,
    pub first: Conv,
    /// Three dense blocks of five convolutions each.
    pub blocks: Vec<[[Conv; 5]; 3]>,
    /// `conv_body`, `conv_up1`, `conv_up2`, `conv_hr`, `conv_last`.
    pub tail: [Conv; 5],
}

/// A network that enlarges pictures of three channels.
#[derive(Clone, Debug, PartialEq)]
pub enum Net {
    Compact(Compact),
    Residual(Box<Residual>),
}

const TAIL: [&str; 5] = ["conv_body", "conv_up1", "conv_up2", "conv_hr", "conv_last"];
/// A longer network is none of these.
const MAX_LAYERS: usize = 512;

fn array<'a>(w: &'a Weights, key: &str) -> Result<&'a Array, Fault> {
    w.0.get(key).ok_or_else(|| Fault::Missing(key.to_owned()))
}

fn shaped<'a>(w: &'a Weights, key: &str, wanted: &[usize]) -> Result<&'a Array, Fault> {
    let a = array(w, key)?;
    if a.shape == wanted { Ok(a) } else { Err(Fault::Shape { key: key.to_owned(), found: a.shape.clone(), wanted: wanted.to_vec() }) }
}

fn conv(w: &Weights, name: &str, inputs: usize, outputs: usize) -> Result<Conv, Fault> {
    let weights = shaped(w, &format!("{name}.weight"), &[outputs, inputs, 3, 3])?;
    let biases = shaped(w, &format!("{name}.bias"), &[outputs])?;
    Ok(Conv { inputs, outputs, weights: weights.data.clone(), biases: biases.data.clone() })
}

/// Output channels of a convolution, if it is one.
fn outputs(w: &Weights, name: &str) -> Result<usize, Fault> {
    let key = format!("{name}.weight");
    let a = array(w, &key)?;
    match a.shape[..] {
        [out, _, 3, 3] if out > 0 => Ok(out),
        _ => Err(Fault::Shape { key, found: a.shape.clone(), wanted: vec![64, 64, 3, 3] }),
    }
}

impl Net {
    /// The network that these weights belong to.
    ///
    /// # Errors
    /// They belong to neither, or one is missing or has another shape.
    pub fn of(w: &Weights) -> Result<Self, Fault> {
        if w.0.contains_key("conv_first.weight") {
            Residual::of(w).map(|n| Self::Residual(Box::new(n)))
        } else if w.0.contains_key("body.0.weight") {
            Compact::of(w).map(Self::Compact)
        } else {
            Err(Fault::Unknown(w.0.keys().next().cloned().unwrap_or_default()))
        }
    }

    /// How many times wider and higher the output is.
    pub fn scale(&self) -> usize {
        match self {
            Self::Compact(n) => n.scale,
            Self::Residual(n) => n.scale,
        }
    }

    /// Sides of the input must be multiples of this.
    pub fn multiple(&self) -> usize {
        match self {
            Self::Compact(_) => 1,
            Self::Residual(n) => n.unshuffle,
        }
    }

    /// How many pixels of the input around a tile bear on it: all of them for a compact network, so that tiles make no difference; for a
    /// residual one, whose reach is hundreds of pixels, so many that no seam shows.
    pub fn pad(&self) -> usize {
        match self {
            Self::Compact(n) => n.convs.len(),
            Self::Residual(_) => 24,
        }
    }

    /// `SRVGG 64×16 ×4`, for people who know.
    pub fn describe(&self) -> String {
        match self {
            Self::Compact(n) => format!("SRVGGNetCompact {} × {}, ×{}", n.convs[0].outputs, n.convs.len() - 2, n.scale),
            Self::Residual(n) => format!("RRDBNet {} × {}, ×{}", n.features, n.blocks.len(), n.scale),
        }
    }

    /// Multiplications for each pixel of the input.
    pub fn work(&self) -> u64 {
        let of = |c: &Conv| (c.inputs * c.outputs * 9) as u64;
        match self {
            Self::Compact(n) => n.convs.iter().map(of).sum(),
            Self::Residual(n) => {
                let blocks: u64 = n.blocks.iter().flatten().flatten().map(of).sum();
                let [body, up1, up2, hr, last] = n.tail.each_ref().map(of);
                (of(&n.first) + blocks + body + 4 * up1 + 16 * (up2 + hr + last)) / (n.unshuffle * n.unshuffle) as u64
            }
        }
    }
}

impl Compact {
    fn of(w: &Weights) -> Result<Self, Fault> {
        let index = |key: &String| key.strip_prefix("body.")?.split('.').next()?.parse::<usize>().ok();
        let last = w.0.keys().filter_map(index).max().unwrap_or(0);
        if last < 2 || !last.is_multiple_of(2) || last > 2 * MAX_LAYERS {
            return Err(Fault::Unknown(format!("body.{last}")));
        }
        let features = outputs(w, "body.0")?;
        let last_outputs = outputs(w, &format!("body.{last}"))?;
        let scale = (1..=4).find(|s| 3 * s * s == last_outputs).ok_or_else(|| Fault::Unknown(format!("body.{last}.weight")))?;
        let (mut convs, mut slopes) = (Vec::new(), Vec::new());
        for i in (0..=last).step_by(2) {
            let inputs = if i == 0 { 3 } else { features };
            convs.push(conv(w, &format!("body.{i}"), inputs, if i == last { last_outputs } else { features })?);
            if i < last {
                slopes.push(shaped(w, &format!("body.{}.weight", i + 1), &[features])?.data.clone());
            }
        }
        Ok(Self { scale, convs, slopes })
    }
}

impl Residual {
    fn of(w: &Weights) -> Result<Self, Fault> {
        let features = outputs(w, "conv_first")?;
        let inputs = array(w, "conv_first.weight")?.shape[1];
        let unshuffle = [1, 2, 4].into_iter().find(|s| 3 * s * s == inputs).ok_or_else(|| Fault::Unknown("conv_first.weight".into()))?;
        let index = |key: &String| key.strip_prefix("body.")?.split('.').next()?.parse::<usize>().ok();
        let count = w.0.keys().filter_map(index).max().map_or(0, |n| n + 1);
        if count == 0 || count > MAX_LAYERS {
            return Err(Fault::Missing("body.0.rdb1.conv1.weight".into()));
        }
        let growth = outputs(w, "body.0.rdb1.conv1")?;
        let dense = |block: usize, part: usize, n: usize| {
            let out = if n == 4 { features } else { growth };
            conv(w, &format!("body.{block}.rdb{}.conv{}", part + 1, n + 1), features + n * growth, out)
        };
        let five = |block, part| -> Result<[Conv; 5], Fault> {
            Ok([dense(block, part, 0)?, dense(block, part, 1)?, dense(block, part, 2)?, dense(block, part, 3)?, dense(block, part, 4)?])
        };
        let blocks = (0..count).map(|b| Ok([five(b, 0)?, five(b, 1)?, five(b, 2)?])).collect::<Result<_, Fault>>()?;
        let tail = |n: usize| conv(w, TAIL[n], features, if n == 4 { 3 } else { features });
        let tail = [tail(0)?, tail(1)?, tail(2)?, tail(3)?, tail(4)?];
        let first = conv(w, "conv_first", inputs, features)?;
        Ok(Self { scale: 4 / unshuffle, unshuffle, features, growth, first, blocks, tail })
    }
}
