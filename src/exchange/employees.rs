//! Staff lists: from a row of any sheet in ASN.md 10.1-10.5 (SIASN, SIMPEG, Kemnaker,
//! DUK) or of our own export to an `EmployeeRow`. Says what is wrong with a row as far
//! as the file alone can tell; what the office knows (who is new, who has changed) is
//! not known here.

use std::collections::HashSet;
use std::sync::Arc;

use chrono::NaiveDate;

use super::clean;
use super::header::{Header, Known, fields};
use super::person;
use super::reader::{Read, Reader};
use super::row::{date, number, too_long};
use super::sheet::{SheetCell, SheetRow};
use super::since::{self, Since};
use super::words;
use crate::domain::fault::{Fault, Reason};
use crate::domain::field::TEXT_MAX;
use crate::domain::grade::Grade;
use crate::domain::intake::{EmployeeRow, RowData};
use crate::domain::kinds::employee::{Employee, EmploymentKind};
use crate::domain::kinds::position::{Position, eselon};
use crate::domain::kinds::unit::path_names;
use crate::domain::number::{EmployeeNumber, Sex};
use crate::domain::rulebook::Rulebook;

fields! {
    enum Col {
        Number "nip" ["nip baru", "nip", "nip nidn", "nip pppk", "nipppk", "nip ni pppk", "ni pppk", "nomor induk pegawai", "nomor induk", "nomor nip", "formatted nip", "nip *"],
        Name "name" ["nama", "name", "nama lengkap", "nama pegawai", "nama pns", "nama asn", "nama pemangku"],
        NameAndNumber "name_and_nip" ["nama nip", "nama dan nip", "nama pegawai nip", "nama lengkap nip", "nip nama", "nama nomor induk pegawai", "nama nip tempat tanggal lahir", "nama nip *"],
        LocalNumber "local_number" ["local number", "own number", "nomor lokal", "nomor kantor"],
        FrontTitle "front_title" ["gelar depan", "front title"],
        BackTitle "back_title" ["gelar belakang", "back title"],
        Kind "kind" ["kind", "jenis pegawai nama", "jenis pegawai", "kriteria asn", "jenis asn", "jenis kepegawaian", "status kepegawaian", "status pegawai", "status asn"],
        Status "status" ["status"],
        LegalStatus "legal_status" ["legal status", "kedudukan hukum nama", "kedudukan hukum", "kedudukan pns nama"],
        Grade "grade" ["grade", "gol akhir nama", "gol ruang akhir", "gol akhir", "golongan ruang", "golongan", "golru", "gol ruang", "gol", "pangkat gol ruang", "pangkat golongan ruang", "pangkat golongan", "golongan pangkat", "pangkat gol", "golongan tmt", "golongan ruang tmt", "pangkat golongan ruang tmt"],
        Rank "rank" ["pangkat akhir", "pangkat"],
        GradeSince "grade_since" ["grade since", "tmt golongan akhir", "tmt golongan", "tmt gol akhir", "tmt gol", "tmt golru", "tmt gol ruang", "tmt pangkat", "tmt pangkat terakhir", "tmt pangkat golongan", "tmt pangkat golongan ruang"],
        ServiceYears "service_years" ["service years", "mk tahun", "masa kerja tahun", "masa kerja golongan tahun", "masa kerja keseluruhan tahun", "masa kerja seluruhnya tahun", "=thn"],
        ServiceMonths "service_months" ["service months", "mk bulan", "masa kerja bulan", "masa kerja golongan bulan", "masa kerja keseluruhan bulan", "masa kerja seluruhnya bulan", "=bln"],
        Position "position" ["position", "jabatan nama", "nama jabatan", "jabatan", "jabatan saat ini", "jabatan definitif", "jabatan sesuai kepmen *"],
        PositionKind "position_kind" ["position kind", "jenis jabatan nama", "jenis jabatan"],
        PositionKindId "position_kind_id" ["jenis jabatan id"],
        PositionSince "position_since" ["position since", "tmt jabatan"],
        Eselon "eselon" ["eselon nama", "eselon", "eselon jabatan"],
        Education "education" ["education", "tingkat pendidikan nama", "tingkat pendidikan", "tk pendidikan terakhir", "pendidikan terakhir", "jenjang pendidikan", "pendidikan"],
        EducationField "education_field" ["education field", "pendidikan nama", "pendidikan terakhir nama", "nama pendidikan", "jurusan", "jurusan pendidikan", "program studi", "program studi pendidikan", "jenis pendidikan"],
        GraduationYear "graduation_year" ["graduation year", "tahun lulus", "thn pendidikan", "thn lulus", "lulus pendidikan", "tahun lulus pendidikan"],
        UnitPath "unit_path" ["unit path", "jalur unit"],
        UnitCode "unit_code" ["unit code", "unor id", "kode unor", "kode unit"],
        Unit "unit" ["unit", "unit kerja", "satker", "unit organisasi", "opd", "skpd", "perangkat daerah", "unit satuan kerja", "instansi unit kerja"],
        Instansi "instansi" ["instansi kerja nama", "instansi kerja"],
        SatuanKerja "satuan_kerja" ["satuan kerja kerja nama", "satuan kerja kerja", "satuan kerja nama", "satuan kerja", "unor induk nama", "unor induk"],
        Unor "unor" ["unor nama", "nama unor", "unor"],
        BirthDate "birth_date" ["birth date", "tanggal lahir", "tgl lahir", "tanggal bulan tahun lahir"],
        Sex "sex" ["sex", "jenis kelamin", "jk", "kelamin", "lp", "gender"],
        CpnsSince "cpns_since" ["cpns since", "tmt cpns"],
        Email "email" ["email gov", "email dinas", "email kantor"],
        PnsId "pns_id" ["pns id"],
    }
}

const UNIT_COLUMNS: [Col; 5] =
    [Col::UnitPath, Col::Unor, Col::SatuanKerja, Col::Instansi, Col::Unit];

/// The columns of days, each with those of what began then.
const SINCE: [(Col, &[Col]); 2] =
    [(Col::PositionSince, &[Col::Position]), (Col::GradeSince, &[Col::Grade, Col::Rank])];

/// `email` is the office's in our own export only; in SIASN's it is the private one.
fn claim_own_columns(header: &mut Header) {
    let own = ["unit_path", "legal_status", "position_kind", "job_level"];
    if own.iter().all(|name| header.names.iter().any(|other| other == name)) {
        header.claim(Col::Email, "email");
    }
    // `JABATAN / TMT` holds both, and the post is the first of them.
    let first = |header: &Header| {
        let words = header.name(Col::PositionSince).to_lowercase();
        words.trim_start_matches("nama").trim_start().starts_with("jabatan")
    };
    if header.has(Col::PositionSince) && !header.has(Col::Position) && first(header) {
        header.hand_over(Col::PositionSince, Col::Position);
    }
}

/// Whether a field's own column, or else that of what began then, has the day by its heading:
/// then a row without one has none.
fn tells_since(header: &Header, own: Col, of: &[Col]) -> bool {
    let mut columns = of.iter().filter_map(|of| header.column(*of));
    header.has(own) || columns.any(|column| header.speaks_of_since(column))
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
        ("grade", &[Col::Grade, Col::Rank]),
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
    let since = [("position_since", SINCE[0]), ("grade_since", SINCE[1])];
    let since = since.iter().filter(|(_, (own, of))| tells_since(header, *own, of));
    std::iter::once("number")
        .chain(simple.iter().filter(|(_, cols)| header.has_any(cols)).map(|(field, _)| *field))
        .chain(since.map(|(field, _)| *field))
        .map(str::to_string)
        .collect()
}

/// Reads the rows of one file; remembers which numbers it has seen in good ones.
pub(super) struct Employees {
    seen: HashSet<EmployeeNumber>,
    rules: Arc<Rulebook>,
}

impl Employees {
    pub fn new(rules: &Arc<Rulebook>) -> Self {
        Self { seen: HashSet::new(), rules: Arc::clone(rules) }
    }
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

    /// Whoever a row is about has a number: without a column for one, no row says who.
    fn needed(&self) -> Vec<&[usize]> {
        vec![&[Col::Number as usize, Col::NameAndNumber as usize, Col::LocalNumber as usize]]
    }

    fn for_new(&self) -> Vec<&[usize]> {
        vec![&[Col::Name as usize, Col::NameAndNumber as usize]]
    }

    fn dates(&self) -> Vec<usize> {
        let own = [Col::BirthDate, Col::GradeSince, Col::PositionSince, Col::CpnsSince];
        own.iter().chain(SINCE.iter().flat_map(|(_, of)| *of)).map(|col| *col as usize).collect()
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
        let mut reading = RowReading { header, row, rules: &self.rules, faults: Vec::new() };
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
    let both = person::split(header.cell(row, Col::NameAndNumber));
    let named = header.has_any(&[Col::Name, Col::NameAndNumber]);
    let name = person::name(header.cell(row, Col::Name)).or(both.name).unwrap_or_default();
    if name.is_empty() && named {
        let column = if header.has(Col::Name) { Col::Name } else { Col::NameAndNumber };
        return Err(Fault::new(header.name(column), Reason::NameMissing));
    }
    let (cell, column) = if header.has(Col::Number) || !header.has(Col::NameAndNumber) {
        (header.cell(row, Col::Number), Col::Number)
    } else {
        (&both.number, Col::NameAndNumber)
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

/// One row being read, with what has been noticed so far.
struct RowReading<'a> {
    header: &'a Header,
    row: &'a SheetRow,
    rules: &'a Rulebook,
    faults: Vec<Fault>,
}

impl RowReading<'_> {
    fn cell(&self, column: Col) -> &SheetCell {
        self.header.cell(self.row, column)
    }

    fn text(&self, column: Col) -> String {
        clean::line(self.cell(column)).unwrap_or_default()
    }

    fn warn(&mut self, column: Col, reason: Reason) {
        self.faults.push(Fault::new(self.header.name(column), reason));
    }

    fn date(&mut self, column: Col) -> Option<NaiveDate> {
        match date(self.header, self.row, column) {
            Ok((date, turned)) => {
                if turned {
                    self.warn(column, Reason::DateMonthFirst);
                }
                date
            }
            Err(fault) => {
                self.faults.push(fault);
                None
            }
        }
    }

    /// The day of its own column; where that says none, the day that stands in the cell of
    /// what began then.
    fn since(&mut self, (own, of): (Col, &[Col])) -> Option<NaiveDate> {
        let stated = self.date(own);
        let said = of.iter().find_map(|of| Some((*of, self.said_in(*of)?)));
        let Some((of, since)) = said else { return stated };
        match (stated, since.day) {
            (None, None) => self.warn(of, Reason::DateUnreadable),
            (None, Some(_)) if since.turned => self.warn(of, Reason::DateMonthFirst),
            (Some(stated), Some(day)) if stated != day => self.warn(of, Reason::SinceDiffers),
            _ => {}
        }
        stated.or(since.day)
    }

    /// A day among the words of a cell. Of a post words are left that may be its own.
    fn said_in(&self, of: Col) -> Option<Since> {
        let text = clean::lines(self.cell(of)).filter(|_| self.header.has(of))?;
        let column = self.header.column(of)?;
        let alone = of == Col::Position && !self.header.speaks_of_since(column);
        since::find(&text, self.header.order(of), alone)
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
            position_since: self.since(SINCE[0]),
            grade: self.grade(kind),
            grade_since: self.since(SINCE[1]),
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
    fn kind(&mut self, legal_status: &str, number: &EmployeeNumber) -> EmploymentKind {
        let written = self.text(Col::Kind);
        match EmploymentKind::from_code(&written) {
            Some(kind) if self.header.name(Col::Kind) == "kind" => kind,
            _ => {
                if !written.is_empty() && !words::speaks_of_kind(&written) {
                    self.warn(Col::Kind, Reason::KindUnknown);
                }
                words::employment_kind(&[&written, legal_status], number)
            }
        }
    }

    /// The grade's own column first, then the rank's. What both say must be the same.
    fn grade(&mut self, kind: EmploymentKind) -> Option<Grade> {
        let written = [Col::Grade, Col::Rank].map(|column| (column, self.text(column)));
        let (column, _) = written.iter().find(|(_, text)| !text.is_empty())?;
        let titles = &self.rules.grades;
        let found = written.iter().find_map(|(_, text)| Grade::read(text, titles));
        // `III` is a class of PPPK, and `9` may be one or a class of posts; of a PNS the one is
        // a grade whose second half is missing, and the other none.
        let bare = written.iter().any(|(_, text)| text.parse::<u8>().is_ok());
        let said = self.header.name(Col::Kind) != "kind" && words::says_pns(&self.text(Col::Kind));
        let doubtful = |grade: &Grade| grade.is_half_of_pns() || bare || said && grade.is_class();
        let found = found.filter(|grade| kind != EmploymentKind::Pns || !doubtful(grade));
        let Some(grade) = found else {
            self.warn(*column, Reason::GradeUnknown);
            return None;
        };
        if let Some((column, _)) = written.iter().find(|(_, text)| grade.is_denied_by(text, titles))
        {
            self.warn(*column, Reason::GradeDiffers);
        }
        Some(grade)
    }

    /// The year, also of a whole date.
    fn graduation_year(&mut self) -> Option<u16> {
        let cell = self.cell(Col::GraduationYear);
        let date = match cell {
            SheetCell::Date(date) => Some(*date),
            SheetCell::Text(_) => clean::date(cell).ok().flatten(),
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
        let text = self.text(Col::Sex);
        let Some(written) = words::sex(&text) else {
            if !text.is_empty() {
                self.warn(Col::Sex, Reason::SexUnknown);
            }
            return None;
        };
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

    /// What the post is called. In print its TMT often stands in the same cell.
    fn title(&self) -> String {
        match self.said_in(Col::Position) {
            Some(Since { day: Some(_), rest, .. }) => {
                clean::line(&SheetCell::Text(rest)).unwrap_or_default()
            }
            _ => self.text(Col::Position),
        }
    }

    fn position(&self) -> Option<Position> {
        let title = self.title();
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
