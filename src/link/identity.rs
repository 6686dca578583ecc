//! Identity: the operating system's name of an officer, found by user id alone. Never
//! taken from the environment or from a claim, which anybody can set: it is what the
//! history says.

use std::fs;
use std::io;
use std::os::fd::AsFd;
use std::os::unix::fs::MetadataExt;
use std::path::Path;
use std::process::Command;

/// The user this process runs as.
pub fn own() -> String {
    name(rustix::process::getuid().as_raw())
}

/// Whether a user may read the data folder without asking: the one this process runs as,
/// who owns it, and root.
pub fn owns_office(uid: u32) -> bool {
    uid == 0 || uid == rustix::process::geteuid().as_raw()
}

/// Who owns the folder, where that is another user than this process runs as: what it made
/// there they could not read, and what stands there could lead it anywhere.
pub fn other_owner(folder: &Path) -> Option<u32> {
    let owner = fs::metadata(folder).ok()?.uid();
    (owner != rustix::process::geteuid().as_raw()).then_some(owner)
}

/// The user id of whoever is at the other end of a Unix socket, as the kernel knows it.
pub fn peer(socket: impl AsFd) -> io::Result<u32> {
    Ok(rustix::net::sockopt::socket_peercred(socket)?.uid.as_raw())
}

/// The name of a user; one that has none is called by its number.
pub fn name(uid: u32) -> String {
    let passwd = fs::read_to_string("/etc/passwd").unwrap_or_default();
    name_in(&passwd, uid).or_else(|| asked_from_system(uid)).unwrap_or_else(|| format!("uid {uid}"))
}

fn name_in(passwd: &str, uid: u32) -> Option<String> {
    let uid = uid.to_string();
    passwd.lines().find_map(|line| {
        let mut fields = line.split(':');
        let name = fields.next()?;
        (fields.nth(1) == Some(uid.as_str()) && !name.is_empty()).then(|| name.to_string())
    })
}

/// Officers of a directory service stand in no file; the system's own look-up knows them.
fn asked_from_system(uid: u32) -> Option<String> {
    let output = Command::new("getent").args(["passwd", &uid.to_string()]).output().ok()?;
    // A user may be *named* like a number: only the line with this id counts.
    name_in(&String::from_utf8(output.stdout).ok()?, uid)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::net::UnixStream;

    #[test]
    fn an_officer_is_found_by_user_id_alone() {
        let passwd =
            "root:x:0:0::/root:/bin/sh\nmila:x:1000:1000:Mila:/home/mila:/bin/sh\nbroken\n";
        assert_eq!(name_in(passwd, 1000).as_deref(), Some("mila"));
        assert_eq!(name_in(passwd, 10), None);
        assert_eq!(name(4_294_967_294), "uid 4294967294");
    }

    #[test]
    fn who_is_at_the_other_end_is_known_without_asking_them() {
        let (ours, _theirs) = UnixStream::pair().unwrap();
        assert_eq!(name(peer(&ours).unwrap()), own());
    }
}
