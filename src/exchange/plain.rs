//! Plain files: a column a field, read by the shapes of the kind's own fields. What is
//! known here of a kind stands in its field table: headings, spellings, what is required.
//! Whether a person or a competency is known is for the office to say; a number that is
//! no number at all is an unknown person here already.

use super::header::{Header, Known, NIP};
use super::reader::{Read, Reader};
use super::sheet::SheetRow;
use super::source::Lexicon;
use super::{clean, row as cells, words};
use crate::domain::fault::{Fault, Reason};
use crate::domain::field::{Field, LONG_TEXT_MAX, Shape, TEXT_MAX, Time};
use crate::domain::grade::Grade;
use crate::domain::intake::{IntakeDef, PlainRow, RowData};
use crate::domain::record::Kind;
use crate::domain::value::Value;

/// Headings of the number of the person a row belongs to.
const NUMBER: Known = Known {
    field: NIP,
    by_name: true,
    aliases: &["NIP BARU", "NI PPPK", "NIPPPK", "NOMOR INDUK PEGAWAI", "NIP *"],
};
/// Headings of the office's own number, for who has no NIP.
const LOCAL_NUMBER: Known =
    Known { field: "local_number", by_name: true, aliases: &["NOMOR LOKAL", "NOMOR KANTOR"] };

/// Whether a field names somebody, whose number and name have a column each.
fn is_somebody(field: &Field) -> bool {
    field.shape == Shape::Reference(Kind::Employees)
}

pub(super) struct Plain {
    noticed: Option<fn(&PlainRow) -> Option<Fault>>,
    yields: Option<(&'static str, &'static str)>,
    lexicon: Lexicon,
    table: Vec<Known>,
    /// In the order in which they are read, with their places in the table.
    fields: Vec<(&'static Field, usize)>,
    /// The person's, whose number has two places.
    person: Option<&'static str>,
    anchors: Vec<usize>,
    /// Of each of these one at least.
    needed: Vec<Vec<usize>>,
}

impl Plain {
    pub fn new(def: &IntakeDef, lexicon: &Lexicon) -> Self {
        Self::without(def, lexicon, &[])
    }

    /// One that reads all but these fields.
    pub fn without(def: &IntakeDef, lexicon: &Lexicon, but: &[&str]) -> Self {
        let person = def.person().map(|field| field.name);
        let mut fields = def.fields();
        fields.retain(|field| !but.contains(&field.name));
        let read = fields.clone();
        let place = |field: &Field| def.kind.fields().iter().position(|f| f.name == field.name);
        fields.sort_by_key(|field| place(field));
        let (mut table, mut places) = (Vec::new(), Vec::new());
        for field in fields {
            places.push((field.name, table.len()));
            if person == Some(field.name) {
                table.extend([NUMBER, LOCAL_NUMBER]);
            } else if is_somebody(field) {
                // The number first, the name beside it.
                let says_number = |heading: &&str| heading.to_lowercase().contains("nip");
                let numbers = field.headings.iter().take_while(|it| says_number(it)).count();
                let (numbers, names) = field.headings.split_at(numbers);
                let (number, others) = numbers.split_first().unwrap_or((&field.name, &[]));
                table.push(Known { field: number, by_name: true, aliases: others });
                table.push(Known { field: field.name, by_name: true, aliases: names });
            } else {
                table.push(Known { field: field.name, by_name: true, aliases: field.headings });
            }
        }
        let at = |name: &str| places.iter().find(|(of, _)| *of == name).map_or(0, |(_, at)| *at);
        let required = places.iter().filter(|(name, _)| {
            person != Some(name) && def.kind.field(name).is_some_and(|field| field.required)
        });
        let columns = |(name, at): &(&str, usize)| {
            let two = def.kind.field(name).is_some_and(is_somebody);
            (*at..=*at + usize::from(two)).collect()
        };
        let mut needed: Vec<Vec<usize>> = required.map(columns).collect();
        let anchors = match person {
            Some(name) => vec![at(name), at(name) + 1],
            None => needed.concat(),
        };
        needed.extend(def.yields.map(|(field, to)| vec![at(to), at(field)]));
        let fields = read.into_iter().map(|field| (field, at(field.name))).collect();
        Self {
            noticed: def.noticed,
            yields: def.yields,
            lexicon: lexicon.clone(),
            table,
            fields,
            person,
            anchors,
            needed,
        }
    }

    fn is_person(&self, field: &Field) -> bool {
        self.person == Some(field.name)
    }

    fn has(header: &Header, field: &Field, at: usize) -> bool {
        header.has(at) || is_somebody(field) && header.has(at + 1)
    }

    /// Somebody besides the row's own person, by number, else by name.
    fn somebody(header: &Header, row: &SheetRow, at: usize) -> Result<Value, Fault> {
        let numbered = clean::line(header.cell(row, at)).is_some();
        let at = if numbered { at } else { at + 1 };
        let cell = header.cell(row, at);
        if numbered || cells::holds_number(cell) {
            let number = cells::number(cell).map(|number| Value::from(&number));
            return number.map_err(|reason| Fault::new(header.name(at), reason));
        }
        Ok(Value::text(clean::line(cell).unwrap_or_default()))
    }

    /// What the cell says, or why the row is refused.
    fn value(
        &self,
        header: &Header,
        row: &SheetRow,
        field: &Field,
        at: usize,
    ) -> Result<Value, Fault> {
        let cell = header.cell(row, at);
        let text = || clean::line(cell).unwrap_or_default();
        let refuse = |reason: Reason| Fault::new(header.name(at), reason);
        let value = match field.shape {
            Shape::Reference(_) if self.is_person(field) => {
                return cells::person(header, row, at, at + 1).map(|number| Value::from(&number));
            }
            Shape::Reference(_) if is_somebody(field) => Self::somebody(header, row, at)?,
            Shape::Text | Shape::Reference(_) | Shape::References(_) => Value::text(text()),
            Shape::LongText => {
                Value::text(clean::squeezed(&clean::lines(cell).unwrap_or_default()))
            }
            Shape::Flag => Value::Flag(words::flag(&text())),
            Shape::Number => cells::number(cell).map(|n| Value::from(&n)).map_err(refuse)?,
            // A certificate that never expires says so in words.
            Shape::Date if field.due && words::is_for_ever(&text()) => Value::Empty,
            Shape::Date => match cells::date(header, row, at)? {
                (Some(date), _) if field.time == Time::Past && date > self.lexicon.today => {
                    return Err(refuse(Reason::DateFuture));
                }
                (date, _) => Value::date(date),
            },
            Shape::Level if clean::line(cell).is_none() && !field.required => Value::Empty,
            Shape::Level => {
                let level = cells::level(header, row, at).map_err(|fault| match field.unknown {
                    Some(reason) => refuse(reason),
                    None => fault,
                })?;
                Value::Whole(level.get().into())
            }
            Shape::Whole { min, max } => match clean::whole(cell) {
                Ok(Some(figure)) if !(min..=max).contains(&figure) => {
                    let bounds = format!("{min}–{max}");
                    return Err(Fault::with(header.name(at), Reason::OutOfRange, bounds));
                }
                Ok(figure) => Value::whole(figure),
                Err(_) => return Err(refuse(field.unknown())),
            },
            Shape::Points { max } => match clean::points(cell) {
                Ok(Some(figure)) if figure.hundredths() > max * 100 => {
                    return Err(Fault::with(
                        header.name(at),
                        Reason::OutOfRange,
                        format!("0–{max}"),
                    ));
                }
                Ok(figure) => Value::text(figure.map_or(String::new(), |it| it.to_string())),
                Err(_) => return Err(refuse(field.unknown())),
            },
            Shape::Choice(codes) => match text() {
                none if none.is_empty() => Value::Empty,
                word => {
                    let Lexicon { rules, words, .. } = &self.lexicon;
                    let code = rules.code_meant(codes, field.spellings, &word, words);
                    code.map(Value::choice).ok_or_else(|| match field.unknown() {
                        none @ Reason::NotAChoice => {
                            Fault::with(header.name(at), none, codes.join(", "))
                        }
                        other => refuse(other),
                    })?
                }
            },
            Shape::Grade => match text() {
                none if none.is_empty() => Value::Empty,
                label => {
                    let grade = Grade::read(&label, &self.lexicon.rules.grades)
                        .ok_or_else(|| refuse(field.unknown()))?;
                    Value::text(grade.to_string())
                }
            },
            Shape::Moment | Shape::List => Value::Empty,
        };
        if field.required && value.is_empty() { Err(refuse(field.missing())) } else { Ok(value) }
    }

    /// The long texts first, in the order of the fields; then what stands in any cell.
    fn too_long(&self, header: &Header, row: &SheetRow) -> Result<(), Fault> {
        let long = |(field, _): &&(&Field, usize)| field.shape == Shape::LongText;
        let long: Vec<usize> = self.fields.iter().filter(long).map(|(_, at)| *at).collect();
        for at in &long {
            let text = clean::lines(header.cell(row, *at)).unwrap_or_default();
            if text.len() > LONG_TEXT_MAX && text.chars().count() > LONG_TEXT_MAX {
                return Err(Fault::with(header.name(*at), Reason::TooLong, LONG_TEXT_MAX));
            }
        }
        cells::too_long(header, row, TEXT_MAX, &long)
    }
}

impl Reader for Plain {
    fn table(&self) -> &[Known] {
        &self.table
    }

    fn anchors(&self) -> &[usize] {
        &self.anchors
    }

    fn needed(&self) -> Vec<&[usize]> {
        self.needed.iter().map(Vec::as_slice).collect()
    }

    fn dates(&self) -> Vec<usize> {
        let dates = self.fields.iter().filter(|(field, _)| field.shape == Shape::Date);
        dates.map(|(_, at)| *at).collect()
    }

    fn columns(&self, header: &Header) -> Vec<String> {
        let mut fields: Vec<_> =
            self.fields.iter().filter(|(field, at)| Self::has(header, field, *at)).collect();
        fields.sort_by_key(|(_, at)| *at);
        fields.into_iter().map(|(field, _)| field.name.to_string()).collect()
    }

    fn read(&mut self, header: &Header, row: &SheetRow) -> Result<Read, Fault> {
        let mut plain = PlainRow::default();
        for (field, at) in &self.fields {
            if self.is_person(field) || Self::has(header, field, *at) {
                plain.set(field.name, self.value(header, row, field, *at)?);
            }
        }
        if let Some(pair) = self.yields {
            plain.yield_to(pair);
        }
        self.too_long(header, row)?;
        let mut remarks = cells::turned(header, row, &self.dates());
        remarks.extend(self.noticed.and_then(|noticed| noticed(&plain)));
        Ok(Read::Row(RowData::Plain(plain), remarks))
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{all, expected, options, read as import, refused, sample};
    use super::super::{FileError, open};
    use crate::domain::intake::{Intake, RowData};
    use crate::domain::value::Value;

    const NIP: &str = "199001012015012001";

    #[test]
    fn the_sample_ratings_are_read_but_for_people_whose_number_is_none() {
        let Some(path) = sample("penilaian_plaju.csv") else { return };
        let want = expected(&path);
        let mut source = open(Intake::Ratings, &path, &options()).unwrap();
        let chunk = all(&mut source).unwrap();
        assert_eq!(u64::from(chunk.lines_read), want["rows"].as_u64().unwrap());
        let rejected = want["rejected"].as_object().unwrap();
        // The rest of these people are unknown to the office only.
        for (line, reason) in refused(&chunk) {
            assert_eq!(rejected[&line.to_string()], reason, "{line}");
        }
        assert!(source.ignored_columns().is_empty());
        assert_eq!(
            source.columns(),
            ["employee", "competency", "level", "source", "rater", "date", "method", "evidence"]
        );
    }

    #[test]
    fn the_first_reason_in_order_is_the_one_given() {
        let (_, chunk) = import(
            Intake::Ratings,
            format!(
                "nip;kode_kompetensi;level;sumber;penilai;tanggal;metode;bukti\n\
                 x;;9;x;;x;;\n\
                 {NIP};;9;x;;x;;\n\
                 {NIP};M.1;6;x;;x;;\n\
                 {NIP};M.1;2,5;x;;x;;\n\
                 {NIP};M.1;3;x;;31-02-2026;;\n\
                 {NIP};M.1;3;x;;22-11-2026;;\n\
                 {NIP};M.1;3;x;;21-11-2026;;\n\
                 {NIP};M.1;3;asesor;{long};21-11-2026;;\n\
                 {NIP};M.01;3,0;Rekan Kerja;Budi;2026-11-21;sederhana;\"satu\ndua\"\n",
                long = "x".repeat(501)
            )
            .as_bytes(),
        );
        assert_eq!(
            refused(&chunk),
            [
                (2, "employee_unknown"),
                (3, "competency_unknown"),
                (4, "level_range"),
                (5, "level_range"),
                (6, "date_unreadable"),
                (7, "date_future"),
                (8, "source_unknown"),
                (9, "too_long"),
            ]
        );
        let RowData::Plain(row) = &chunk.rows[0].data else { panic!("a rating") };
        assert_eq!(row.value("competency"), Some(&Value::text("M.01")));
        assert_eq!(row.value("level"), Some(&Value::Whole(3)));
        assert_eq!(row.value("source"), Some(&Value::choice("rekan")));
        assert_eq!(row.value("evidence"), Some(&Value::text("satu\ndua")));
    }

    #[test]
    fn a_file_without_levels_is_no_file_of_ratings() {
        let (_folder, path) = super::super::testing::file(b"nip;kode;tanggal;sumber\n1;2;3;4\n");
        assert_eq!(
            open(Intake::Ratings, &path, &options()).err(),
            Some(FileError::ColumnsMissing {
                fields: vec!["level".into()],
                candidates: Vec::new()
            })
        );
    }
}
