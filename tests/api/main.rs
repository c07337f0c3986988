//! The HTTP API as a client meets it: a real server on a real socket, asked in plain HTTP.
//!
//! `table`: every address, its answers and its errors. `safety`: paths, hosts, origins, tokens, long bodies. `events`: the event
//! stream, its resumption, many and slow listeners. `description`: the OpenAPI text. `page`: the status page in Chromium.

mod browser;
mod description;
mod events;
mod page;
mod safety;
mod support;
mod table;
