//! The status page as a person meets it, in a real Chromium. Without Chromium these tests fail.

use crate::{
    browser::Browser,
    support::{Desk, until},
};
use montage_ai::{jobs::JobId, session::batch};
use serde_json::json;

fn address(desk: &Desk) -> String {
    format!("http://{}/", desk.addr)
}

fn state(desk: &Desk, id: u64) -> &'static str {
    desk.jobs.snapshot().get(JobId(id)).map_or("gone", |j| j.state.as_str())
}

fn row(id: u64, state: &str) -> String {
    format!("document.querySelector('tr[data-job=\"{id}\"][data-state=\"{state}\"]')")
}

#[test]
fn the_table_lives_and_jobs_are_cancelled_and_retried() {
    let desk = Desk::new();
    let browser = Browser::start();
    let done = desk.enter(json!({"frames": 3}));
    desk.until(done, "completed");
    browser.open(&address(&desk));
    browser.until("document.getElementById('link').dataset.state === 'on'");
    browser.until(&row(done, "completed"));
    // what comes later appears by itself
    let torn = desk.enter(json!({"fail": "torn: <img src=x onerror=alert(1)>.mov"}));
    let long = desk.enter(json!({"frames": 100_000, "ms": 10}));
    browser.until(&row(torn, "failed"));
    browser.until(&row(long, "running"));
    let text = browser.run(&format!("return {}.innerText", row(torn, "failed")));
    let text = text.as_str().unwrap();
    assert!(text.contains("torn: <img src=x onerror=alert(1)>.mov") && text.contains("Hint: look at it <b>closely</b>"), "{text}");
    assert_eq!(browser.run("return document.querySelectorAll('table img, table b').length"), 0);
    let bar = format!("document.querySelector('tr[data-job=\"{long}\"] progress')");
    browser.until(&format!("{bar} && {bar}.value > 0"));
    let how = browser.run(&format!("return {bar}.nextElementSibling.innerText"));
    let how = how.as_str().unwrap();
    assert!(how.contains("working") && how.contains("24.5 frames/s") && how.contains("left"), "{how}");
    // a button keeps the focus while its row goes on changing
    browser.run(&format!("document.querySelector('tr[data-job=\"{long}\"] [data-do=cancel]').focus()"));
    let begun = browser.run(&format!("return {bar}.value")).as_f64().unwrap();
    browser.until(&format!("{bar}.value > {begun}"));
    assert_eq!(browser.run("return document.activeElement.dataset.do"), "cancel");
    // the running one comes first
    assert_eq!(browser.run("return document.querySelector('#rows tr').dataset.job"), long.to_string());
    for (name, features, width) in [
        ("dark", json!([{"name": "prefers-color-scheme", "value": "dark"}]), 1200),
        ("light", json!([{"name": "prefers-color-scheme", "value": "light"}]), 1200),
        ("narrow", json!([{"name": "prefers-color-scheme", "value": "dark"}]), 390),
    ] {
        browser.devtools("Emulation.setEmulatedMedia", &json!({"features": features}));
        browser.devtools(
            "Emulation.setDeviceMetricsOverride",
            &json!({"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": false}),
        );
        browser.picture(name);
        let over = browser.run("return document.documentElement.scrollWidth - document.documentElement.clientWidth");
        assert!(over.as_i64().unwrap() <= 0, "{name}: the page is {over} px too wide");
    }
    browser.devtools("Emulation.clearDeviceMetricsOverride", &json!({}));
    let ground = |scheme: &str| {
        browser.devtools("Emulation.setEmulatedMedia", &json!({"features": [{"name": "prefers-color-scheme", "value": scheme}]}));
        browser.run("return getComputedStyle(document.body).backgroundColor")
    };
    assert_eq!((ground("dark"), ground("light")), (json!("rgb(16, 17, 20)"), json!("rgb(227, 229, 234)")));

    browser.click(&format!("tr[data-job=\"{long}\"] [data-do=cancel]"));
    browser.until(&row(long, "cancelled"));
    assert_eq!(state(&desk, long), "cancelled");
    browser.click(&format!("tr[data-job=\"{long}\"] [data-do=retry]"));
    until("the job to run again", || state(&desk, long) == "running");
    browser.until(&row(long, "running"));
    // filters
    browser.click("[data-filter=failed]");
    browser.until("document.querySelectorAll('#rows tr').length === 1");
    browser.until("document.querySelector('[data-filter=failed] b').textContent === '1'");
    browser.click("[data-filter=active]");
    browser.until(&row(long, "running"));
    browser.until("document.querySelectorAll('#rows tr').length === 1");
    desk.delete(&format!("/api/jobs/{long}")).ok();
    browser.until("!document.getElementById('none').hidden");
    let complaints: Vec<_> = browser.console();
    assert!(complaints.is_empty(), "{complaints:?}");
}

#[test]
fn a_job_is_submitted_by_path_and_a_refusal_marks_its_field() {
    let desk = Desk::new();
    let project = batch::new_project("film", &[], None, None).unwrap();
    batch::save(&desk.root.join("film.montage"), &project).unwrap();
    let browser = Browser::start();
    browser.open(&address(&desk));
    browser.until("document.querySelector('#fields [name]')");
    let kinds = browser.run("return [...document.getElementById('kind').options].map((o) => o.value).sort()");
    assert_eq!(kinds, json!(["export", "montage", "proxy", "stabilize", "transcribe", "upscale"]));
    // every field has a name that is read out
    for kind in kinds.as_array().unwrap() {
        browser.run(&format!("const k = document.getElementById('kind'); k.value = {kind}; k.dispatchEvent(new Event('change'))"));
        let nameless = browser
            .run("return [...document.querySelectorAll('input, select, textarea')].filter((f) => !f.labels.length).map((f) => f.id)");
        assert_eq!(nameless, json!([]), "{kind}");
    }
    browser.run("const k = document.getElementById('kind'); k.value = 'export'; k.dispatchEvent(new Event('change'))");
    browser.write("#field-project", "/etc/passwd");
    browser.write("#field-output", "out.mp4");
    browser.click("#submit button[type=submit]");
    browser.until("document.getElementById('said').className === 'bad'");
    let said = browser.run("return document.getElementById('said').textContent");
    assert!(said.as_str().unwrap().contains("may not touch") && said.as_str().unwrap().contains("Hint: use a file under"), "{said}");
    assert_eq!(browser.run("return document.activeElement.id"), "field-project");
    assert_eq!(browser.run("return document.getElementById('field-project').getAttribute('aria-invalid')"), "true");
    browser.picture("refused");
    browser.run("document.getElementById('field-project').value = ''");
    browser.write("#field-project", "film.montage");
    browser.click("#submit button[type=submit]");
    browser.until("document.getElementById('said').className === 'good'");
    browser.until("document.querySelector('#rows tr[data-state=completed]')");
    assert_eq!(desk.jobs.snapshot().jobs().len(), 1);
}

#[test]
fn the_page_asks_for_the_token_and_comes_back_after_a_broken_connection() {
    let desk = Desk::with("127.0.0.1:0", Some("a-long-and-secret-text"));
    let browser = Browser::start();
    browser.open(&address(&desk));
    browser.until("!document.getElementById('door').hidden && document.getElementById('link').dataset.state === 'off'");
    browser.write("#token", "a-wrong-and-long-token");
    browser.click("#token-form button");
    browser.until("!document.getElementById('door').hidden");
    browser.picture("token");
    browser.run("document.getElementById('token').value = ''");
    browser.write("#token", "a-long-and-secret-text");
    browser.click("#token-form button");
    browser.until("document.getElementById('link').dataset.state === 'on' && document.getElementById('door').hidden");
    let id = desk.enter(json!({}));
    browser.until(&row(id, "completed"));
    // the line breaks, jobs go on, and nothing is missed
    browser.devtools("Network.enable", &json!({}));
    let offline = |on: bool| {
        browser.devtools(
            "Network.emulateNetworkConditions",
            &json!({"offline": on, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1}),
        )
    };
    offline(true);
    let missed = desk.enter_all((0..5).map(|_| json!({})).collect());
    missed.iter().for_each(|id| drop(desk.until(*id, "completed")));
    offline(false);
    for id in missed {
        browser.until(&row(id, "completed"));
    }
    browser.until("document.getElementById('link').dataset.state === 'on'");
}
