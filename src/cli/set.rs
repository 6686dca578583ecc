//! `kompeten set [NAME [VALUE]]`: the office's settings, shown or changed.

use std::io::Write;

use super::Context;
use super::args::SetArgs;
use super::client::{Client, step, tell_saved};
use super::fault::{Exit, Failure};
use super::table::PlainTable;
use crate::domain::column::Align;
use crate::domain::kinds::setting::{SETTINGS, Setting, SettingDef};
use crate::domain::record::{Kind, Record, RecordId, Revision};
use crate::i18n::t;
use crate::protocol::{DraftRecord, Problem, Request, Save};

pub fn run(args: &SetArgs, context: &Context, out: &mut dyn Write) -> Result<Exit, Failure> {
    let def = args.name.as_deref().map(def_of).transpose()?;
    let mut client = Client::open(context)?;
    let done = match (def, &args.value) {
        (None, _) => show_all(&mut client, out),
        (Some(def), None) => {
            read(&mut client, def).and_then(|(_, value)| Ok(writeln!(out, "{value}")?))
        }
        (Some(def), Some(value)) => write(&mut client, def, value),
    };
    done.map(|()| Exit::Done)
}

fn def_of(name: &str) -> Result<&'static SettingDef, Failure> {
    SETTINGS.iter().find(|def| def.name == name).ok_or_else(|| {
        let valid = SETTINGS.iter().map(|def| def.name).collect::<Vec<_>>().join(", ");
        Failure::Usage(t!("usage.no_such_setting", name = name, valid = valid).into_owned())
    })
}

fn show_all(client: &mut Client, out: &mut dyn Write) -> Result<(), Failure> {
    let mut table = PlainTable::plain(&[Align::Left, Align::Left], 0);
    for def in SETTINGS {
        let (_, value) = read(client, def)?;
        table.row(vec![def.name.to_string(), value]);
    }
    table.print(out)?;
    Ok(())
}

fn read(client: &mut Client, def: &SettingDef) -> Result<(Revision, String), Failure> {
    let id = RecordId::new(Kind::Settings, def.number);
    Ok(match client.get(id)? {
        Some(stored) => match stored.record {
            Record::Setting(setting) => (stored.rev, setting.value),
            _ => return Err(Problem::NotFound.into()),
        },
        None => (Revision(0), def.default.to_string()),
    })
}

fn write(client: &mut Client, def: &SettingDef, value: &str) -> Result<(), Failure> {
    let (base, _) = read(client, def)?;
    let setting = Setting { name: def.name.to_string(), value: value.to_string() };
    let id = Some(RecordId::new(Kind::Settings, def.number));
    let draft = DraftRecord { id, base, record: Record::Setting(setting) };
    let saved = client.save(Request::Save(Save { step: step(""), drafts: vec![draft] }))?;
    tell_saved(&saved);
    Ok(())
}
