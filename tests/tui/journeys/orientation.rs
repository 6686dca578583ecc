//! Finding one's way: help, guide, palette, the keys behind a prefix, history, settings,
//! messages.

use crate::office::{DOWN, ENTER, ESC, F1, Office, SAVE};

#[test]
fn help_and_guide_open_where_the_officer_stands() {
    let office = Office::staffed();
    let mut pty = office.opened();
    pty.press("?", "Tombol di sini");
    pty.wait_row(&["e ", "Ubah"]);
    pty.send(ESC);
    pty.wait_gone("Tombol di sini");
    for (go, title) in [("ge", "Pegawai"), ("gm", "Matriks kompetensi"), ("gt", "Pelatihan dan JP")]
    {
        pty.send(go);
        pty.wait_for("] ");
        pty.send(F1);
        pty.wait_row(&["┌", title]);
        pty.send(ESC);
        pty.wait_until(|screen| !screen.contents().starts_with('┌'));
    }
    // In a form it is the guide to forms.
    pty.press("ge", "[Pegawai 3]");
    pty.press("e", "Ubah pegawai");
    pty.wait_row(&["Nama", "Ayu"]);
    pty.press(F1, "Mengisi formulir");
    pty.send(ESC);
    pty.wait_for("Ubah pegawai");
    pty.send(ESC);
    pty.wait_gone("Ubah pegawai");
    pty.quit();
}

#[test]
fn the_palette_finds_commands_people_and_units_and_shows_the_key() {
    let office = Office::staffed();
    let mut pty = office.opened();
    pty.press(":", "Cari perintah");
    pty.send("matriks");
    pty.wait_row(&["›", "atriks"]);
    pty.wait_row(&["atriks", "g m"]);
    pty.send("\x15citra");
    pty.wait_row(&["›", "Citra Contoh"]);
    pty.send(ENTER);
    pty.wait_gone("Cari perintah");
    // The person stands open.
    pty.wait_row(&["Citra Contoh"]);
    pty.wait_for("Pranata Komputer");
    pty.send(ESC);
    pty.wait_row(&["›", "Citra Contoh"]);
    pty.press(":", "Cari perintah");
    pty.send("kelurahan sago");
    pty.wait_row(&["›", "Kelurahan Sago"]);
    pty.send(ENTER);
    pty.wait_for("Semua halaman kini menampilkan Kelurahan Sago");
    pty.wait_for("[Pegawai 2]");
    pty.quit();
}

#[test]
fn a_prefix_shows_what_may_follow() {
    let office = Office::staffed();
    let mut pty = office.opened();
    pty.send("g");
    pty.wait_row(&["m ", "atriks"]);
    pty.wait_row(&["t ", "elatihan"]);
    pty.press("m", "[Matriks 3]");
    pty.quit();
}

#[test]
fn the_history_of_a_record_shows_old_and_new_values_and_undoes_a_step() {
    let office = Office::staffed();
    let mut pty = office.opened();
    pty.wait_row(&["›", "Ayu Contoh"]);
    pty.press("e", "Ubah pegawai");
    pty.wait_row(&["Nama", "Ayu Contoh"]);
    pty.send(" Lestari");
    pty.press(SAVE, "Tersimpan");
    pty.wait_row(&["›", "Ayu Contoh Lestari"]);
    pty.press("H", "Riwayat: Ayu Contoh Lestari");
    pty.wait_row(&["›", "3", "Nama dari Ayu Contoh menjadi Ayu Contoh Lestari"]);
    pty.press(ENTER, "Langkah 3 oleh");
    pty.wait_row(&["Nama", "Ayu Contoh -> Ayu Contoh Lestari"]);
    pty.send(ESC);
    pty.wait_gone("Langkah 3 oleh");
    pty.press("u", "Urungkan langkah 3");
    pty.send("y");
    pty.wait_row(&["4", "mengurungkan langkah 3"]);
    pty.wait_row(&["›", "3", "diurungkan: 4"]);
    pty.send(ESC);
    pty.wait_gone("Riwayat:");
    pty.wait_row(&["›", "Ayu Contoh "]);
    pty.wait_gone("Lestari");
    pty.press("gh", "[Riwayat 4]");
    pty.quit();
}

#[test]
fn the_offices_name_is_set_and_stands_on_the_screen() {
    let office = Office::staffed();
    let mut pty = office.opened();
    pty.press("g,", "Pengaturan");
    pty.wait_for("Nama kantor");
    pty.send("gg");
    while !pty.row("›").contains("Nama kantor") {
        let before = pty.row("›");
        pty.send(DOWN);
        pty.wait_until(|screen| !screen.contents().contains(&before));
    }
    pty.send(ENTER);
    pty.wait_row(&["›", "Nilai"]);
    pty.send("\x15Kecamatan Uji");
    pty.press(SAVE, "Tersimpan");
    pty.send(ESC);
    pty.send(ESC);
    pty.wait_row(&["[Pegawai 3]", "Kec. Uji"]);
    pty.press("gn", "Pesan");
    pty.wait_for("Tersimpan");
    pty.send(ESC);
    pty.quit();
    assert!(office.run(&["set", "office_name"]).out.contains("Kecamatan Uji"));
}

#[test]
fn what_cannot_be_done_says_why() {
    let office = Office::new();
    let mut pty = office.opened();
    pty.press("e", "Belum ada baris yang dipilih");
    pty.press("E", "Belum ada baris yang ditandai");
    pty.press("u", "Tidak ada yang dapat diurungkan");
    pty.press("\x12", "Tidak ada yang dapat diulang");
    pty.press("\x03", "Tekan sekali lagi untuk keluar");
    pty.send("\x03");
    pty.wait_exit();
}
