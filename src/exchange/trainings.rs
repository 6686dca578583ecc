//! Training ledgers in the shape of BPS' S20JP: one row a participant. Which rows are
//! one session of one programme is for the office to say.

use std::sync::Arc;

use super::clean;
use super::header::{Header, Known, fields};
use super::reader::{Read, Reader};
use super::row::{date, person, too_long, turned};
use super::sheet::SheetRow;
use crate::domain::fault::{Fault, Reason};
use crate::domain::field::TEXT_MAX;
use crate::domain::intake::{RowData, TrainingRow};
use crate::domain::jp::JP_MAX;
use crate::domain::rulebook::Rulebook;

fields! {
    enum Col {
        Number "nip" ["nip peserta", "nip", "nip baru", "nip pegawai", "ni pppk", "nipppk", "nomor induk pegawai", "nip *"],
        LocalNumber "local_number" ["local number", "own number", "nomor lokal", "nomor kantor"],
        Name "name" ["nama kegiatan", "nama pelatihan", "nama diklat", "programme", "judul", "nama kursus", "kegiatan", "nama kegiatan pelatihan", "nama diklat pelatihan"],
        Type "type" ["kode jenis pengembangan", "kode pengembangan", "type", "jenis"],
        Start "start" ["tanggal mulai", "tgl mulai", "start"],
        End "end" ["tanggal selesai", "tgl selesai", "end"],
        Provider "provider" ["penyelenggara kegiatan", "penyelenggara", "provider"],
        Jp "jp" ["total jam pelajaran", "jam pelajaran", "jumlah jam", "jumlah jam pelajaran", "jp", "jumlah jp", "total jp"],
    }
}

pub(super) struct Ledger {
    rules: Arc<Rulebook>,
}

impl Ledger {
    pub fn new(rules: &Arc<Rulebook>) -> Self {
        Self { rules: Arc::clone(rules) }
    }
}

impl Reader for Ledger {
    fn table(&self) -> &[Known] {
        Col::TABLE
    }

    fn anchors(&self) -> &[usize] {
        &[Col::Number as usize, Col::LocalNumber as usize]
    }

    fn needed(&self) -> Vec<&[usize]> {
        vec![
            &[Col::Name as usize],
            &[Col::Type as usize],
            &[Col::Start as usize],
            &[Col::End as usize],
            &[Col::Jp as usize],
        ]
    }

    fn dates(&self) -> Vec<usize> {
        vec![Col::Start as usize, Col::End as usize]
    }

    fn columns(&self, header: &Header) -> Vec<String> {
        header.fields()
    }

    fn read(&mut self, header: &Header, row: &SheetRow) -> Result<Read, Fault> {
        let training = read(header, row, &self.rules)?;
        let remarks = turned(header, row, &self.dates());
        Ok(Read::Row(RowData::Training(Box::new(training)), remarks))
    }
}

fn read(header: &Header, row: &SheetRow, rules: &Rulebook) -> Result<TrainingRow, Fault> {
    let refuse = |column: Col, reason: Reason| Fault::new(header.name(column), reason);
    let text = |column: Col| clean::line(header.cell(row, column)).unwrap_or_default();
    let date = |column: Col| {
        let (date, _) = date(header, row, column)?;
        date.ok_or_else(|| refuse(column, Reason::DateUnreadable))
    };
    let number = person(header, row, Col::Number, Col::LocalNumber)?;
    let (start, end) = (date(Col::Start)?, date(Col::End)?);
    if end < start {
        return Err(refuse(Col::End, Reason::DateOrder));
    }
    let jp = match clean::whole(header.cell(row, Col::Jp)) {
        Ok(Some(jp)) if (1..=JP_MAX).contains(&jp) => jp as u16,
        _ => {
            let bounds = format!("1–{JP_MAX}");
            return Err(Fault::with(header.name(Col::Jp), Reason::JpRange, bounds));
        }
    };
    let r#type = rules
        .training_type(&text(Col::Type))
        .ok_or_else(|| refuse(Col::Type, Reason::TypeUnknown))?
        .to_string();
    let name = text(Col::Name);
    if name.is_empty() {
        return Err(refuse(Col::Name, Reason::NameMissing));
    }
    too_long(header, row, TEXT_MAX, &[])?;
    Ok(TrainingRow { number, name, r#type, start, end, provider: text(Col::Provider), jp })
}

#[cfg(test)]
mod tests {
    use super::super::open;
    use super::super::testing::{all, expected, options, read as import, refused, sample};
    use crate::domain::intake::{Intake, RowData};

    const NIP: &str = "199001012015012001";

    #[test]
    fn the_sample_ledger_is_read_but_for_people_whose_number_is_none() {
        let Some(path) = sample("s20jp_plaju_2026.csv") else { return };
        let want = expected(&path);
        let mut source = open(Intake::Trainings, &path, &options()).unwrap();
        let chunk = all(&mut source).unwrap();
        assert_eq!(u64::from(chunk.lines_read), want["rows"].as_u64().unwrap());
        let rejected = want["rejected"].as_object().unwrap();
        for (line, reason) in refused(&chunk) {
            assert_eq!(rejected[&line.to_string()], reason, "{line}");
        }
        // What each person of the expected list earned stands in the rows, to the hour.
        for (nip, jp) in want["jp_2026"].as_object().unwrap() {
            let earned: u64 = chunk
                .rows
                .iter()
                .filter_map(|row| match &row.data {
                    RowData::Training(row) if row.number.to_string() == *nip => {
                        Some(u64::from(row.jp))
                    }
                    _ => None,
                })
                .sum();
            assert_eq!(earned, jp.as_u64().unwrap());
        }
    }

    #[test]
    fn the_first_reason_in_order_is_the_one_given() {
        let (_, chunk) = import(
            Intake::Trainings,
            format!(
                "Tanggal Mulai,Tanggal Selesai,Nama Kegiatan,Penyelenggara Kegiatan,Total Jam Pelajaran,NIP Peserta,Kode Jenis Pengembangan\n\
                 x,x,,,0,1,x\n\
                 2026-01-02,,,,0,{NIP},x\n\
                 2026-01-02,2026-01-01,,,0,{NIP},x\n\
                 2026-01-02,2026-01-02,,,0,{NIP},x\n\
                 2026-01-02,2026-01-02,,,4,{NIP},KL99\n\
                 2026-01-02,2026-01-02,,,4,{NIP},KL06\n\
                 2026-01-02,2026-01-02,{long},,4,{NIP},KL06\n\
                 02/01/2026,03/01/2026,Seminar,,\"4,0\",{NIP},Seminar/Konferensi/Sarasehan\n",
                long = "x".repeat(501)
            )
            .as_bytes(),
        );
        assert_eq!(
            refused(&chunk),
            [
                (2, "employee_unknown"),
                (3, "date_unreadable"),
                (4, "date_order"),
                (5, "jp_range"),
                (6, "type_unknown"),
                (7, "name_missing"),
                (8, "too_long"),
            ]
        );
        let RowData::Training(row) = &chunk.rows[0].data else { panic!("a training") };
        assert_eq!((row.jp, row.r#type.as_str()), (4, "KL06"));
    }
}
