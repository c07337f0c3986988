//! The panels there are. A new one gets a variant and a row in [`PANELS`] here, an arm in `Panels::panel_ui` and its state
//! in `Panels` (dock/mod.rs), a command in `commands/view.rs` that shows and hides it; the command's text is its title.

use crate::app::commands::CommandId as C;

/// A panel of the window.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PanelId {
    Media,
    Source,
    Program,
    Scopes,
    Timeline,
    Inspector,
    Markers,
    Transcript,
    Footage,
    Jobs,
    History,
}

/// Where a panel stands before anybody moves it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Home {
    Left,
    /// Left of the picture where there is room, else behind it.
    Beside,
    Centre,
    Right,
    Bottom,
}

/// What the window must know of a panel.
pub struct PanelSpec {
    pub id: PanelId,
    /// What layouts in the settings call it. Never change one.
    pub name: &'static str,
    /// Shows and hides it; its text is the title, its icon the panel's.
    pub command: C,
    pub home: Home,
    /// Shown from the first start on.
    pub open: bool,
    /// In windows narrower than this, in points, the panel gives way.
    pub from_width: f32,
    /// Draws to its edges, and needs no tab where it stands alone.
    pub bare: bool,
}

/// All panels; those with the same home stand there as tabs in this order.
pub const PANELS: &[PanelSpec] = &[
    row(PanelId::Media, "media", C::MediaPanel, Home::Left, true, 760.0),
    row(PanelId::Markers, "markers", C::MarkersPanel, Home::Left, true, 760.0),
    row(PanelId::Transcript, "transcript", C::TranscriptPanel, Home::Left, false, 760.0),
    row(PanelId::Footage, "footage", C::FootagePanel, Home::Left, false, 760.0),
    row(PanelId::Jobs, "jobs", C::JobsPanel, Home::Left, true, 760.0),
    bare(PanelId::Source, "source", C::SourcePanel, Home::Beside, false, 0.0),
    bare(PanelId::Program, "program", C::ProgramPanel, Home::Centre, true, 0.0),
    row(PanelId::Inspector, "inspector", C::InspectorPanel, Home::Right, true, 980.0),
    row(PanelId::History, "history", C::HistoryPanel, Home::Right, true, 980.0),
    row(PanelId::Scopes, "scopes", C::ScopesPanel, Home::Right, false, 760.0),
    bare(PanelId::Timeline, "timeline", C::TimelinePanel, Home::Bottom, true, 0.0),
];

const fn row(id: PanelId, name: &'static str, command: C, home: Home, open: bool, from_width: f32) -> PanelSpec {
    PanelSpec { id, name, command, home, open, from_width, bare: false }
}

const fn bare(id: PanelId, name: &'static str, command: C, home: Home, open: bool, from_width: f32) -> PanelSpec {
    PanelSpec { bare: true, ..row(id, name, command, home, open, from_width) }
}

impl PanelId {
    pub fn spec(self) -> &'static PanelSpec {
        PANELS.iter().find(|p| p.id == self).unwrap_or(&PANELS[0])
    }

    /// The panel that a command shows and hides.
    pub fn of_command(command: C) -> Option<Self> {
        PANELS.iter().find(|p| p.command == command).map(|p| p.id)
    }

    pub fn of_name(name: &str) -> Option<Self> {
        PANELS.iter().find(|p| p.name == name).map(|p| p.id)
    }

    pub fn title(self) -> String {
        crate::app::commands::spec(self.spec().command).text()
    }
}
