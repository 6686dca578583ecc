//! `kompeten kinds [KIND]`: what kinds of record there are, and what each is made of; so that
//! a script or a person can find out what `add`, `edit`, `list` and `import` take.

use std::io::Write;

use serde_json::{Map, Value as Json, json};

use super::args::{Kinds, TableFormat};
use super::fault::{Exit, Failure};
use super::table::{LINE, Table, wrap};
use crate::domain::belongs::Writers;
use crate::domain::column::Align;
use crate::domain::field::{Field, LONG_TEXT_MAX, Privacy, Shape, TEXT_MAX};
use crate::domain::record::{Kind, Record};
use crate::i18n::{self, t};

pub fn run(args: &Kinds, out: &mut dyn Write) -> Result<Exit, Failure> {
    match (args.kind, args.format) {
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
    let heads = [t!("kinds.kind"), t!("kinds.label"), t!("kinds.belongs"), t!("kinds.key")];
    let mut table = Table::new(heads.map(|head| (head.into_owned(), Align::Left)));
    for kind in Kind::ALL {
        let belongs =
            i18n::find(&format!("kinds.belongs.{}", kind.belongs().name())).unwrap_or_default();
        let key = natural_key(kind).join(", ");
        table.row(vec![kind.name().to_string(), i18n::kind(kind), belongs, key]);
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
    let columns = kind.columns().iter().map(|column| column.name).collect::<Vec<_>>().join(", ");
    writeln!(out, "\n{}", t!("kinds.columns"))?;
    for line in wrap(&columns, LINE - 4) {
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
        "key": natural_key(kind),
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
        Shape::Level => {
            put("min", json!(1));
            put("max", json!(5));
        }
        Shape::Choice(codes) => {
            let choice = |code: &&str| json!({"code": code, "label": i18n::choice(code)});
            put("choices", codes.iter().map(choice).collect());
        }
        Shape::Reference(to) => put("reference", json!(to.name())),
        _ => {}
    }
    put("required", json!(field.required));
    put("privacy", json!(privacy(field.privacy)));
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
        Shape::Level => "level",
        Shape::Flag => "flag",
        Shape::Choice(_) => "choice",
        Shape::Grade => "grade",
        Shape::Reference(_) => "reference",
        Shape::List => "list",
    }
}

const fn privacy(privacy: Privacy) -> &'static str {
    match privacy {
        Privacy::Work => "work",
        Privacy::Personal => "personal",
    }
}

/// The fields under whose values at most one record stands.
fn natural_key(kind: Kind) -> Vec<&'static str> {
    Record::empty(kind).keys().into_iter().map(|key| key.field).collect()
}

const fn is_kept_by_office(kind: Kind) -> bool {
    matches!(kind.writers(), Writers::Office)
}
