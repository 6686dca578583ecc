//! Files: which files of the host an officer may name on screen. Usually all that their
//! account may; in a captive session, whose account is to have nothing but this program,
//! only those of one folder, and no hidden ones: a list written over `~/.bashrc` or
//! `~/.ssh/authorized_keys` would be a way to a shell. Lists folders and opens no file; the
//! operating system's rights hold besides.

use std::fs;
use std::io;
use std::path::{Component, Path, PathBuf};

use chrono::{DateTime, Utc};

/// The most entries of a folder that are shown, and that are looked at for them.
pub const ENTRIES_MAX: usize = 1_000;
const LOOKED_AT_MAX: usize = 20_000;

/// Where an officer's files are.
#[derive(Clone, Debug)]
pub struct Files {
    /// Where a name without a folder belongs.
    pub folder: PathBuf,
    /// Nothing outside of the folder.
    pub captive: bool,
}

/// What stands in a folder: the newest files and folders, hidden ones left out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FolderList {
    pub path: PathBuf,
    pub entries: Vec<FolderEntry>,
    /// There are others.
    pub more: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FolderEntry {
    pub name: String,
    pub is_folder: bool,
    pub bytes: u64,
    pub changed: Option<DateTime<Utc>>,
}

/// Endings of files that can be imported.
const TABLES: &[&str] =
    &["csv", "tsv", "tab", "txt", "xlsx", "xlsm", "xls", "ods", "html", "htm", "xml"];

/// Whether a file of this name could be imported.
pub fn is_table(name: &str) -> bool {
    let ending = Path::new(name).extension().and_then(|ending| ending.to_str());
    ending.is_some_and(|ending| TABLES.contains(&ending.to_lowercase().as_str()))
}

/// Why a folder cannot be looked into.
#[derive(Debug, thiserror::Error)]
pub enum NoFolder {
    #[error(transparent)]
    Elsewhere(#[from] Elsewhere),
    #[error(transparent)]
    Unreadable(#[from] io::Error),
}

/// The file stands where a captive session does not reach.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("beyond the folder of this session")]
pub struct Elsewhere;

impl Files {
    /// The file an officer means, if this session reaches it.
    pub fn at(&self, named: &Path) -> Result<PathBuf, Elsewhere> {
        let path = self.folder.join(named);
        if self.captive { self.held(&path).ok_or(Elsewhere) } else { Ok(path) }
    }

    /// What an officer may choose from in a folder. Links that lead a captive session out, and
    /// whatever is neither a file nor a folder, are not there.
    pub fn list(&self, named: &Path) -> Result<FolderList, NoFolder> {
        let path = fs::canonicalize(self.at(named)?)?;
        let (mut entries, mut more) = (Vec::new(), false);
        for (count, entry) in fs::read_dir(&path)?.enumerate() {
            if count == LOOKED_AT_MAX {
                more = true;
                break;
            }
            entries.extend(entry.ok().and_then(|entry| self.entry(&entry)));
        }
        entries.sort_by(|a: &FolderEntry, b| b.changed.cmp(&a.changed).then(a.name.cmp(&b.name)));
        more |= entries.len() > ENTRIES_MAX;
        entries.truncate(ENTRIES_MAX);
        Ok(FolderList { path, entries, more })
    }

    fn entry(&self, entry: &fs::DirEntry) -> Option<FolderEntry> {
        let name = entry.file_name().into_string().ok()?;
        if name.starts_with('.') || name.chars().any(char::is_control) {
            return None;
        }
        let path = entry.path();
        let is_link = entry.file_type().ok()?.is_symlink();
        if self.captive && is_link && self.held(&path).is_none() {
            return None;
        }
        let known = fs::metadata(path).ok().filter(|known| known.is_dir() || known.is_file())?;
        let changed = known.modified().ok().map(DateTime::<Utc>::from);
        Some(FolderEntry { name, is_folder: known.is_dir(), bytes: known.len(), changed })
    }

    /// The file without any link on the way to it, if it is, or is to be made in, one of this
    /// folder's: what is put there afterwards to lead elsewhere is not followed.
    fn held(&self, path: &Path) -> Option<PathBuf> {
        let folder = fs::canonicalize(&self.folder).ok()?;
        let real = match fs::canonicalize(path) {
            Ok(real) => real,
            // A link to nowhere would be made there.
            Err(_) if path.is_symlink() => return None,
            Err(_) => {
                if let Ok(parent) = fs::canonicalize(path.parent()?) {
                    parent.join(path.file_name()?)
                } else {
                    // It cannot be opened either: a slip of the fingers is told as one, as
                    // long as nothing in the name leads away.
                    folder.join(path.strip_prefix(&self.folder).ok()?)
                }
            }
        };
        let rest = real.strip_prefix(&folder).ok()?;
        let plain = |part: Component| match part {
            Component::Normal(name) => !name.as_encoded_bytes().starts_with(b"."),
            _ => false,
        };
        rest.components().all(plain).then(|| folder.join(rest))
    }
}

/// A file as terminals name one that is dropped into them: in quotes, with backslashes before
/// blanks, or as `file://`. A text that is none of these is a path as it stands.
pub fn undressed(text: &str) -> PathBuf {
    let text = text.trim();
    let path = unquoted(text).unwrap_or_else(|| text.to_string());
    let Some(address) = path.strip_prefix("file://") else { return PathBuf::from(path) };
    // The host, if any, is this one.
    let address = address.find('/').map_or(address, |at| &address[at..]);
    PathBuf::from(decoded(address))
}

/// Without a shell's quotes and backslashes; blanks separate nothing. `None` where a quote is
/// not closed: it belongs to the name.
fn unquoted(text: &str) -> Option<String> {
    let mut bare = String::with_capacity(text.len());
    let mut quote = None;
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        match (c, quote) {
            ('\'', None) => quote = Some('\''),
            ('"', None) => quote = Some('"'),
            (c, Some(open)) if c == open => quote = None,
            ('\\', None | Some('"')) => bare.push(chars.next()?),
            (c, _) => bare.push(c),
        }
    }
    quote.is_none().then_some(bare)
}

/// `%20` and the like as what they stand for; anything else as it is.
fn decoded(address: &str) -> String {
    let bytes = address.as_bytes();
    let mut decoded = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        let pair = bytes.get(at + 1..at + 3).and_then(|pair| std::str::from_utf8(pair).ok());
        let escaped = pair.filter(|_| *byte == b'%');
        if let Some(byte) = escaped.and_then(|pair| u8::from_str_radix(pair, 16).ok()) {
            decoded.push(byte);
            at += 3;
        } else {
            decoded.push(*byte);
            at += 1;
        }
    }
    String::from_utf8(decoded).unwrap_or_else(|_| address.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::symlink;

    fn home() -> (tempfile::TempDir, Files) {
        let place = tempfile::tempdir().unwrap();
        let folder = place.path().join("siti");
        fs::create_dir_all(folder.join("laporan")).unwrap();
        fs::create_dir_all(folder.join(".ssh")).unwrap();
        fs::write(folder.join("pegawai.csv"), "x").unwrap();
        fs::write(place.path().join("lain.csv"), "x").unwrap();
        (place, Files { folder, captive: true })
    }

    #[test]
    fn a_dropped_file_is_the_file_however_the_terminal_names_it() {
        for (dropped, path) in [
            ("/srv/data pegawai.csv", "/srv/data pegawai.csv"),
            ("/srv/data\\ pegawai\\ \\(1\\).csv ", "/srv/data pegawai (1).csv"),
            ("'/srv/data pegawai.csv' ", "/srv/data pegawai.csv"),
            ("'/srv/ma'\\''ruf.csv'", "/srv/ma'ruf.csv"),
            ("\"/srv/a \\\"b\\\".csv\"", "/srv/a \"b\".csv"),
            ("file:///srv/data%20pegawai%20%281%29.csv", "/srv/data pegawai (1).csv"),
            ("'file://localhost/srv/caf%C3%A9%.csv'", "/srv/café%.csv"),
            ("/srv/ma'ruf.csv", "/srv/ma'ruf.csv"),
            ("pegawai.csv", "pegawai.csv"),
        ] {
            assert_eq!(undressed(dropped), Path::new(path), "{dropped}");
        }
    }

    #[test]
    fn a_captive_officer_reaches_the_files_of_the_folder() {
        let (_place, files) = home();
        let real = fs::canonicalize(&files.folder).unwrap();
        for (named, meant) in [
            ("pegawai.csv", "pegawai.csv"),
            ("laporan/baru.csv", "laporan/baru.csv"),
            ("laporan/../pegawai.csv", "pegawai.csv"),
            ("salah/x.csv", "salah/x.csv"),
        ] {
            assert_eq!(files.at(Path::new(named)), Ok(real.join(meant)), "{named}");
        }
    }

    #[test]
    fn nothing_leads_a_captive_officer_out_or_to_a_hidden_file() {
        let (place, files) = home();
        symlink(place.path(), files.folder.join("keluar")).unwrap();
        symlink(place.path().join("baru.csv"), files.folder.join("nanti.csv")).unwrap();
        symlink(files.folder.join(".ssh"), files.folder.join("kunci")).unwrap();
        for named in [
            "../lain.csv",
            "../baru.csv",
            "laporan/../../lain.csv",
            "salah/../../lain.csv",
            "keluar/lain.csv",
            "nanti.csv",
            ".bashrc",
            ".ssh/authorized_keys",
            "kunci/authorized_keys",
            ".baru/x.csv",
            "/etc/passwd",
            "/proc/self/environ",
            "/dev/stdin",
            "..",
        ] {
            assert_eq!(files.at(Path::new(named)), Err(Elsewhere), "{named}");
        }
        let lost = Files { folder: PathBuf::new(), captive: true };
        assert_eq!(lost.at(Path::new("/etc/passwd")), Err(Elsewhere));
    }

    #[test]
    fn a_captive_officer_looks_into_their_own_configs_and_no_others() {
        let (place, files) = home();
        symlink(place.path(), files.folder.join("keluar")).unwrap();
        symlink(place.path().join("lain.csv"), files.folder.join("tautan.csv")).unwrap();
        symlink(files.folder.join("pegawai.csv"), files.folder.join("sendiri.csv")).unwrap();
        let names = |named: &str| {
            let list = files.list(Path::new(named)).map_err(|error| error.to_string())?;
            let mut names: Vec<_> = list.entries.into_iter().map(|entry| entry.name).collect();
            names.sort();
            Ok::<_, String>(names)
        };
        let own = ["laporan", "pegawai.csv", "sendiri.csv"].map(str::to_string);
        assert_eq!(names("."), Ok(own.to_vec()));
        assert_eq!(names("laporan/.."), Ok(own.to_vec()));
        assert_eq!(names("laporan"), Ok(Vec::new()));
        for beyond in ["..", "laporan/../..", "keluar", ".ssh", "/", "/etc"] {
            assert_eq!(names(beyond), Err(Elsewhere.to_string()), "{beyond}");
        }
        let free = Files { captive: false, ..files.clone() };
        let all = free.list(Path::new("..")).unwrap();
        assert!(all.entries.iter().any(|entry| entry.name == "lain.csv" && entry.bytes == 1));
        assert!(free.list(Path::new("pegawai.csv")).is_err() && free.list(Path::new("x")).is_err());
    }

    #[test]
    fn of_a_large_folder_the_newest_are_shown() {
        let (_place, files) = home();
        for n in 0..ENTRIES_MAX {
            fs::write(files.folder.join(format!("{n}.csv")), "").unwrap();
        }
        let list = files.list(Path::new(".")).unwrap();
        assert!(list.more && list.entries.len() == ENTRIES_MAX);
    }

    #[test]
    fn everybody_else_names_any_file() {
        let (place, files) = home();
        let free = Files { captive: false, ..files };
        assert_eq!(free.at(Path::new("/etc/passwd")), Ok("/etc/passwd".into()));
        let up = place.path().join("siti/../lain.csv");
        assert_eq!(free.at(Path::new("../lain.csv")), Ok(up));
    }
}
