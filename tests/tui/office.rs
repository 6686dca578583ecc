//! An office for one test: a folder that goes with it, the screen opened on it in a
//! terminal, and the command line to fill it beforehand and to ask it afterwards.

use std::fmt::Write as _;
use std::fs;
use std::path::PathBuf;
use std::process::{Command, Output};
use std::thread;

use serde_json::Value as Json;
use tempfile::TempDir;

use crate::pty::{Exit, Pty};

/// What a command said and how it ended.
pub struct Said {
    pub code: i32,
    pub out: String,
    pub err: String,
}

impl From<Output> for Said {
    fn from(output: Output) -> Self {
        Self {
            code: output.status.code().unwrap_or(-1),
            out: String::from_utf8(output.stdout).expect("UTF-8"),
            err: String::from_utf8(output.stderr).expect("UTF-8"),
        }
    }
}

pub struct Office {
    home: TempDir,
    data: String,
}

impl Office {
    pub fn new() -> Self {
        let home = tempfile::tempdir().expect("a folder");
        let data = home.path().join("data").to_str().expect("a plain path").to_owned();
        let office = Self { home, data };
        // Whoever sits here has been here before.
        let own = office.memory();
        fs::create_dir_all(own.parent().expect("a folder")).expect("a folder");
        fs::write(own, r#"{"tour_seen":true}"#).expect("a file");
        office
    }

    /// Where the screen remembers what is this officer's.
    pub fn memory(&self) -> PathBuf {
        self.home.path().join(".config/kompeten/screen.json")
    }

    /// With the three people of [`STAFF`] and their ratings.
    pub fn staffed() -> Self {
        Self::with(STAFF, RATINGS)
    }

    pub fn with(staff: &str, ratings: &str) -> Self {
        let office = Self::new();
        for (kind, text) in [("employees", staff), ("ratings", ratings)] {
            if !text.is_empty() {
                let file = office.file(&format!("{kind}.csv"), text);
                let said = office.run(&["import", kind, &file]);
                assert_eq!(said.code, 0, "{}{}", said.out, said.err);
            }
        }
        office
    }

    pub fn home(&self) -> &str {
        self.home.path().to_str().expect("a plain path")
    }

    pub fn data(&self) -> PathBuf {
        PathBuf::from(&self.data)
    }

    pub fn path(&self, name: &str) -> String {
        format!("{}/{name}", self.home())
    }

    /// A file of the officer's, outside the data folder; its path.
    pub fn file(&self, name: &str, content: impl AsRef<[u8]>) -> String {
        let path = self.path(name);
        fs::write(&path, content).expect("a file");
        path
    }

    /// The environment that leads the program to this office.
    pub fn env<'a>(&'a self, more: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
        let mut env = vec![("HOME", self.home()), ("KOMPETEN_DATA", self.data.as_str())];
        env.extend(more);
        env
    }

    pub fn start(&self, args: &[&str], env: &[(&str, &str)], cols: u16, rows: u16) -> Pty {
        Pty::spawn(args, &self.env(env), cols, rows)
    }

    /// The screen, once its list stands.
    pub fn opened_with(&self, args: &[&str], env: &[(&str, &str)]) -> Pty {
        let mut pty = self.start(args, env, 80, 24);
        pty.go_to_employees(args.contains(&"plain"));
        pty
    }

    pub fn opened(&self) -> Pty {
        self.opened_with(&[], &[])
    }

    pub fn run(&self, args: &[&str]) -> Said {
        let mut command = Command::new(env!("CARGO_BIN_EXE_kompeten"));
        command.env_clear().envs(self.env(&[]));
        let said: Said = command.args(args).output().expect("the program runs").into();
        assert!(!said.err.contains("panicked"), "{args:?}: {}", said.err);
        said
    }

    /// What a command that must succeed says as JSON.
    pub fn json(&self, args: &[&str]) -> Json {
        let said = self.run(args);
        assert_eq!(said.code, 0, "{args:?}: {}{}", said.out, said.err);
        serde_json::from_str(&said.out).unwrap_or_else(|error| panic!("{error}: {}", said.out))
    }

    pub fn list(&self, kind: &str) -> Vec<Json> {
        let list = self.json(&["list", kind, "--format", "json"]);
        list.as_array().expect("a list").clone()
    }

    /// One text of every row of a list, in order.
    pub fn texts(&self, kind: &str, key: &str) -> Vec<String> {
        let text = |row: &Json| row[key].as_str().unwrap_or_default().to_owned();
        self.list(kind).iter().map(text).collect()
    }

    /// The journal's steps, the latest first.
    pub fn history(&self) -> Vec<Json> {
        let list = self.json(&["history", "--format", "json"]);
        list.as_array().expect("a list").clone()
    }
}

/// Whatever a test is about, no thread of the program may have panicked on the way.
impl Drop for Office {
    fn drop(&mut self) {
        let log = fs::read_to_string(self.data().join("log/kompeten.log")).unwrap_or_default();
        if !thread::panicking() {
            assert!(!log.contains("panic"), "{log}");
        }
    }
}

impl Pty {
    /// Leaves with `q`.
    pub fn quit(mut self) {
        self.send("q");
        assert_eq!(self.wait_exit(), Exit::Code(0));
        assert!(!self.has_written("panicked"), "{}", String::from_utf8_lossy(&self.output()));
    }

    /// From home to the list of people; with the plain keymap by the key for the next pane.
    pub fn go_to_employees(&mut self, plain: bool) {
        self.wait_until(|screen| {
            let text = screen.contents();
            ["[Beranda]", "[Home]", "[Pegawai", "[Employees"].iter().any(|tab| text.contains(tab))
        });
        if ["[Pegawai", "[Employees"].iter().any(|tab| self.screen().contains(tab)) {
            return;
        }
        self.send(if plain { "\x1b[17~" } else { "ge" });
        self.wait_until(|screen| {
            let text = screen.contents();
            ["[Pegawai", "[Employees"].iter().any(|list| text.contains(list))
        });
        self.wait_list();
    }

    /// Waits until the list in front knows how many it has.
    pub fn wait_list(&self) {
        self.wait_until(|screen| {
            let rows: Vec<String> = screen.rows(0, screen.size().1.get()).collect();
            rows[0].contains("Pegawai 0")
                || rows[0].contains("Pegawai] ")
                || rows.iter().any(|row| row.starts_with(['›', '>']))
        });
    }

    /// The first row of the screen that shows the text.
    pub fn row(&self, text: &str) -> String {
        let screen = self.screen();
        screen.lines().find(|row| row.contains(text)).unwrap_or_default().to_owned()
    }

    /// Waits until one row shows all of these.
    pub fn wait_row(&self, parts: &[&str]) {
        self.wait_until(|screen| {
            screen
                .rows(0, screen.size().1.get())
                .any(|row| parts.iter().all(|part| row.contains(part)))
        });
    }

    /// Sends a key and waits for what it brings.
    pub fn press(&mut self, keys: &str, brings: &str) {
        self.send(keys);
        self.wait_for(brings);
    }

    /// Filters the list in front by this text.
    pub fn filter(&mut self, text: &str, counter: &str) {
        self.send("/");
        self.send(text);
        self.send("\r");
        self.wait_for(counter);
    }
}

/// Three people of two units, and what an office does not keep.
pub const STAFF: &str = "\
NIP BARU;NAMA;GOL AKHIR NAMA;JENIS JABATAN NAMA;JABATAN NAMA;UNOR NAMA;SATUAN KERJA KERJA NAMA;NIK\n\
'198001012005012901;Ayu Contoh;III/c;Jabatan Struktural;Lurah;Kelurahan Sago;Kecamatan Senapelan;9999000001100001\n\
'199002012015121902;Budi Contoh;III/a;Jabatan Fungsional Umum;Pengadministrasi Umum;Kelurahan Sago;Kecamatan Senapelan;9999000001100002\n\
'199503012022211903;Citra Contoh;IX;Jabatan Fungsional Tertentu;Pranata Komputer Ahli Pertama;Kecamatan Senapelan;Kecamatan Senapelan;9999000001100003\n";

pub const RATINGS: &str = "\
nip,competency,level,source,rater,date\n\
198001012005012901,M.1,2,atasan,Camat,2025-11-03\n\
198001012005012901,M.8,1,atasan,Camat,2025-11-03\n\
199002012015121902,M.1,2,atasan,Lurah,2025-11-03\n";

/// This many people of two units, `Orang 01`, `Orang 02`…
pub fn crowd(count: u16) -> String {
    let mut csv = String::from("NIP BARU;NAMA;GOL AKHIR NAMA;JABATAN NAMA;UNOR NAMA\n");
    for n in 1..=count {
        let unit = if n % 2 == 0 { "Kelurahan Genap" } else { "Kelurahan Ganjil" };
        let _ =
            writeln!(csv, "'198001012005011{n:03};Orang {n:02};III/a;Pengadministrasi Umum;{unit}");
    }
    csv
}

pub const ENTER: &str = "\r";
pub const ESC: &str = "\x1b";
pub const SAVE: &str = "\x13";
pub const F1: &str = "\x1bOP";
pub const F4: &str = "\x1bOS";
pub const UP: &str = "\x1b[A";
pub const PAGE_UP: &str = "\x1b[5~";
pub const DOWN: &str = "\x1b[B";
pub const REDO: &str = "\x12";
