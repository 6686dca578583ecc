//! Where an office lives: the data folder by flag, environment or the system's custom,
//! and the folder of an example.

use std::fs;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use super::{Context, Env, Failure};
use crate::i18n::t;
use crate::link::identity;
use crate::link::open::Address;
use crate::link::server;

/// Settings of the host, for all its officers.
const CONFIG: &str = "/etc/kompeten/config.toml";

/// `--data`, else `KOMPETEN_DATA`, else `$XDG_DATA_HOME/kompeten`, else `~/.local/share/kompeten`.
pub fn data_folder(flag: Option<&Path>, env: &Env) -> Result<PathBuf, Failure> {
    let set = |name: &str| env(name).filter(|text| !text.is_empty()).map(PathBuf::from);
    flag.map(Path::to_path_buf)
        .or_else(|| set("KOMPETEN_DATA"))
        // A relative XDG path is to be ignored (XDG base directory specification).
        .or_else(|| {
            let base = set("XDG_DATA_HOME").filter(|path| path.is_absolute())?;
            Some(base.join("kompeten"))
        })
        .or_else(|| set("HOME").map(|home| home.join(".local/share/kompeten")))
        .ok_or_else(|| Failure::Usage(t!("cli.no_home").into_owned()))
}

/// Where the office is asked: in the folder `--data` names, else behind the socket of
/// `KOMPETEN_SOCKET` or of the host's settings, else in the usual folder. On a host whose
/// officers share an office nobody opens a private one by accident.
pub fn address(data: Option<&Path>, env: &Env) -> Result<Address, Failure> {
    if data.is_some() {
        return Ok(Address::Folder);
    }
    let set = |name: &str| env(name).filter(|text| !text.is_empty()).map(PathBuf::from);
    if let Some(socket) = set("KOMPETEN_SOCKET") {
        return Ok(Address::Shared(socket));
    }
    if let Some(socket) = settings(Path::new(CONFIG))?.socket {
        return Ok(Address::Shared(socket));
    }
    let of_host = server::of_host();
    if set("KOMPETEN_DATA").is_none() && of_host.exists() {
        return Ok(Address::Shared(of_host));
    }
    Ok(Address::Folder)
}

/// The folder a command works on itself, past any server: not one behind a socket, and not
/// another user's.
pub fn own_folder(context: &Context) -> Result<(), Failure> {
    if let Address::Shared(socket) = &context.address {
        let text = t!("cli.needs_a_folder", socket = socket.display());
        return Err(Failure::Usage(text.into_owned()));
    }
    not_others(&context.data)
}

/// Refuses a folder that belongs to another user.
pub fn not_others(folder: &Path) -> Result<(), Failure> {
    identity::other_owner(folder).map_or(Ok(()), |owner| Err(others(folder, owner)))
}

/// Whose folder it is, and the ways there are to work with it.
pub fn others(folder: &Path, owner: u32) -> Failure {
    let owner = identity::name(owner);
    let text = t!("cli.others_folder", folder = folder.display(), owner = owner);
    Failure::Failed(text.into_owned())
}

/// To whom backups go on this host unless the command says otherwise.
pub fn backup_recipients() -> Result<Vec<String>, Failure> {
    Ok(settings(Path::new(CONFIG))?.backup.recipients)
}

#[derive(Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
struct Settings {
    socket: Option<PathBuf>,
    backup: Backup,
}

#[derive(Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
struct Backup {
    recipients: Vec<String>,
}

/// The host's settings. Ones that cannot be read are an error: to do without them might open
/// another office than the one they name.
fn settings(file: &Path) -> Result<Settings, Failure> {
    let wrong = |error: &dyn std::fmt::Display| {
        let file = file.display();
        Failure::Failed(t!("cli.settings_wrong", file = file, error = error).into_owned())
    };
    match fs::read_to_string(file) {
        Ok(text) => toml::from_str(&text).map_err(|error| wrong(&error)),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(Settings::default()),
        Err(error) => Err(wrong(&error)),
    }
}

/// The folder of a demonstration office; goes when this value does, unless it is kept.
pub struct Example {
    folder: PathBuf,
    kept: bool,
}

impl Example {
    /// A new folder of the officer's own under the system's temporary folder.
    pub fn fresh() -> Result<Self, Failure> {
        let base = std::env::temp_dir();
        let pid = std::process::id();
        for attempt in 0..100 {
            let folder = base.join(format!("kompeten-demo-{pid}-{attempt}"));
            match make_private(&folder) {
                Ok(()) => return Ok(Self { folder, kept: false }),
                Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {}
                Err(error) => return Err(cannot_make(&folder, &error)),
            }
        }
        Err(Failure::Failed(t!("demo.no_folder", folder = base.display()).into_owned()))
    }

    /// A folder the officer named; it must not hold anything yet.
    pub fn kept(folder: &Path) -> Result<Self, Failure> {
        let taken = fs::read_dir(folder).is_ok_and(|mut entries| entries.next().is_some());
        if taken {
            let text = t!("demo.not_empty", folder = folder.display()).into_owned();
            return Err(Failure::Failed(text));
        }
        match make_private(folder) {
            Err(error) if error.kind() != std::io::ErrorKind::AlreadyExists => {
                Err(cannot_make(folder, &error))
            }
            _ => Ok(Self { folder: folder.to_path_buf(), kept: true }),
        }
    }

    pub fn folder(&self) -> &Path {
        &self.folder
    }

    pub const fn is_kept(&self) -> bool {
        self.kept
    }
}

impl Drop for Example {
    fn drop(&mut self) {
        if !self.kept {
            // It holds nobody's data; what cannot be removed the system clears away.
            let _ = fs::remove_dir_all(&self.folder);
        }
    }
}

fn make_private(folder: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::DirBuilderExt;
    fs::DirBuilder::new().mode(0o700).create(folder)
}

fn cannot_make(folder: &Path, error: &std::io::Error) -> Failure {
    let folder = folder.display().to_string();
    Failure::Failed(t!("demo.cannot_make", folder = folder, error = error).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder(flag: Option<&str>, env: &[(&str, &str)]) -> Option<String> {
        let lookup = |name: &str| {
            env.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_string())
        };
        let found = data_folder(flag.map(Path::new), &lookup).ok()?;
        Some(found.display().to_string())
    }

    #[test]
    fn the_data_folder_is_where_the_contract_says() {
        let all = [("KOMPETEN_DATA", "/k"), ("XDG_DATA_HOME", "/x"), ("HOME", "/h")];
        assert_eq!(folder(Some("/f"), &all).as_deref(), Some("/f"));
        assert_eq!(folder(None, &all).as_deref(), Some("/k"));
        assert_eq!(folder(None, &all[1..]).as_deref(), Some("/x/kompeten"));
        assert_eq!(folder(None, &all[2..]).as_deref(), Some("/h/.local/share/kompeten"));
        let relative = [("XDG_DATA_HOME", "x"), ("HOME", "/h")];
        assert_eq!(folder(None, &relative).as_deref(), Some("/h/.local/share/kompeten"));
        assert_eq!(folder(None, &[("KOMPETEN_DATA", "")]), None);
    }

    #[test]
    fn a_shared_office_is_asked_unless_a_folder_is_named() {
        let shared = |data: Option<&str>, env: &[(&str, &str)]| {
            let lookup = |name: &str| {
                env.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_string())
            };
            address(data.map(Path::new), &lookup).ok()
        };
        let env = [("KOMPETEN_SOCKET", "/s"), ("KOMPETEN_DATA", "/k")];
        assert_eq!(shared(None, &env), Some(Address::Shared("/s".into())));
        assert_eq!(shared(Some("/f"), &env), Some(Address::Folder));
        assert_eq!(shared(None, &env[1..]), Some(Address::Folder));
    }

    #[test]
    fn the_hosts_settings_name_socket_and_recipients_or_are_an_error() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("config.toml");
        assert_eq!(settings(&file).unwrap(), Settings::default());
        fs::write(&file, "socket = \"/run/k/k.sock\"\n[backup]\nrecipients = [\"age1x\"]\n")
            .unwrap();
        let read = settings(&file).unwrap();
        assert_eq!(read.socket, Some("/run/k/k.sock".into()));
        assert_eq!(read.backup.recipients, ["age1x"]);
        for wrong in ["socket = ", "[backup]\nrecipients = \"age1x\"\n"] {
            fs::write(&file, wrong).unwrap();
            assert!(settings(&file).is_err(), "{wrong}");
        }
    }

    #[test]
    fn an_example_goes_unless_it_is_kept() {
        let folder = Example::fresh().unwrap().folder().to_path_buf();
        assert!(!folder.exists());
        let base = tempfile::tempdir().unwrap();
        let kept = base.path().join("contoh");
        drop(Example::kept(&kept).unwrap());
        assert!(kept.exists());
        fs::write(kept.join("x"), "x").unwrap();
        assert!(matches!(Example::kept(&kept), Err(Failure::Failed(_))));
    }
}
