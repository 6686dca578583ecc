//! From the word for a competency to the meeting about it, in one sitting: entered in the
//! dictionary, required of a post, assessed in a cycle whose sheets are keyed, seen and explained
//! in the heatmap, planned from the needs of the year, and guided by a mentor; each of it taken
//! back once and done again.

use chrono::{Datelike, Local};

use crate::office::{DOWN, ENTER, ESC, Office, REDO, SAVE};
use crate::pty::Pty;

const TAB: &str = "\t";
const END: &str = "\x1b[F";

/// A lurah with three people, enough for a group of peers to be told, and one at the kecamatan.
const STAFF: &str = "\
NIP BARU;NAMA;GOL AKHIR NAMA;JENIS JABATAN NAMA;JABATAN NAMA;UNOR NAMA;SATUAN KERJA KERJA NAMA\n\
'198001012005012901;Ayu Contoh;III/c;Jabatan Struktural;Lurah;Kelurahan Sago;Kecamatan Senapelan\n\
'199002012015121902;Budi Contoh;III/a;Jabatan Fungsional Umum;Pengadministrasi Umum;Kelurahan Sago;Kecamatan Senapelan\n\
'199002012015121903;Dewi Contoh;III/a;Jabatan Fungsional Umum;Pengadministrasi Umum;Kelurahan Sago;Kecamatan Senapelan\n\
'199002012015121904;Eko Contoh;III/a;Jabatan Fungsional Umum;Pengadministrasi Umum;Kelurahan Sago;Kecamatan Senapelan\n\
'199503012022211903;Citra Contoh;IX;Jabatan Fungsional Tertentu;Pranata Komputer Ahli Pertama;Kecamatan Senapelan;Kecamatan Senapelan\n";

/// Takes the last step back and does it again, each seen on the screen.
fn back_and_again(pty: &mut Pty, what: &str) {
    pty.send("u");
    pty.wait_row(&["Mengurungkan langkah", what]);
    pty.send(REDO);
    pty.wait_row(&["Mengulang langkah", what]);
}

/// A report by a part of its name, through the search for commands.
fn report(pty: &mut Pty, name: &str, title: &str) {
    pty.press(":", "Cari perintah");
    pty.send(name);
    pty.wait_row(&["›", title]);
    pty.send(ENTER);
    pty.wait_gone("Cari perintah");
}

fn steps_down(pty: &mut Pty, count: usize) {
    for _ in 0..count {
        pty.send(DOWN);
    }
}

#[test]
fn an_admin_goes_from_the_dictionary_to_a_meeting_of_mentoring_and_takes_each_step_back_once() {
    let office = Office::with(STAFF, "");
    let mut pty = office.opened();
    dictionary_and_standard(&mut pty);
    cycle(&mut pty);
    heatmap(&mut pty);
    plan(&mut pty);
    mentoring(&mut pty);
    pty.quit();

    assert!(office.texts("competencies", "code").contains(&"T.1".into()));
    assert_eq!(office.list("ratings").len(), 8);
    assert_eq!(office.list("plan_lines").len(), 1);
    assert_eq!(office.texts("mentorings", "name"), ["Budi Contoh"]);
    assert_eq!(office.list("meetings").len(), 1);
    // No step was lost or done twice: of each there is one that undoes and one that does again.
    let year = Local::now().year().to_string();
    let args = ["report", "mentoring", "--year", &year, "--format", "json"];
    let report = office.json(&args);
    assert_eq!(report["rows"][0]["jp"], 2, "{report}");
}

fn dictionary_and_standard(pty: &mut Pty) {
    pty.press("gc", "Integritas");
    pty.press("a", "Tambah kompetensi");
    pty.send("T.1");
    pty.send(TAB);
    pty.send("Pelayanan Adminduk");
    pty.send(TAB);
    pty.wait_row(&["›", "Kelompok"]);
    pty.press("t", "teknis");
    pty.press(SAVE, "Tersimpan");
    pty.wait_row(&["›", "T.1", "Pelayanan Adminduk"]);
    back_and_again(pty, "T.1 Pelayanan Adminduk");
    pty.wait_row(&["T.1", "teknis"]);

    // What a pelaksana needs of it: three keys in the table, the last one the level.
    pty.press("gs", "Standar kompetensi menurut");
    pty.wait_row(&["›", "Pelaksana", "[1!]"]);
    pty.send(END);
    pty.wait_row(&["›", "Pelaksana", "[.]"]);
    pty.press("3", "menjadi 3");
    pty.send("y");
    pty.wait_row(&["›", "Pelaksana", "[3!]"]);
    back_and_again(pty, "T.1 = 3");
    pty.wait_row(&["›", "Pelaksana", "[3!]"]);
    pty.send(ESC);
    pty.wait_gone("Standar kompetensi menurut");
}

fn cycle(pty: &mut Pty) {
    pty.press("gda", "Periode penilaian");
    pty.press("a", "Nama periode");
    pty.send("Periode Adminduk");
    for _ in 0..4 {
        pty.send(TAB);
    }
    pty.wait_row(&["›", "Kode kompetensi"]);
    pty.send("T.1, M.1");
    pty.press(SAVE, "Tersimpan");
    pty.wait_row(&["›", "Periode Adminduk"]);
    pty.press(ENTER, "›Usulkan penilai");
    pty.press(ENTER, "Menambah 17 penilai.");
    back_and_again(pty, "17 penilai");
    steps_down(pty, 2);
    pty.wait_for("›Buat lembar");
    pty.press(ENTER, "Menambah 17 lembar");
    back_and_again(pty, "17 lembar");
    steps_down(pty, 2);
    pty.wait_for("›Isi lembar");
    pty.press(ENTER, "0 dari 17 lembar diisi");
    for sheet in 1..=17 {
        // Two competencies, two keys: the lurah is good at it, the others are not.
        let about_ayu = pty.row("Lembar ").contains("Ayu Contoh");
        pty.send(if about_ayu { "53" } else { "12" });
        pty.wait_for(&format!("{sheet} dari 17 lembar diisi"));
    }
    pty.send(ESC);
    pty.wait_row(&["Semua", "5", "17", "17", "17"]);
    // The last batch of sheets, seven after the first ten.
    pty.press("u", "Mengurungkan");
    pty.wait_row(&["Semua", "5", "17", "17", "10"]);
    pty.press(REDO, "Mengulang");
    pty.wait_row(&["Semua", "5", "17", "17", "17"]);
    steps_down(pty, 3);
    pty.wait_for("›Tutup periode");
    pty.press(ENTER, "dibekukan");
    pty.send("y");
    pty.wait_for("›Lihat hasil");
    back_and_again(pty, "8 penilaian, 1 periode penilaian, 8 hasil penilaian");
    pty.wait_for("›Lihat hasil");
    pty.send(ENTER);
    pty.wait_row(&["Budi Contoh", "T.1", "1,00", "1", "3"]);
    pty.send(ESC);
    pty.wait_for("Lihat hasil");
    pty.send(ESC);
    pty.wait_row(&["Periode Adminduk", "ditutup"]);
    pty.send(ESC);
    pty.wait_gone("ditutup");
}

/// Which units are short of what, and who that is.
fn heatmap(pty: &mut Pty) {
    report(pty, "peta", "Peta kesenjangan unit");
    pty.wait_row(&["Kelurahan Sago", "4"]);
    pty.send(DOWN);
    pty.wait_row(&["›", "Kelurahan Sago"]);
    // Its last column is the new one.
    for _ in 0..11 {
        pty.send("l");
    }
    pty.wait_row(&["›", "Kelurahan Sago", "[", "3"]);
    pty.press("=", "Budi Contoh: T.1 ada 1, perlu 3");
    pty.wait_row(&["Eko Contoh: T.1 ada 1, perlu 3"]);
    pty.send(ESC);
    pty.wait_gone("Budi Contoh: T.1");
}

/// A line of the plan, from the need.
fn plan(pty: &mut Pty) {
    report(pty, "akpk", "AKPK");
    pty.wait_row(&["›", "T.1", "Pelayanan Adminduk", "3", "3", "kesenjangan"]);
    pty.press("=", "Budi Contoh: ada 1, perlu 3");
    pty.send(ESC);
    pty.wait_gone("Budi Contoh: ada 1");
    pty.press("a", "Tambah baris rencana");
    pty.wait_row(&["Kompetensi", "T.1 Pelayanan Adminduk"]);
    pty.press(SAVE, "Tersimpan");
    back_and_again(pty, "T.1 = 3");
    // What stands behind the row is the line itself now.
    pty.press(ENTER, "Ubah baris rencana");
    pty.send(ESC);
    pty.wait_gone("Ubah baris rencana");
}

/// Who is willing, the pair, and their first meeting.
fn mentoring(pty: &mut Pty) {
    pty.press("gdw", "Kesediaan mentor");
    pty.press("a", "Tambah kesediaan mentor");
    pty.send("Ayu");
    pty.send(TAB);
    pty.wait_row(&["Pegawai", "Ayu Contoh"]);
    pty.send(TAB);
    pty.wait_row(&["›", "Paling banyak"]);
    pty.send("2");
    pty.press(SAVE, "Tersimpan");
    back_and_again(pty, "Ayu Contoh");
    pty.send(ESC);
    pty.wait_gone("Kesediaan mentor");

    report(pty, "calon mentor", "Calon mentor");
    pty.wait_row(&["›", "Budi Contoh", "T.1", "1", "3", "Ayu Contoh", "5", "2", "0"]);
    pty.press("a", "Tambah mentoring");
    pty.wait_row(&["Mentor", "Ayu Contoh"]);
    pty.press(SAVE, "Tersimpan");
    back_and_again(pty, "Budi Contoh, T.1");
    pty.wait_row(&["›", "Budi Contoh", "Ayu Contoh", "5", "1", "0"]);

    report(pty, "laporan: mentoring", "Laporan: Mentoring");
    pty.wait_row(&["›", "Budi Contoh", "Ayu Contoh", "T.1", "0"]);
    pty.press("a", "Tambah pertemuan");
    pty.wait_row(&["›", "Pegawai", "Budi Contoh"]);
    for _ in 0..3 {
        pty.send(TAB);
    }
    pty.send("60");
    pty.send(TAB);
    pty.wait_row(&["›", "Topik"]);
    pty.send("Kasus di loket");
    pty.press(SAVE, "Tersimpan");
    back_and_again(pty, "Budi Contoh");
    pty.wait_row(&["›", "Budi Contoh", "1", "2", "0"]);
}

#[test]
fn the_plan_of_a_person_is_printed_from_any_of_its_lines() {
    let office = Office::staffed();
    let people = office.list("employees");
    let nip = people[0]["nip"].as_str().expect("a NIP");
    for (year, competency) in [("2026", "M.1"), ("2027", "M.2")] {
        let said =
            [format!("employee={nip}"), format!("year={year}"), format!("competency={competency}")];
        let said: Vec<&str> = said.iter().map(String::as_str).collect();
        assert_eq!(
            office.run(&[&["add", "idp_lines", "activity=NKL02", "jp=5"], &said[..]].concat()).code,
            0
        );
    }
    let mut pty = office.opened();
    pty.press("gdi", "2027");
    pty.press("/M.2", "1/2");
    pty.send(ENTER);
    pty.press("P", "lembar-idp-");
    pty.send("\x15");
    pty.send(office.path("rencana.txt"));
    pty.send(ENTER);
    pty.wait_for("baris ditulis");
    pty.send("q");
    pty.wait_gone("Rencana individu (IDP)");
    pty.quit();
    let text = std::fs::read_to_string(office.path("rencana.txt")).expect("the sheet");
    let name = people[0]["name"].as_str().expect("a name");
    assert!(text.contains(name) && text.contains("M.2") && text.contains("2027"), "{text}");
}
