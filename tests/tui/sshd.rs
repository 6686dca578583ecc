//! A real sshd on the loopback for one test, with keys of its own, and logins through it.
//!
//! It runs as whoever runs the tests, root or not, reads no settings of the machine and
//! lets in nobody without the test's key. On a machine where none can run the tests say so
//! and pass; where `CI` is set, sshd must at least be there.

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpListener;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::thread::{self, JoinHandle};

use rustix::process::{Pid, getuid, kill_process};
use tempfile::TempDir;

use crate::pty::{Pty, Signal};

/// Somebody else may take the free port before sshd does.
const PORTS: usize = 20;

pub struct Sshd {
    child: Child,
    port: u16,
    place: TempDir,
    /// What it says is taken off its hands, or it would wait for a reader.
    says: Option<JoinHandle<String>>,
}

impl Sshd {
    /// With these settings besides the ones it needs; `None` on a machine that has no sshd.
    pub fn start(settings: &str) -> Option<Self> {
        let Some(program) = program() else {
            assert!(std::env::var_os("CI").is_none(), "no sshd: .ci/run installs it");
            not_tested("no sshd here (apt-get install openssh-server openssh-client)");
            return None;
        };
        if getuid().is_root() {
            // Where it locks itself in; the package's unit makes it, which may not run here.
            fs::create_dir_all("/run/sshd").expect("/run/sshd");
            if root_is_locked() {
                not_tested(
                    "root may not log in here (`!` in /etc/shadow): run the tests as a user",
                );
                return None;
            }
        } else if !terminals_are_ready() {
            not_tested("only root can give a terminal to the group tty here (devpts without gid=)");
            return None;
        }
        let place = tempfile::tempdir().expect("a folder");
        for key in ["host", "officer"] {
            make_key(&place.path().join(key));
        }
        fs::copy(place.path().join("officer.pub"), place.path().join("authorized_keys"))
            .expect("the key");
        for _ in 0..PORTS {
            let port = free_port();
            let config = place.path().join("sshd_config");
            fs::write(&config, configuration(place.path(), port, settings)).expect("settings");
            let mut command = Command::new(&program);
            command.args(["-D", "-e", "-f"]).arg(&config).stderr(Stdio::piped());
            let mut child = command.spawn().expect("sshd starts");
            let mut says = BufReader::new(child.stderr.take().expect("its words"));
            let mut said = String::new();
            while says.read_line(&mut said).expect("its words") > 0 {
                if said.contains("Server listening on") {
                    let rest = thread::spawn(move || {
                        let _ = says.read_to_string(&mut said);
                        said
                    });
                    return Some(Self { child, port, place, says: Some(rest) });
                }
            }
            child.wait().expect("its end");
            assert!(said.contains("Bind to port"), "sshd does not start:\n{said}");
        }
        panic!("no free port");
    }

    /// Logs in with a terminal and runs a command there; none is the account's own.
    pub fn login(&self, command: &[&str]) -> Pty {
        self.login_with(&[], command)
    }

    pub fn login_with(&self, options: &[&str], command: &[&str]) -> Pty {
        let args = self.args(&[&["-tt"], options].concat(), command);
        let args: Vec<&str> = args.iter().map(String::as_str).collect();
        Pty::other(Path::new("ssh"), &args, &[])
    }

    /// Logs in without a terminal, as scripts do, and waits for the end.
    pub fn run(&self, options: &[&str], command: &[&str]) -> Output {
        let mut ssh = Command::new("ssh");
        ssh.args(self.args(options, command)).stdin(Stdio::null());
        ssh.output().expect("ssh runs")
    }

    /// How `scp` and `sftp` find the way.
    pub fn copy(&self, program: &str, args: &[&str]) -> Output {
        let mut command = Command::new(program);
        command.args(self.way()).arg("-P").arg(self.port.to_string()).args(args);
        command.stdin(Stdio::null()).output().expect("it runs")
    }

    /// Where it listens.
    pub fn address(&self) -> String {
        format!("127.0.0.1:{}", self.port)
    }

    /// Who logs in where, as scp and sftp write it.
    pub fn account() -> String {
        format!("{}@127.0.0.1", kompeten::link::identity::own())
    }

    /// The program an officer who has logged in runs.
    pub fn wait_program(&self) -> Pid {
        let mut found = None;
        crate::pty::until("the program to run over SSH", || {
            found = self.below().into_iter().find(|(_, name)| name == "kompeten");
            found.is_some()
        });
        found.expect("it was found").0
    }

    /// The line breaks on the host's side: every connection's process is gone at once.
    pub fn drop_connections(&self) {
        for (pid, name) in self.below() {
            if name.starts_with("sshd") {
                // One of them may have followed another already.
                let _ = kill_process(pid, Signal::KILL);
            }
        }
    }

    fn args(&self, options: &[&str], command: &[&str]) -> Vec<String> {
        let mut args = self.way();
        args.extend(["-p".into(), self.port.to_string(), "-e".into(), "none".into()]);
        args.extend(options.iter().map(ToString::to_string));
        args.push(Self::account());
        args.extend(command.iter().map(ToString::to_string));
        args
    }

    fn way(&self) -> Vec<String> {
        let key = self.place.path().join("officer").display().to_string();
        let mut args: Vec<String> = ["-F", "/dev/null", "-i", &key].map(Into::into).into();
        for option in [
            "IdentitiesOnly=yes",
            "StrictHostKeyChecking=no",
            "UserKnownHostsFile=/dev/null",
            "LogLevel=ERROR",
            "BatchMode=yes",
        ] {
            args.extend(["-o".into(), option.into()]);
        }
        args
    }

    /// The processes below it with their names.
    fn below(&self) -> Vec<(Pid, String)> {
        let mut found = Vec::new();
        let mut parents = vec![self.child.id().to_string()];
        while let Some(parent) = parents.pop() {
            let children = format!("/proc/{parent}/task/{parent}/children");
            for child in fs::read_to_string(children).unwrap_or_default().split_whitespace() {
                let name = fs::read_to_string(format!("/proc/{child}/comm")).unwrap_or_default();
                let pid = child.parse().ok().and_then(Pid::from_raw).expect("a process");
                found.push((pid, name.trim_end().to_owned()));
                parents.push(child.to_owned());
            }
        }
        found
    }
}

impl Drop for Sshd {
    fn drop(&mut self) {
        self.drop_connections();
        let _ = self.child.kill();
        let _ = self.child.wait();
        let said = self.says.take().and_then(|says| says.join().ok());
        if thread::panicking() {
            println!("sshd said:\n{}", said.unwrap_or_default());
        }
    }
}

/// In no officer's path, usually.
fn program() -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let usual = ["/usr/sbin", "/usr/local/sbin", "/sbin"].map(PathBuf::from);
    let found = std::env::split_paths(&path).chain(usual).map(|folder| folder.join("sshd"));
    found.into_iter().find(|file| file.is_file())
}

/// Past the test harness, which keeps what a test that passes has printed.
fn not_tested(why: &str) {
    let text = format!("\nNOT TESTED over SSH: {why}\n");
    std::io::stderr().write_all(text.as_bytes()).expect("said");
}

/// Without PAM, which the machine may have set up for anything, sshd keeps to this.
fn root_is_locked() -> bool {
    let shadow = fs::read_to_string("/etc/shadow").unwrap_or_default();
    shadow.lines().any(|line| line.starts_with("root:!"))
}

/// sshd hands a terminal to the group tty; where new ones are not that group's already, only
/// root can.
fn terminals_are_ready() -> bool {
    let groups = fs::read_to_string("/etc/group").unwrap_or_default();
    let tty = groups.lines().find_map(|line| line.strip_prefix("tty:")?.split(':').nth(1));
    let Some(tty) = tty.and_then(|gid| gid.parse::<u32>().ok()) else { return true };
    let size = portable_pty::PtySize::default();
    let pair = portable_pty::native_pty_system().openpty(size).expect("a terminal");
    let name = pair.master.tty_name().expect("a name");
    fs::metadata(name).expect("a terminal").gid() == tty
}

fn make_key(file: &Path) {
    let mut command = Command::new("ssh-keygen");
    command.args(["-q", "-t", "ed25519", "-N", "", "-C", "test", "-f"]).arg(file);
    assert!(command.status().expect("ssh-keygen runs").success());
    fs::set_permissions(file, fs::Permissions::from_mode(0o600)).expect("private");
}

fn free_port() -> u16 {
    let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a port");
    listener.local_addr().expect("its number").port()
}

fn configuration(place: &Path, port: u16, settings: &str) -> String {
    let place = place.display();
    format!(
        "ListenAddress 127.0.0.1\nPort {port}\nHostKey {place}/host\n\
         AuthorizedKeysFile {place}/authorized_keys\nPidFile none\nUsePAM no\nStrictModes no\n\
         PasswordAuthentication no\nKbdInteractiveAuthentication no\nPermitRootLogin yes\n\
         {settings}\n"
    )
}
