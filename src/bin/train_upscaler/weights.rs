//! The network's parameters as plain arrays, their first values, and their file: safetensors with the tensor names of the
//! official SRVGGNetCompact (`body.N.weight`, `body.N.bias`; even N are convolutions, odd N slopes of PReLU).

use super::fill::normal;
use fastrand::Rng;
use serde_json::{Map, Value, json};
use std::{collections::BTreeMap, fs, path::Path};

/// Inner channels and inner convolutions of the default model, and how much it enlarges.
pub const FEATURES: usize = 24;
pub const INNER: usize = 8;
pub const SCALE: usize = 2;
/// Convolutions in all: the first, the inner ones, the last.
pub const CONVS: usize = INNER + 2;

/// (name, shape) of every tensor, in the order of the layers.
pub fn layout() -> Vec<(String, Vec<usize>)> {
    let mut all = Vec::new();
    for conv in 0..CONVS {
        let into = if conv == 0 { 3 } else { FEATURES };
        let out = if conv == CONVS - 1 { 3 * SCALE * SCALE } else { FEATURES };
        all.push((format!("body.{}.weight", 2 * conv), vec![out, into, 3, 3]));
        all.push((format!("body.{}.bias", 2 * conv), vec![out]));
        if conv < CONVS - 1 {
            all.push((format!("body.{}.weight", 2 * conv + 1), vec![out]));
        }
    }
    all
}

/// All tensors, in the order of [`layout`].
#[derive(Clone, Debug, PartialEq)]
pub struct Weights(pub Vec<Vec<f32>>);

impl Weights {
    /// First values: He's normal distribution at a third of its strength, with every inner convolution passing its input on,
    /// so that the picture reaches the last layer, which starts as linear interpolation. Training then begins about one
    /// decibel below the cubic kernel instead of spending its first thousand steps on learning to interpolate.
    pub fn first(rng: &mut Rng) -> Self {
        Self::start(|spread| normal(rng) * spread)
    }

    fn start(mut noise: impl FnMut(f32) -> f32) -> Self {
        let mut all = Vec::new();
        for (name, shape) in layout() {
            let count = shape.iter().product();
            let index: usize = name.split('.').nth(1).and_then(|n| n.parse().ok()).unwrap_or(0);
            all.push(match (shape.len(), index % 2) {
                (4, _) => convolution(&mut noise, index / 2, &shape),
                (_, 1) => vec![0.25; count],
                _ => vec![0.0; count],
            });
        }
        Self(all)
    }

    /// The same without the random part: linear interpolation and nothing else.
    #[cfg(test)]
    pub fn linear() -> Self {
        Self::start(|_| 0.0)
    }

    /// Writes the file; `facts` go into its header.
    pub fn write(&self, path: &Path, facts: &[(&str, String)]) -> Result<(), String> {
        let mut header = Map::new();
        header.insert("__metadata__".into(), facts.iter().map(|(k, v)| ((*k).to_owned(), json!(v))).collect::<Map<_, _>>().into());
        let mut body = Vec::new();
        for ((name, shape), values) in layout().into_iter().zip(&self.0) {
            let start = body.len();
            values.iter().for_each(|v| body.extend_from_slice(&v.to_le_bytes()));
            header.insert(name, json!({"dtype": "F32", "shape": shape, "data_offsets": [start, body.len()]}));
        }
        let mut text = serde_json::to_vec(&Value::from(header)).map_err(|e| e.to_string())?;
        text.resize(text.len().next_multiple_of(8), b' ');
        let mut file = (text.len() as u64).to_le_bytes().to_vec();
        file.extend(text);
        file.extend(body);
        fs::write(path, file).map_err(|e| format!("{}: {e}", path.display()))
    }

    /// Reads a file that [`Weights::write`] made.
    pub fn read(path: &Path) -> Result<Self, String> {
        let fault = |what: &str| format!("{}: {what}", path.display());
        let file = fs::read(path).map_err(|e| fault(&e.to_string()))?;
        let length = file.first_chunk::<8>().map(|b| u64::from_le_bytes(*b) as usize).ok_or_else(|| fault("too short"))?;
        let end = length.checked_add(8).filter(|e| *e <= file.len()).ok_or_else(|| fault("no safetensors file"))?;
        let header: BTreeMap<String, Value> = serde_json::from_slice(&file[8..end]).map_err(|e| fault(&e.to_string()))?;
        let tensor = |(name, shape): (String, Vec<usize>)| {
            let entry = header.get(&name).ok_or_else(|| fault(&format!("has no {name}")))?;
            let at = |i: usize| entry["data_offsets"][i].as_u64().map(|v| v as usize + end);
            let bytes = at(0).zip(at(1)).and_then(|(a, b)| file.get(a..b)).ok_or_else(|| fault(&format!("{name} is cut off")))?;
            if entry["dtype"] != "F32" || entry["shape"] != json!(shape) || bytes.len() != 4 * shape.iter().product::<usize>() {
                return Err(fault(&format!("{name} is not F32 {shape:?}")));
            }
            Ok(bytes.as_chunks::<4>().0.iter().map(|b| f32::from_le_bytes(*b)).collect())
        };
        layout().into_iter().map(tensor).collect::<Result<_, _>>().map(Self)
    }
}

fn convolution(noise: &mut impl FnMut(f32) -> f32, conv: usize, shape: &[usize]) -> Vec<f32> {
    let (out, into) = (shape[0], shape[1]);
    let last = conv == CONVS - 1;
    let spread = if last { 0.01 } else { 0.33 * (2.0 / (into * 9) as f32).sqrt() };
    let mut weights: Vec<f32> = (0..out * into * 9).map(|_| noise(spread)).collect();
    let mut add = |o: usize, i: usize, y: usize, x: usize, v: f32| weights[((o * into + i) * 3 + y) * 3 + x] += v;
    if !last {
        (0..out.min(into)).for_each(|c| add(c, c, 1, 1, 1.0));
        return weights;
    }
    // channel c, place (dy, dx) of the enlarged pixel: linear interpolation less the nearest pixel that the network adds
    for o in 0..out {
        let (c, place) = (o / (SCALE * SCALE), o % (SCALE * SCALE));
        let (y, x) = (if place / SCALE == 0 { 0 } else { 2 }, if place % SCALE == 0 { 0 } else { 2 });
        add(o, c, 1, 1, 0.5625 - 1.0);
        add(o, c, y, 1, 0.1875);
        add(o, c, 1, x, 0.1875);
        add(o, c, y, x, 0.0625);
    }
    weights
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_layout_has_29_tensors_and_45156_parameters() {
        let all = layout();
        assert_eq!(all.len(), 29);
        assert_eq!(all.iter().map(|(_, s)| s.iter().product::<usize>()).sum::<usize>(), 45_156);
    }

    #[test]
    fn a_file_gives_back_what_was_written_and_a_cut_one_is_refused() {
        let folder = std::env::temp_dir().join(format!("train-upscaler-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        let path = folder.join("w.safetensors");
        let weights = Weights::first(&mut Rng::with_seed(2));
        weights.write(&path, &[("seed", "2".into())]).unwrap();
        assert_eq!(Weights::read(&path).unwrap(), weights);
        let whole = fs::read(&path).unwrap();
        fs::write(&path, &whole[..whole.len() / 2]).unwrap();
        assert!(Weights::read(&path).unwrap_err().contains("cut off"));
        fs::remove_dir_all(folder).unwrap();
    }
}
