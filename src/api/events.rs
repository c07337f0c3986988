//! The event stream: each change of the job table, to every listener, from where it left off.
//!
//! One task reads the table when it changed, at most twenty times a second, writes down each changed job once, and hands the
//! text to all listeners through a short ring. A listener that is slower than the ring catches up from the table itself:
//! several changes of one job are then told as its newest state, and nobody ever waits for a listener.
//!
//! An event's number is the serial number of the job's change, so `Last-Event-ID` is all that is needed to go on.

use super::{Server, error::Refusal};
use crate::session::jobs::{Job, JobView, Jobs, Table, job_counts};
use axum::{
    extract::State,
    http::{HeaderMap, StatusCode},
    response::{
        IntoResponse,
        sse::{Event, KeepAlive, Sse},
    },
};
use std::{
    convert::Infallible,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};
use tokio::{
    sync::{
        Notify,
        broadcast::{self, error::RecvError},
        mpsc, watch,
    },
    time::{MissedTickBehavior, interval},
};
use tokio_stream::wrappers::ReceiverStream;

/// Shortest time between two looks at the table.
const TICK: Duration = Duration::from_millis(50);
/// Ticks that a listener may be behind before it reads the table itself.
const RING: usize = 8;
/// Events on the way to one connection.
const AHEAD: usize = 16;
/// Listeners at a time.
const LISTENERS: usize = 400;

/// One change as it goes over the wire.
#[derive(Clone, Debug)]
struct Change {
    serial: u64,
    text: Arc<str>,
}

impl Change {
    fn of(job: &Job) -> Self {
        // a view of plain numbers and texts always is JSON
        let text = serde_json::to_string(&JobView::of(job)).unwrap_or_default();
        Self { serial: job.serial, text: text.into() }
    }
    fn event(&self) -> Event {
        Event::default().event("job").id(self.serial.to_string()).data(&*self.text)
    }
}

/// What one look at the table found.
#[derive(Clone, Debug)]
struct Tick {
    changes: Arc<[Change]>,
    counts: Arc<str>,
    /// Jobs were dropped from the table: what a listener knows is no longer all true.
    dropped: bool,
}

/// Where listeners come to.
pub(super) struct Hub {
    ticks: broadcast::Sender<Tick>,
    listeners: AtomicUsize,
}

impl Hub {
    /// Start telling; ends with the runtime.
    pub fn start(jobs: Jobs, changed: Arc<Notify>) -> Arc<Self> {
        let (ticks, _) = broadcast::channel(RING);
        let hub = Arc::new(Self { ticks: ticks.clone(), listeners: AtomicUsize::new(0) });
        tokio::spawn(async move {
            let mut pace = interval(TICK);
            pace.set_missed_tick_behavior(MissedTickBehavior::Delay);
            let mut known = jobs.snapshot();
            loop {
                changed.notified().await;
                pace.tick().await;
                let now = jobs.snapshot();
                if ticks.receiver_count() > 0 {
                    let _ = ticks.send(tick(&known, &now));
                }
                known = now;
            }
        });
        hub
    }

    pub fn listeners(&self) -> usize {
        self.listeners.load(Ordering::Relaxed)
    }
}

fn tick(known: &Table, now: &Table) -> Tick {
    let newest = known.jobs().last().map_or(0, |j| j.id.0);
    let added = now.jobs().len() - now.jobs().partition_point(|j| j.id.0 <= newest);
    Tick {
        changes: now.changed_since(known.serial()).iter().map(|j| Change::of(j)).collect(),
        counts: counts(now),
        dropped: now.jobs().len() < known.jobs().len() + added,
    }
}

fn counts(table: &Table) -> Arc<str> {
    serde_json::to_string(&job_counts(table)).unwrap_or_default().into()
}

/// Counts itself out again.
struct Seat(Arc<Hub>);

impl Drop for Seat {
    fn drop(&mut self) {
        self.0.listeners.fetch_sub(1, Ordering::Relaxed);
    }
}

/// Each change of the job table as a server-sent event.
///
/// Begins with `hello` (or `reset`, where the given Last-Event-ID means nothing here: read the list anew). Then `job` events,
/// whose data is a job and whose id is its serial number, and `counts`: jobs in each state. With `Last-Event-ID` everything
/// that changed since is told first. Lines that begin with a colon are signs of life.
#[utoipa::path(get, path = "/api/events", tag = "jobs",
    params(("Last-Event-ID" = Option<u64>, Header, description = "The last event that was seen")),
    responses((status = 200, description = "The stream", content_type = "text/event-stream", body = String),
              (status = 503, description = "Too many listeners", body = Refusal)))]
pub(super) async fn events(State(server): State<Arc<Server>>, headers: HeaderMap) -> Result<impl IntoResponse, Refusal> {
    let hub = server.hub.clone();
    if hub.listeners.fetch_add(1, Ordering::Relaxed) >= LISTENERS {
        drop(Seat(hub));
        return Err(Refusal::new(StatusCode::SERVICE_UNAVAILABLE, "too many listeners").hint("close other pages, or ask /api/jobs"));
    }
    let seat = Seat(hub);
    let last = headers.get("last-event-id").map(|v| v.to_str().ok().and_then(|v| v.trim().parse::<u64>().ok()));
    let (out, stream) = mpsc::channel(AHEAD);
    let listener = Listener { out, jobs: server.desk.jobs().clone(), told: 0, stop: server.stopping.clone(), _seat: seat };
    let ticks = listener._seat.0.ticks.subscribe();
    tokio::spawn(listener.run(ticks, last));
    let alive = KeepAlive::new().interval(Duration::from_secs(15));
    Ok(Sse::new(ReceiverStream::new(stream)).keep_alive(alive))
}

/// One connection's side.
struct Listener {
    out: mpsc::Sender<Result<Event, Infallible>>,
    jobs: Jobs,
    /// Serial number of the last change that was told.
    told: u64,
    stop: watch::Receiver<bool>,
    _seat: Seat,
}

/// The listener went away.
struct Gone;

impl Listener {
    async fn run(mut self, mut ticks: broadcast::Receiver<Tick>, last: Option<Option<u64>>) {
        let mut stop = self.stop.clone();
        let gone = self.out.clone();
        tokio::select! {
            _ = self.tell(&mut ticks, last) => {}
            () = gone.closed() => {}
            _ = stop.wait_for(|stop| *stop) => {}
        }
    }

    async fn tell(&mut self, ticks: &mut broadcast::Receiver<Tick>, last: Option<Option<u64>>) -> Result<(), Gone> {
        let table = self.jobs.snapshot();
        let known = match last {
            None => Some(table.serial()),
            // numbers of a table that is no more lie ahead of ours
            Some(last) => last.filter(|l| *l <= table.serial()),
        };
        self.told = known.unwrap_or(table.serial());
        let begin = Event::default().event(if known.is_some() { "hello" } else { "reset" });
        self.send(begin.id(self.told.to_string()).data(format!(r#"{{"serial":{}}}"#, table.serial()))).await?;
        self.catch_up(&table).await?;
        loop {
            match ticks.recv().await {
                Ok(tick) => {
                    if tick.dropped {
                        self.reset().await?;
                    }
                    for change in tick.changes.iter().filter(|c| c.serial > self.told) {
                        self.send(change.event()).await?;
                    }
                    self.told = tick.changes.last().map_or(self.told, |c| c.serial.max(self.told));
                    self.send(Event::default().event("counts").data(&*tick.counts)).await?;
                }
                Err(RecvError::Lagged(_)) => {
                    // whether jobs were dropped meanwhile is not known: the few who are that slow read the list again
                    self.reset().await?;
                    let table = self.jobs.snapshot();
                    self.catch_up(&table).await?;
                }
                Err(RecvError::Closed) => return Ok(()),
            }
        }
    }

    async fn reset(&mut self) -> Result<(), Gone> {
        self.send(Event::default().event("reset").data("{}")).await
    }

    /// Everything in `table` that was not told yet.
    async fn catch_up(&mut self, table: &Table) -> Result<(), Gone> {
        for job in table.changed_since(self.told) {
            self.send(Change::of(&job).event()).await?;
            self.told = job.serial;
        }
        self.send(Event::default().event("counts").data(&*counts(table))).await
    }

    async fn send(&self, event: Event) -> Result<(), Gone> {
        self.out.send(Ok(event)).await.map_err(|_| Gone)
    }
}
