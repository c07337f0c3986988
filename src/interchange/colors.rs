//! Names of marker colours and the document's marker colours, which are numbers in the theme's list.

/// Nearest name of OTIO for each of the theme's colours: coral, yellow, green, blue, violet, pink.
const NAMES: [&str; 6] = ["ORANGE", "YELLOW", "GREEN", "BLUE", "PURPLE", "PINK"];

/// Colours that there are.
pub(super) const COUNT: u8 = NAMES.len() as u8;

/// The name of a colour; indices past the end start over, as in the window.
pub(super) fn name(color: u8) -> &'static str {
    NAMES[usize::from(color) % NAMES.len()]
}

/// The colour that is nearest to a name.
pub(super) fn from_name(name: &str) -> u8 {
    match name.to_ascii_uppercase().as_str() {
        "YELLOW" | "LEMON" | "SAND" => 1,
        "GREEN" | "MINT" => 2,
        "BLUE" | "CYAN" | "SKY" => 3,
        "PURPLE" | "LAVENDER" | "VIOLET" => 4,
        "PINK" | "MAGENTA" | "FUCHSIA" | "ROSE" => 5,
        _ => 0,
    }
}
