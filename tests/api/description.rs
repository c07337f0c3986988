//! The OpenAPI text: valid in itself, and true of the server.

use crate::support::Desk;
use serde_json::Value;
use std::collections::BTreeSet;

/// Every `$ref` in `value`.
fn references(value: &Value, found: &mut BTreeSet<String>) {
    match value {
        Value::Object(map) => {
            if let Some(Value::String(r)) = map.get("$ref") {
                found.insert(r.clone());
            }
            map.values().for_each(|v| references(v, found));
        }
        Value::Array(list) => list.iter().for_each(|v| references(v, found)),
        _ => {}
    }
}

#[test]
fn the_description_holds_together_and_every_address_answers() {
    let desk = Desk::new();
    let api = desk.get("/api/openapi.json").ok();
    assert_eq!(api, montage_ai::api::description());
    assert!(api["openapi"].as_str().unwrap().starts_with("3.1"));
    assert_eq!((&api["info"]["title"], &api["info"]["version"]), (&"Montage AI".into(), &env!("CARGO_PKG_VERSION").into()));
    let mut refs = BTreeSet::new();
    references(&api, &mut refs);
    assert!(refs.len() >= 10, "{refs:?}");
    for r in refs {
        let name = r.strip_prefix("#/components/schemas/").unwrap_or_else(|| panic!("{r}"));
        assert!(api["components"]["schemas"][name].is_object(), "{r} leads nowhere");
    }
    let mut ids = BTreeSet::new();
    for (path, operations) in api["paths"].as_object().unwrap() {
        for (method, operation) in operations.as_object().unwrap() {
            assert!(
                ids.insert(operation["operationId"].as_str().unwrap().to_owned()),
                "{path} {method}: a second {}",
                operation["operationId"]
            );
            assert!(operation["summary"].as_str().is_some_and(|s| !s.is_empty()), "{path} {method} says nothing");
            assert!(operation["responses"].as_object().is_some_and(|r| r.keys().any(|k| k.starts_with('2'))), "{path} {method}");
            // each {name} of the path is a parameter
            for name in path.split('{').skip(1).map(|p| p.split('}').next().unwrap()) {
                let named = |p: &Value| p["name"] == name && p["in"] == "path" && p["required"] == true;
                assert!(operation["parameters"].as_array().is_some_and(|p| p.iter().any(named)), "{path} {method}");
            }
            // the server has it: neither "no such address" nor "no such method"
            if path != "/api/events" {
                let status = desk.send(&method.to_uppercase(), &path.replace("{id}", "4711"), &[], None).status;
                assert!(status != 405 && (status != 404 || path.contains("{id}")), "{method} {path}: {status}");
            }
        }
    }
    let wanted = ["/api/jobs", "/api/jobs/{id}", "/api/jobs/{id}/retry", "/api/events", "/api/health", "/api/openapi.json"];
    let kinds = crate::table::KINDS.map(|k| format!("/api/jobs/{k}"));
    for path in wanted.into_iter().chain(kinds.iter().map(String::as_str)) {
        assert!(api["paths"][path].is_object(), "{path} is not described");
    }
}

/// Whether `value` fits a schema of the kind that our description uses.
fn fits(api: &Value, schema: &Value, value: &Value, at: &str) -> Result<(), String> {
    if let Some(r) = schema["$ref"].as_str() {
        return fits(api, &api["components"]["schemas"][r.rsplit('/').next().unwrap()], value, at);
    }
    if let Some(all) = schema["allOf"].as_array() {
        return all.iter().try_for_each(|s| fits(api, s, value, at));
    }
    if let Some(one) = schema["oneOf"].as_array() {
        return if one.iter().any(|s| fits(api, s, value, at).is_ok()) {
            Ok(())
        } else {
            Err(format!("{at}: {value} fits none of {schema}"))
        };
    }
    let kind = match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(n) if n.is_f64() => "number",
        Value::Number(_) => "integer",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    };
    let types: Vec<_> = match &schema["type"] {
        Value::String(t) => vec![t.as_str()],
        Value::Array(list) => list.iter().filter_map(Value::as_str).collect(),
        _ => return Ok(()),
    };
    let fits_type = types.contains(&kind) || kind == "integer" && types.contains(&"number");
    if !fits_type {
        return Err(format!("{at}: {value} is {kind}, not {types:?}"));
    }
    if let (Some(map), Some(properties)) = (value.as_object(), schema["properties"].as_object()) {
        for name in schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str) {
            if !map.contains_key(name) {
                return Err(format!("{at}: {name} is missing"));
            }
        }
        for (name, inner) in map {
            if let Some(property) = properties.get(name) {
                fits(api, property, inner, &format!("{at}.{name}"))?;
            }
        }
    }
    for (i, inner) in value.as_array().into_iter().flatten().enumerate() {
        fits(api, &schema["items"], inner, &format!("{at}[{i}]"))?;
    }
    Ok(())
}

#[test]
fn what_the_server_says_is_what_it_describes() {
    let desk = Desk::new();
    let api = desk.get("/api/openapi.json").ok();
    let done = desk.enter(serde_json::json!({"frames": 2}));
    let torn = desk.enter(serde_json::json!({"fail": "torn"}));
    desk.until(done, "completed");
    desk.until(torn, "failed");
    for (path, described, status) in [
        ("/api/jobs".to_owned(), "/api/jobs", "200"),
        (format!("/api/jobs/{done}"), "/api/jobs/{id}", "200"),
        (format!("/api/jobs/{torn}"), "/api/jobs/{id}", "200"),
        ("/api/jobs/4711".to_owned(), "/api/jobs/{id}", "404"),
        ("/api/jobs?limit=0".to_owned(), "/api/jobs", "400"),
        ("/api/health".to_owned(), "/api/health", "200"),
    ] {
        let answer = desk.get(&path);
        assert_eq!(answer.status.to_string(), status);
        let schema = &api["paths"][described]["get"]["responses"][status]["content"]["application/json"]["schema"];
        assert!(schema.is_object(), "{described} {status}");
        fits(&api, schema, &answer.json(), &path).unwrap();
    }
}
