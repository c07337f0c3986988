//! The body of a request for a transcription: a `multipart/form-data` form (RFC 7578) with a WAV file in it.

use super::RATE;

/// A form and the name of what parts its fields.
pub(super) struct Form {
    pub boundary: String,
    pub body: Vec<u8>,
}

/// Sound as 16-bit PCM in a RIFF file.
fn wav(sound: &[f32]) -> Vec<u8> {
    let bytes = u32::try_from(sound.len() * 2).unwrap_or(u32::MAX - 36);
    let mut out = Vec::with_capacity(44 + sound.len() * 2);
    out.extend(b"RIFF");
    out.extend((36 + bytes).to_le_bytes());
    out.extend(b"WAVEfmt ");
    out.extend(16u32.to_le_bytes());
    // PCM, one channel
    out.extend(1u16.to_le_bytes());
    out.extend(1u16.to_le_bytes());
    out.extend(RATE.to_le_bytes());
    out.extend((RATE * 2).to_le_bytes());
    out.extend(2u16.to_le_bytes());
    out.extend(16u16.to_le_bytes());
    out.extend(b"data");
    out.extend(bytes.to_le_bytes());
    out.extend(sound.iter().flat_map(|s| ((s.clamp(-1.0, 1.0) * 32_767.0).round() as i16).to_le_bytes()));
    out
}

/// The form of `POST /audio/transcriptions`: words and phrases with their times are asked for.
pub(super) fn form(sound: &[f32], model: &str, language: Option<&str>) -> Form {
    let file = wav(sound);
    // no field may hold what parts them; the sound's own sum makes that certain enough, and the same twice
    let boundary = format!("montage-ai-{:016x}", xxhash_rust::xxh3::xxh3_64(&file));
    let mut body = Vec::with_capacity(file.len() + 1024);
    let mut field = |name: &str, value: &str| {
        // a name of a model may come from anywhere: a line of its own would be another field
        let value: String = value.chars().filter(|c| !c.is_control()).collect();
        body.extend(format!("--{boundary}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n").bytes());
    };
    field("model", model);
    field("response_format", "verbose_json");
    field("timestamp_granularities[]", "word");
    field("timestamp_granularities[]", "segment");
    field("temperature", "0");
    if let Some(language) = language {
        field("language", language);
    }
    let head = "Content-Disposition: form-data; name=\"file\"; filename=\"sound.wav\"\r\nContent-Type: audio/wav";
    body.extend(format!("--{boundary}\r\n{head}\r\n\r\n").bytes());
    body.extend(file);
    body.extend(format!("\r\n--{boundary}--\r\n").bytes());
    Form { boundary, body }
}
