//! ncnn's pair of files: `.param` names the layers, `.bin` holds their numbers in the same order, without names. The names are given
//! back by the place of each layer in the two networks that are known.
//!
//! `.bin` [ncnn src/modelbin.cpp]: of a convolution a flag (0x01306B47: f16, padded to four bytes; 0: f32), the weights, then the biases in f32
//! without a flag; of PReLU the slopes in f32 without a flag; of other layers nothing.

use super::{Array, Fault, Kind, Weights, damaged};

const MAGIC: &str = "7767517";
const HALF: u32 = 0x0130_6B47;

struct Layers<'a> {
    bin: &'a [u8],
    at: usize,
    convolutions: Vec<(Array, Array)>,
    slopes: Vec<Array>,
}

pub(super) fn read(param: &str, bin: &[u8]) -> Result<Weights, Fault> {
    let mut lines = param.lines();
    if lines.next().map(str::trim) != Some(MAGIC) {
        return Err(Fault::NotWeights);
    }
    let mut l = Layers { bin, at: 0, convolutions: Vec::new(), slopes: Vec::new() };
    for line in lines.skip(1).filter(|l| !l.trim().is_empty()) {
        l.layer(line)?;
    }
    if l.at != bin.len() {
        return Err(damaged(format!("{} bytes of {} belong to no layer", bin.len() - l.at, bin.len())));
    }
    Ok(l.named())
}

/// `key=value` of a layer, of the keys that are whole numbers.
fn field(words: &[&str], key: u32) -> Option<usize> {
    words.iter().find_map(|w| w.split_once('=').filter(|(k, _)| k.parse() == Ok(key))?.1.parse().ok())
}

impl Layers<'_> {
    fn layer(&mut self, line: &str) -> Result<(), Fault> {
        let words: Vec<&str> = line.split_whitespace().collect();
        let [kind, name, inputs, outputs, ..] = words[..] else { return Err(damaged(format!("the line {line:?}"))) };
        let wrong = |what: &str| damaged(format!("layer {name}: {what}"));
        let ends = |n: &str| n.parse::<usize>().map_err(|_| wrong("numbers of ends"));
        let rest = words.get(4 + ends(inputs)?.saturating_add(ends(outputs)?)..).unwrap_or_default();
        match kind {
            "Convolution" => {
                let out = field(rest, 0).filter(|n| (1..=4096).contains(n)).ok_or_else(|| wrong("channels"))?;
                let side = field(rest, 1).unwrap_or(0);
                let count = field(rest, 6).filter(|n| side > 0 && *n > 0 && *n % (out * side * side) == 0).ok_or_else(|| wrong("size"))?;
                let weights = self.flagged(count).ok_or_else(|| wrong("its weights are not all there"))??;
                let biases = if field(rest, 5) == Some(1) { self.plain(out) } else { Some(vec![0.0; out]) };
                let biases = biases.ok_or_else(|| wrong("its biases are not all there"))?;
                let shape = vec![out, count / (out * side * side), side, side];
                self.convolutions.push((Array { shape, data: weights }, Array { shape: vec![out], data: biases }));
            }
            "PReLU" => {
                let n = field(rest, 0).filter(|n| (1..=4096).contains(n)).ok_or_else(|| wrong("channels"))?;
                let slopes = self.plain(n).ok_or_else(|| wrong("its slopes are not all there"))?;
                self.slopes.push(Array { shape: vec![n], data: slopes });
            }
            // layers without numbers
            "Input" | "Split" | "PixelShuffle" | "Interp" | "BinaryOp" | "Eltwise" | "Concat" | "ReLU" | "Clip" | "Reorg" | "Reshape"
            | "Permute" | "Noop" | "Crop" => {}
            other => return Err(Fault::Unknown(format!("{other} {name}"))),
        }
        Ok(())
    }

    fn bytes(&mut self, n: usize) -> Option<&[u8]> {
        let b = self.bin.get(self.at..self.at.checked_add(n)?)?;
        self.at += n;
        Some(b)
    }

    fn plain(&mut self, n: usize) -> Option<Vec<f32>> {
        self.bytes(4 * n).map(|b| Kind::F32.all(b))
    }

    fn flagged(&mut self, n: usize) -> Option<Result<Vec<f32>, Fault>> {
        let flag = self.bytes(4)?.try_into().map(u32::from_le_bytes).ok()?;
        match flag {
            0 => self.plain(n).map(Ok),
            HALF => self.bytes((2 * n).next_multiple_of(4)).map(|b| Ok(Kind::F16.all(&b[..2 * n]))),
            other => Some(Err(damaged(format!("numbers of kind {other:#x} are not read, only f32 and f16")))),
        }
    }

    fn named(self) -> Weights {
        let mut w = Weights::default();
        let compact = !self.slopes.is_empty();
        let n = self.convolutions.len();
        for (i, (weight, bias)) in self.convolutions.into_iter().enumerate() {
            let name = if compact { format!("body.{}", 2 * i) } else { residual(i, n) };
            w.0.insert(format!("{name}.weight"), weight);
            w.0.insert(format!("{name}.bias"), bias);
        }
        for (i, slopes) in self.slopes.into_iter().enumerate() {
            w.0.insert(format!("body.{}.weight", 2 * i + 1), slopes);
        }
        w
    }
}

/// The name of the `i`th of `n` convolutions of the residual network, in the order in which they are computed.
fn residual(i: usize, n: usize) -> String {
    match (i, n - i) {
        (0, _) => "conv_first".into(),
        (_, 5) => "conv_body".into(),
        (_, 4) => "conv_up1".into(),
        (_, 3) => "conv_up2".into(),
        (_, 2) => "conv_hr".into(),
        (_, 1) => "conv_last".into(),
        _ => format!("body.{}.rdb{}.conv{}", (i - 1) / 15, (i - 1) / 5 % 3 + 1, (i - 1) % 5 + 1),
    }
}
