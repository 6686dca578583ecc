//! `kompeten officers`: who may use the office. `add` makes it so and may be repeated:
//! an officer who is there gets the role and unit named, and nothing else changes.

use std::io::Write;

use serde_json::json;

use super::args::{AddOfficer, ListArgs, OfficersArgs, OfficersDo, RemoveOfficer};
use super::client::{Client, step, tell_saved};
use super::fault::{Exit, Failure};
use super::values::ListFormat;
use super::{Context, list, say};
use crate::domain::kinds::officer::Officer;
use crate::domain::record::{Kind, Record, RecordId, Revision, UnitId};
use crate::i18n::{self, t};
use crate::protocol::{Answer, DraftRecord, Problem, Request, Save, Saved};

pub fn run(args: &OfficersArgs, context: &Context, out: &mut dyn Write) -> Result<Exit, Failure> {
    match &args.act {
        None => show(ListFormat::Table, context, out),
        Some(OfficersDo::List { format }) => show(*format, context, out),
        Some(OfficersDo::Add(args)) => add(args, context, out),
        Some(OfficersDo::Remove(args)) => remove(args, context, out),
    }
}

fn show(format: ListFormat, context: &Context, out: &mut dyn Write) -> Result<Exit, Failure> {
    let (search, unit, sort, limit) = (String::new(), None, None, None);
    list::run(&ListArgs { kind: Kind::Officers, search, unit, sort, limit, format }, context, out)
}

/// The officer of this name, if there is one.
fn find(client: &mut Client, user: &str) -> Result<Option<(RecordId, Revision, Officer)>, Problem> {
    let answer = client.ask(Request::Find(Kind::Officers, user.to_string()))?;
    let Answer::Record(stored) = answer else { return Err(Problem::Closed) };
    Ok(stored.and_then(|stored| match stored.record {
        Record::Officer(officer) if officer.user == user => Some((stored.id, stored.rev, officer)),
        _ => None,
    }))
}

fn add(args: &AddOfficer, context: &Context, out: &mut dyn Write) -> Result<Exit, Failure> {
    let mut client = Client::open(context)?;
    let there = find(&mut client, &args.user)?;
    let (id, base, before) = match there {
        Some((id, rev, officer)) => (Some(id), rev, Some(officer)),
        None => (None, Revision(0), None),
    };
    let mut officer = before.clone().unwrap_or_default();
    officer.user.clone_from(&args.user);
    officer.role = args.role;
    match args.unit.as_deref() {
        None => {}
        Some("") => officer.unit = None,
        unit => officer.unit = client.unit(unit)?,
    }
    if let Some(note) = &args.note {
        officer.note.clone_from(note);
    }
    let drafts = vec![DraftRecord { id, base, record: officer.clone().into() }];
    let save = Request::Save(Save { step: step(""), drafts });
    let saved = client.save(save)?;
    let unit = unit_name(&mut client, officer.unit)?;
    if args.json {
        tell_json(out, &officer, &unit, &saved)?;
    }
    if let Some(before) = &before {
        tell_changes(&mut client, before, &officer)?;
    } else {
        let (role, unit) = (i18n::choice(officer.role.code()), words_of(&unit));
        say(&t!("officers.added", user = officer.user, role = role, unit = unit));
    }
    tell_saved(&saved);
    Ok(Exit::Done)
}

fn remove(args: &RemoveOfficer, context: &Context, out: &mut dyn Write) -> Result<Exit, Failure> {
    let mut client = Client::open(context)?;
    let Some((id, rev, officer)) = find(&mut client, &args.user)? else {
        return Err(Failure::Failed(t!("officers.none", user = args.user).into_owned()));
    };
    let delete = Request::Delete { step: step(""), ids: vec![(id, rev)] };
    let saved = client.save(delete)?;
    if args.json {
        let unit = unit_name(&mut client, officer.unit)?;
        tell_json(out, &officer, &unit, &saved)?;
    }
    tell_saved(&saved);
    Ok(Exit::Done)
}

fn tell_json(
    out: &mut dyn Write,
    officer: &Officer,
    unit: &str,
    saved: &Saved,
) -> Result<(), Failure> {
    let unit = (!unit.is_empty()).then_some(unit);
    let object = json!({"user": officer.user, "role": officer.role, "unit": unit,
                        "note": officer.note, "seq": saved.seq});
    serde_json::to_writer(&mut *out, &object)?;
    writeln!(out)?;
    out.flush()?;
    Ok(())
}

/// Field by field, old and new.
fn tell_changes(client: &mut Client, before: &Officer, after: &Officer) -> Result<(), Failure> {
    let unit = |client: &mut Client, officer: &Officer| {
        unit_name(client, officer.unit).map(|name| words_of(&name))
    };
    let role = |officer: &Officer| i18n::choice(officer.role.code());
    let pairs = [
        ("role", role(before), role(after)),
        ("unit", unit(client, before)?, unit(client, after)?),
        ("note", before.note.clone(), after.note.clone()),
    ];
    for (field, before, after) in pairs.into_iter().filter(|(_, before, after)| before != after) {
        let field = i18n::field_of(Kind::Officers, field);
        let shown = |text: String| if text.is_empty() { "-".into() } else { text };
        let (before, after) = (shown(before), shown(after));
        say(&t!("officers.changed", field = field, before = before, after = after));
    }
    Ok(())
}

fn unit_name(client: &mut Client, unit: Option<UnitId>) -> Result<String, Problem> {
    let Some(unit) = unit else { return Ok(String::new()) };
    let stored = client.get(unit.into())?;
    Ok(stored.map(|stored| stored.record.label()).unwrap_or_default())
}

fn words_of(unit: &str) -> String {
    if unit.is_empty() { t!("officers.whole_office").into_owned() } else { unit.to_string() }
}
