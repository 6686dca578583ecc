//! Staff lists: from a row of any sheet in ASN.md 10.1-10.5 (SIASN, SIMPEG, Kemnaker,
//! DUK) or of our own export to an `EmployeeRow`. Says what is wrong with a row as far
//! as the file alone can tell; what the office knows (who is new, who has changed) is
//! not known here.

use std::collections::HashSet;

use chrono::NaiveDate;

use super::clean;
use super::header::{Header, Known, fields};
use super::reader::{Read, Reader};
use super::row::{number, too_long};
use super::sheet::{Cell, SheetRow};
use super::words;
use crate::domain::fault::{Fault, Reason};
use crate::domain::field::TEXT_MAX;
use crate::domain::grade::Grade;
use crate::domain::intake::{EmployeeRow, RowData};
use crate::domain::kinds::employee::{Employee, EmploymentKind};
use crate::domain::kinds::position::{Position, eselon};
use crate::domain::kinds::unit::path_names;
use crate::domain::number::{EmployeeNumber, Sex};

fields! {
    enum Col {
        Number "nip" ["nipbaru", "nip", "nipnidn", "nippppk", "nipppk", "nipnippppk", "nomorindukpegawai", "formattednip"],
        Name "name" ["nama", "name", "namalengkap", "namapegawai", "namapns", "namaasn", "namapemangku"],
        NameAndNumber "name_and_nip" ["namanip", "namadannip", "namapegawainip", "namalengkapnip", "nipnama"],
        LocalNumber "local_number" ["localnumber", "nomorlokal"],
        FrontTitle "front_title" ["gelardepan", "fronttitle"],
        BackTitle "back_title" ["gelarbelakang", "backtitle"],
        Kind "kind" ["kind", "jenispegawainama", "jenispegawai", "kriteriaasn", "jenisasn", "statuskepegawaian", "statuspegawai"],
        Status "status" ["status"],
        LegalStatus "legal_status" ["legalstatus", "kedudukanhukumnama", "kedudukanhukum", "kedudukanpnsnama"],
        Grade "grade" ["grade", "golakhirnama", "golruangakhir", "golakhir", "golonganruang", "golongan", "golru", "golruang", "gol", "pangkatgolruang", "pangkatgolonganruang", "pangkatgolongan", "golonganpangkat", "pangkatgol"],
        Rank "rank" ["pangkatakhir", "pangkat"],
        GradeSince "grade_since" ["gradesince", "tmtgolonganakhir", "tmtgolongan", "tmtgolakhir", "tmtgolru", "tmtgolruang", "tmtpangkat", "tmtpangkatterakhir", "tmt"],
        ServiceYears "service_years" ["serviceyears", "mktahun", "masakerjatahun", "thn"],
        ServiceMonths "service_months" ["servicemonths", "mkbulan", "masakerjabulan", "bln"],
        Position "position" ["position", "jabatannama", "namajabatan", "jabatan", "jabatansaatini", "jabatandefinitif", "jabatansesuaikepmen*"],
        PositionKind "position_kind" ["positionkind", "jenisjabatannama", "jenisjabatan"],
        PositionKindId "position_kind_id" ["jenisjabatanid"],
        PositionSince "position_since" ["positionsince", "tmtjabatan"],
        Eselon "eselon" ["eselonnama", "eselon"],
        Education "education" ["education", "tingkatpendidikannama", "tingkatpendidikan", "tkpendidikanterakhir", "pendidikanterakhir", "jenjangpendidikan", "pendidikan"],
        EducationField "education_field" ["educationfield", "pendidikannama", "pendidikanterakhirnama", "namapendidikan", "jurusan", "jenispendidikan"],
        GraduationYear "graduation_year" ["graduationyear", "tahunlulus", "thnpendidikan", "thnlulus"],
        UnitPath "unit_path" ["unitpath", "jalurunit"],
        UnitCode "unit_code" ["unitcode", "unorid", "kodeunor", "kodeunit"],
        Unit "unit" ["unit", "unitkerja", "satker", "unitorganisasi", "opd", "skpd", "perangkatdaerah"],
        Instansi "instansi" ["instansikerjanama", "instansikerja"],
        SatuanKerja "satuan_kerja" ["satuankerjakerjanama", "satuankerjakerja", "satuankerjanama", "satuankerja", "unorinduknama", "unorinduk"],
        Unor "unor" ["unornama", "namaunor", "unor"],
        BirthDate "birth_date" ["birthdate", "tanggallahir", "tgllahir", "tanggallahirddmmyyyy"],
        Sex "sex" ["sex", "jeniskelamin", "jk", "kelamin", "lp"],
        CpnsSince "cpns_since" ["cpnssince", "tmtcpns"],
        Email "email" ["emailgov", "emaildinas", "emailkantor"],
        PnsId "pns_id" ["pnsid"],
    }
}

const UNIT_COLUMNS: [Col; 5] =
    [Col::UnitPath, Col::Unor, Col::SatuanKerja, Col::Instansi, Col::Unit];

/// `email` is the office's in our own export only; in SIASN's it is the private one.
fn claim_own_columns(header: &mut Header) {
    let own = ["unit_path", "legal_status", "position_kind", "job_level"];
    if own.iter().all(|name| header.names.iter().any(|other| other == name)) {
        header.claim(Col::Email, "email");
    }
}

/// The fields of the record that the file has a column for.
fn columns(header: &Header) -> Vec<String> {
    let simple = [
        ("name", &[Col::Name, Col::NameAndNumber][..]),
        ("front_title", &[Col::FrontTitle]),
        ("back_title", &[Col::BackTitle]),
        ("kind", &[Col::Kind]),
        ("status", &[Col::Status, Col::LegalStatus]),
        ("legal_status", &[Col::LegalStatus]),
        ("unit", &UNIT_COLUMNS),
        ("position", &[Col::Position]),
        ("position_since", &[Col::PositionSince]),
        ("grade", &[Col::Grade, Col::Rank]),
        ("grade_since", &[Col::GradeSince]),
        ("service_years", &[Col::ServiceYears]),
        ("service_months", &[Col::ServiceMonths]),
        ("cpns_since", &[Col::CpnsSince]),
        ("education", &[Col::Education]),
        ("education_field", &[Col::EducationField]),
        ("graduation_year", &[Col::GraduationYear]),
        ("birth_date", &[Col::BirthDate]),
        ("sex", &[Col::Sex]),
        ("email", &[Col::Email]),
        ("pns_id", &[Col::PnsId]),
    ];
    std::iter::once("number")
        .chain(simple.iter().filter(|(_, cols)| header.has_any(cols)).map(|(field, _)| *field))
        .map(str::to_string)
        .collect()
}

/// Reads the rows of one file; remembers which numbers it has seen in good ones.
#[derive(Default)]
pub(super) struct Employees {
    seen: HashSet<EmployeeNumber>,
}

impl Reader for Employees {
    fn table(&self) -> &[Known] {
        Col::TABLE
    }

    fn anchors(&self) -> &[usize] {
        &[
            Col::Number as usize,
            Col::Name as usize,
            Col::NameAndNumber as usize,
            Col::LocalNumber as usize,
        ]
    }

    fn needed(&self) -> Vec<&[usize]> {
        Vec::new()
    }

    fn claim(&self, header: &mut Header) {
        claim_own_columns(header);
    }

    fn columns(&self, header: &Header) -> Vec<String> {
        columns(header)
    }

    fn read(&mut self, header: &Header, row: &SheetRow) -> Result<Read, Fault> {
        let (name, number) = name_and_number(header, row)?;
        if self.seen.contains(&number) {
            let column = number_column(header, &number);
            return Err(Fault::new(header.name(column), Reason::DuplicateNip));
        }
        too_long(header, row, TEXT_MAX, &[])?;
        let mut reading = RowReading { header, row, faults: Vec::new() };
        let person = reading.person(name, number.clone());
        self.seen.insert(number);
        Ok(Read::Row(RowData::Employee(Box::new(person)), reading.faults))
    }
}

fn number_column(header: &Header, number: &EmployeeNumber) -> Col {
    match number {
        EmployeeNumber::Local(_) => Col::LocalNumber,
        _ if header.has(Col::Number) || !header.has(Col::NameAndNumber) => Col::Number,
        _ => Col::NameAndNumber,
    }
}

fn name_and_number(header: &Header, row: &SheetRow) -> Result<(String, EmployeeNumber), Fault> {
    let both = split_name_and_number(header.cell(row, Col::NameAndNumber));
    let named = header.has_any(&[Col::Name, Col::NameAndNumber]);
    let name = clean::line(header.cell(row, Col::Name)).or(both.0).unwrap_or_default();
    if name.is_empty() && named {
        let column = if header.has(Col::Name) { Col::Name } else { Col::NameAndNumber };
        return Err(Fault::new(header.name(column), Reason::NameMissing));
    }
    let (cell, column) = if header.has(Col::Number) || !header.has(Col::NameAndNumber) {
        (header.cell(row, Col::Number), Col::Number)
    } else {
        (&both.1, Col::NameAndNumber)
    };
    let number = match number(cell) {
        // The office's own number counts only where there is no NIP at all.
        Err(Reason::NipMissing) => match clean::line(header.cell(row, Col::LocalNumber)) {
            Some(local) => EmployeeNumber::local(&local)
                .map_err(|reason| Fault::new(header.name(Col::LocalNumber), reason))?,
            None => return Err(Fault::new(header.name(column), Reason::NipMissing)),
        },
        read => read.map_err(|reason| Fault::new(header.name(column), reason))?,
    };
    Ok((name, number))
}

/// `Budi, S.E. / 1990…`, `Budi⏎NIP. 1990…`: the DUK has both in one cell.
fn split_name_and_number(cell: &Cell) -> (Option<String>, Cell) {
    let Some(text) = clean::lines(cell) else { return (None, Cell::Empty) };
    let digits = |text: &str| text.chars().filter(char::is_ascii_digit).count();
    let parts = [text.rsplit_once('\n'), text.rsplit_once('/')];
    let cut =
        parts.into_iter().flatten().find(|(one, other)| (digits(one) >= 9) != (digits(other) >= 9));
    let (name, number) = match cut {
        Some((number, name)) if digits(number) >= 9 => (name, number),
        Some((name, number)) => (name, number),
        None => {
            let at = text.find(|c: char| c.is_ascii_digit()).unwrap_or(text.len());
            text.split_at(at)
        }
    };
    let label = |c: char| c.is_whitespace() || matches!(c, '/' | ':' | '\'' | '(' | ')' | '-');
    let name = name.trim_matches(label);
    let name = name
        .strip_suffix("NIP.")
        .or_else(|| name.strip_suffix("NIP"))
        .unwrap_or(name)
        .trim_matches(label);
    let number = number.trim_start_matches(|c: char| !c.is_ascii_digit()).trim_matches(label);
    (clean::line(&Cell::Text(name.to_string())), Cell::Text(number.to_string()))
}

/// One row being read, with what has been noticed so far.
struct RowReading<'a> {
    header: &'a Header,
    row: &'a SheetRow,
    faults: Vec<Fault>,
}

impl RowReading<'_> {
    fn cell(&self, column: Col) -> &Cell {
        self.header.cell(self.row, column)
    }

    fn text(&self, column: Col) -> String {
        clean::line(self.cell(column)).unwrap_or_default()
    }

    fn warn(&mut self, column: Col, reason: Reason) {
        self.faults.push(Fault::new(self.header.name(column), reason));
    }

    fn date(&mut self, column: Col) -> Option<NaiveDate> {
        clean::date(self.cell(column)).unwrap_or_else(|_| {
            self.warn(column, Reason::DateUnreadable);
            None
        })
    }

    fn figure(&mut self, column: Col) -> Option<i64> {
        clean::whole(self.cell(column)).unwrap_or_else(|_| {
            self.warn(column, Reason::NotANumber);
            None
        })
    }

    /// A figure within bounds, both included.
    fn within(&mut self, column: Col, figure: Option<i64>, min: i64, max: i64) -> Option<i64> {
        let figure = figure?;
        if (min..=max).contains(&figure) {
            return Some(figure);
        }
        let bounds = format!("{min}–{max}");
        self.faults.push(Fault::with(self.header.name(column), Reason::OutOfRange, bounds));
        None
    }

    fn whole(&mut self, column: Col, min: i64, max: i64) -> Option<i64> {
        let figure = self.figure(column);
        self.within(column, figure, min, max)
    }

    fn person(&mut self, name: String, number: EmployeeNumber) -> EmployeeRow {
        let legal_status = self.text(Col::LegalStatus);
        let kind = self.kind(&legal_status, &number);
        let status = match self.text(Col::Status) {
            own if own.is_empty() => words::status(&legal_status),
            own => words::status(&own),
        };
        let employee = Employee {
            name,
            front_title: self.text(Col::FrontTitle),
            back_title: self.text(Col::BackTitle),
            kind,
            status,
            legal_status,
            unit: None,
            position: None,
            position_since: self.date(Col::PositionSince),
            grade: self.grade(),
            grade_since: self.date(Col::GradeSince),
            service_years: self.whole(Col::ServiceYears, 0, 60).map(|years| years as u8),
            service_months: self.whole(Col::ServiceMonths, 0, 11).map(|months| months as u8),
            cpns_since: self.date(Col::CpnsSince),
            education: self.text(Col::Education),
            education_field: self.text(Col::EducationField),
            graduation_year: self.graduation_year(),
            birth_date: self.birth_date(&number),
            sex: self.sex(&number),
            email: self.text(Col::Email),
            pns_id: self.text(Col::PnsId),
            number,
            // A file never restricts anybody, nor lifts it.
            restricted: false,
        };
        let unit_path = self.unit_path();
        if unit_path.is_empty() && self.header.has_any(&UNIT_COLUMNS) {
            let column = UNIT_COLUMNS.into_iter().find(|column| self.header.has(*column));
            self.warn(column.unwrap_or(Col::Unit), Reason::UnitMissing);
        }
        let unit_code = if unit_path.is_empty() { String::new() } else { self.text(Col::UnitCode) };
        EmployeeRow { employee, unit_path, unit_code, position: self.position() }
    }

    /// Our own export says it by code, and an officer may have set it against the number;
    /// elsewhere `PNS` beside the number of a PPPK is a slip.
    fn kind(&self, legal_status: &str, number: &EmployeeNumber) -> EmploymentKind {
        let written = self.text(Col::Kind);
        match EmploymentKind::from_code(&written) {
            Some(kind) if self.header.name(Col::Kind) == "kind" => kind,
            _ => words::employment_kind(&[&written, legal_status], number),
        }
    }

    fn grade(&mut self) -> Option<Grade> {
        let written = [Col::Grade, Col::Rank].map(|column| (column, self.text(column)));
        let found = written.iter().find_map(|(_, text)| Grade::parse(text));
        let first = written.iter().find(|(_, text)| !text.is_empty());
        if let (None, Some((column, _))) = (found, first) {
            self.warn(*column, Reason::GradeUnknown);
        }
        found
    }

    /// The year, also of a whole date.
    fn graduation_year(&mut self) -> Option<u16> {
        let cell = self.cell(Col::GraduationYear);
        let date = match cell {
            Cell::Date(date) => Some(*date),
            Cell::Text(_) => clean::date(cell).ok().flatten(),
            _ => None,
        };
        let year = match date {
            Some(date) => Some(i64::from(chrono::Datelike::year(&date))),
            None => self.figure(Col::GraduationYear),
        };
        self.within(Col::GraduationYear, year, 1940, 2100).map(|year| year as u16)
    }

    /// The date of the column; without a column, what the number says.
    fn birth_date(&mut self, number: &EmployeeNumber) -> Option<NaiveDate> {
        if !self.header.has(Col::BirthDate) {
            return number.birth_date();
        }
        let written = self.date(Col::BirthDate)?;
        if number.birth_date().is_some_and(|told| told != written) {
            self.warn(Col::BirthDate, Reason::BirthDateDiffers);
        }
        Some(written)
    }

    fn sex(&mut self, number: &EmployeeNumber) -> Option<Sex> {
        if !self.header.has(Col::Sex) {
            return number.sex();
        }
        let written = words::sex(&self.text(Col::Sex))?;
        if number.sex().is_some_and(|told| told != written) {
            self.warn(Col::Sex, Reason::SexDiffers);
        }
        Some(written)
    }

    /// Names from the root down. A unit below one of the same name is that unit.
    fn unit_path(&self) -> Vec<String> {
        let own = self.text(Col::UnitPath);
        let [top, office, leaf, unit] =
            [Col::Instansi, Col::SatuanKerja, Col::Unor, Col::Unit].map(|column| self.text(column));
        let names: Vec<String> = if own.is_empty() {
            // `UNIT KERJA` is the office above an UNOR, or the unit below a satuan kerja.
            let (office, leaf) = match (office.is_empty(), leaf.is_empty()) {
                (true, false) => (unit, leaf),
                (_, true) => (office, unit),
                (false, false) => (office, leaf),
            };
            vec![top, office, leaf]
        } else {
            path_names(&own)
        };
        let mut path: Vec<String> = names.into_iter().filter(|name| !name.is_empty()).collect();
        let fold = crate::domain::record::fold;
        path.dedup_by(|name, above| fold(name) == fold(above));
        path
    }

    fn position(&self) -> Option<Position> {
        let title = self.text(Col::Position);
        if title.is_empty() {
            return None;
        }
        let kind = [Col::PositionKind, Col::PositionKindId]
            .into_iter()
            .find_map(|column| words::position_kind(&self.text(column)));
        let eselon = eselon(&self.text(Col::Eselon)).unwrap_or_default().to_string();
        // The job level is derived; one that comes back in a file is not the officer's word.
        Some(Position { title, kind, eselon, job_level: None, class: None })
    }
}

#[cfg(test)]
#[path = "employees_tests.rs"]
mod tests;
