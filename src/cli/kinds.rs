//! `kompeten kinds [KIND]`: what kinds of record there are, and what each is made of; so that
//! a script or a person can find out what `add`, `edit`, `list` and `import` take.

use std::io::Write;

use serde_json::{Map, Value as Json, json};

use super::args::KindsArgs;
use super::fault::{Exit, Failure};
use super::table::{LINE, PlainTable, wrap};
use super::values::TableFormat;
use crate::domain::belongs::Writers;
use crate::domain::column::Align;
use crate::domain::field::{Erasure, Field, LONG_TEXT_MAX, Privacy, Shape, TEXT_MAX};
use crate::domain::record::{Kind, Record};
use crate::domain::several::SEVERAL_MAX;
use crate::i18n::{self, t};

pub fn run(args: &KindsArgs, out: &mut dyn Write) -> Result<Exit, Failure> {
    match (args.kind, args.shown.format) {
        (None, TableFormat::Table) => all(out)?,
        (Some(kind), TableFormat::Table) => one(kind, out)?,
        (kind, TableFormat::Json) => {
            let json = kind.map_or_else(|| Kind::ALL.into_iter().map(schema).collect(), schema);
            serde_json::to_writer_pretty(&mut *out, &json)?;
            writeln!(out)?;
        }
    }
    Ok(Exit::Done)
}

fn all(out: &mut dyn Write) -> Result<(), Failure> {
    let heads = [t!("kinds.kind"), t!("kinds.label"), t!("kinds.belongs")];
    let mut table = PlainTable::new(heads.map(|head| (head.into_owned(), Align::Left)));
    for kind in Kind::ALL {
        let belongs =
            i18n::find(&format!("kinds.belongs.{}", kind.belongs().name())).unwrap_or_default();
        table.row(vec![kind.name().to_string(), i18n::kind(kind), belongs]);
    }
    table.print(out)?;
    Ok(())
}

/// A field a line, and below it what it takes.
fn one(kind: Kind, out: &mut dyn Write) -> Result<(), Failure> {
    writeln!(out, "{}  {}", kind.name(), i18n::kind(kind))?;
    if is_kept_by_office(kind) {
        writeln!(out, "{}", t!("kinds.kept_by_office"))?;
    }
    for field in kind.fields() {
        let mut marks = Vec::new();
        if field.required {
            marks.push(t!("kinds.required").into_owned());
        }
        if field.privacy == Privacy::Personal {
            marks.push(t!("kinds.personal").into_owned());
        }
        let marks =
            if marks.is_empty() { String::new() } else { format!(" [{}]", marks.join(", ")) };
        writeln!(out, "\n{}  {}{marks}", field.name, i18n::field_of(kind, field.name))?;
        for line in wrap(&i18n::expected(field), LINE - 4) {
            writeln!(out, "    {line}")?;
        }
    }
    for key in natural_keys(kind) {
        names(&t!("kinds.key"), &key, out)?;
    }
    let columns: Vec<_> = kind.columns().iter().map(|column| column.name).collect();
    names(&t!("kinds.columns"), &columns, out)
}

fn names(head: &str, names: &[&str], out: &mut dyn Write) -> Result<(), Failure> {
    writeln!(out, "\n{head}")?;
    for line in wrap(&names.join(", "), LINE - 4) {
        writeln!(out, "    {line}")?;
    }
    Ok(())
}

fn schema(kind: Kind) -> Json {
    let columns = kind.columns().iter().map(|column| {
        json!({"name": column.name, "label": i18n::field_of(kind, column.name),
               "shown": column.shown, "privacy": privacy(column.privacy)})
    });
    json!({
        "name": kind.name(),
        "label": i18n::kind(kind),
        "belongs": kind.belongs().name(),
        "kept_by_office": is_kept_by_office(kind),
        "keys": natural_keys(kind),
        "fields": kind.fields().iter().map(|field| field_json(kind, field)).collect::<Json>(),
        "columns": columns.collect::<Json>(),
    })
}

fn field_json(kind: Kind, field: &Field) -> Json {
    let mut object = Map::new();
    let mut put = |key: &str, value: Json| drop(object.insert(key.to_string(), value));
    put("name", json!(field.name));
    put("label", json!(i18n::field_of(kind, field.name)));
    put("shape", json!(shape(field.shape)));
    match field.shape {
        Shape::Text => put("max_length", json!(TEXT_MAX)),
        Shape::LongText => put("max_length", json!(LONG_TEXT_MAX)),
        Shape::Whole { min, max } => {
            put("min", json!(min));
            put("max", json!(max));
        }
        Shape::Points { max } => {
            put("min", json!(0));
            put("max", json!(max));
        }
        Shape::Level => {
            put("min", json!(1));
            put("max", json!(5));
        }
        Shape::Choice(codes) => {
            let choice = |code: &&str| json!({"code": code, "label": i18n::choice(code)});
            put("choices", codes.iter().map(choice).collect());
        }
        Shape::Reference(to) => put("reference", json!(to.name())),
        Shape::References(to) => {
            put("reference", json!(to.name()));
            put("most", json!(SEVERAL_MAX));
        }
        _ => {}
    }
    put("required", json!(field.required));
    put("privacy", json!(privacy(field.privacy)));
    if kind.belongs().is_personal() {
        put("erasure", json!(erasure(field.erasure)));
    }
    put("expected", json!(i18n::expected(field)));
    Json::Object(object)
}

/// The word for a shape that scripts rely on.
const fn shape(shape: Shape) -> &'static str {
    match shape {
        Shape::Text => "text",
        Shape::LongText => "long_text",
        Shape::Number => "number",
        Shape::Date => "date",
        Shape::Moment => "moment",
        Shape::Whole { .. } => "whole",
        Shape::Points { .. } => "points",
        Shape::Level => "level",
        Shape::Flag => "flag",
        Shape::Choice(_) => "choice",
        Shape::Grade => "grade",
        Shape::Reference(_) => "reference",
        Shape::References(_) => "references",
        Shape::List => "list",
    }
}

const fn privacy(privacy: Privacy) -> &'static str {
    match privacy {
        Privacy::Work => "work",
        Privacy::Personal => "personal",
    }
}

/// What becomes of the value when its person is erased.
const fn erasure(erasure: Erasure) -> &'static str {
    match erasure {
        Erasure::Gone => "gone",
        Erasure::Kept => "kept",
        Erasure::Dash => "dash",
        Erasure::Pseudonym => "pseudonym",
    }
}

/// The fields no two records have all alike, key by key: those by which a record without
/// anything in it gets another key.
fn natural_keys(kind: Kind) -> Vec<Vec<&'static str>> {
    let empty = Record::empty(kind);
    let before = empty.keys();
    let mut keys: Vec<(&str, Vec<&str>)> = Vec::new();
    for field in kind.fields() {
        let mut fields = empty.fields();
        fields.insert(field.name.to_string(), something(field.shape));
        let Ok(changed) = Record::from_fields(kind, &fields) else { continue };
        for key in changed.keys().iter().filter(|key| !before.contains(key)) {
            match keys.iter_mut().find(|(name, _)| *name == key.field) {
                Some((_, fields)) => fields.push(field.name),
                None => keys.push((key.field, vec![field.name])),
            }
        }
    }
    keys.into_iter().map(|(_, fields)| fields).collect()
}

/// A value such a field may have, other than none.
fn something(shape: Shape) -> Json {
    match shape {
        Shape::Text | Shape::LongText => json!("x"),
        Shape::Number => json!("199001012015012001"),
        Shape::Date => json!("2026-08-17"),
        Shape::Moment => json!("2026-08-17T00:00:00Z"),
        Shape::Whole { max, .. } => json!(max),
        Shape::Points { max } => json!(max),
        Shape::Level => json!(5),
        Shape::Flag => json!(true),
        Shape::Choice(codes) => json!(codes.last()),
        Shape::Grade => json!("III/c"),
        Shape::Reference(_) => json!(1),
        Shape::References(_) => json!([1]),
        Shape::List => json!([]),
    }
}

const fn is_kept_by_office(kind: Kind) -> bool {
    matches!(kind.writers(), Writers::Office | Writers::Acts)
}
