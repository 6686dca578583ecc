//! An office for one test: a folder that goes with it, and the program to ask it with.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value as Json;
use tempfile::TempDir;

pub struct Office {
    folder: TempDir,
}

/// What a command said and how it ended.
pub struct Said {
    pub code: i32,
    pub out: String,
    pub err: String,
}

impl Said {
    pub fn json(&self) -> Json {
        serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("{error}: {}", self.out))
    }

    /// The same, for a command that must have ended like this.
    pub fn expect(self, code: i32) -> Self {
        assert_eq!(self.code, code, "stdout: {}\nstderr: {}", self.out, self.err);
        self
    }
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

impl Office {
    pub fn new() -> Self {
        Self { folder: tempfile::tempdir().expect("a folder") }
    }

    pub fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    /// A file of the officer's, outside the data folder.
    pub fn file(&self, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path(name);
        fs::write(&path, content).expect("a file");
        path
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// The program, with nothing of this machine's surroundings.
    pub fn command(&self) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_kompeten"));
        command.env_clear().env("KOMPETEN_DATA", self.data()).env("HOME", self.folder.path());
        command
    }

    pub fn run(&self, args: &[&str]) -> Said {
        self.command().args(args).output().expect("the program runs").into()
    }

    pub fn import(&self, kind: &str, file: &Path) -> Said {
        self.run(&["import", kind, file.to_str().expect("a path"), "--json"])
    }

    /// The bytes the journal takes.
    pub fn journal_size(&self) -> u64 {
        let entries = fs::read_dir(self.data().join("journal")).expect("a journal");
        entries.map(|entry| entry.expect("an entry").metadata().expect("its size").len()).sum()
    }

    /// Whether these bytes stand in any file of the data folder.
    pub fn holds(&self, text: &str) -> bool {
        contents(&self.data())
            .iter()
            .any(|file| file.windows(text.len()).any(|window| window == text.as_bytes()))
    }
}

fn contents(folder: &Path) -> Vec<Vec<u8>> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            files.extend(contents(&path));
        } else {
            files.push(fs::read(&path).expect("a file"));
        }
    }
    files
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

/// An office with the three people and their ratings.
pub fn staffed() -> Office {
    let office = Office::new();
    let staff = office.file("staff.csv", STAFF);
    office.import("employees", &staff).expect(0);
    let ratings = office.file("ratings.csv", RATINGS);
    office.import("ratings", &ratings).expect(0);
    office
}
