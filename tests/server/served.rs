//! A server for one test: a process with a data folder of its own, killed when dropped.

use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStderr, Command, Output, Stdio};
use std::time::Duration;

use kompeten::link::open::Address;
use rustix::process::{Pid, Signal, kill_process};
use tempfile::TempDir;

use super::desk::Desk;

/// Far longer than anything takes on a loaded machine.
pub const PATIENCE: Duration = Duration::from_secs(60);

/// A data folder and the place of its socket.
pub struct Place(TempDir);

impl Place {
    pub fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    pub fn data(&self) -> PathBuf {
        self.0.path().join("data")
    }

    pub fn socket(&self) -> PathBuf {
        self.0.path().join("run").join("k.sock")
    }

    /// The program, with nothing of this machine's surroundings.
    pub fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_kompeten"));
        command.env_clear().env("PATH", std::env::var_os("PATH").unwrap_or_default());
        command.env("HOME", self.0.path()).args(args);
        command
    }

    /// A command that asks the data folder.
    pub fn in_folder(&self, args: &[&str]) -> Output {
        let data = self.data();
        self.command(args).arg("--data").arg(data).output().unwrap()
    }

    /// A command that asks the shared office.
    pub fn shared(&self, args: &[&str]) -> Output {
        self.command(args).env("KOMPETEN_SOCKET", self.socket()).output().unwrap()
    }

    /// Starts a server and does not wait for it.
    pub fn start(&self) -> Server {
        self.start_with(&[])
    }

    pub fn start_with(&self, args: &[&str]) -> Server {
        let mut command = self.command(&["serve", "--lang", "en"]);
        command.args(args);
        command.arg("--data").arg(self.data()).arg("--socket").arg(self.socket());
        let mut child = command.stderr(Stdio::piped()).stdout(Stdio::null()).spawn().unwrap();
        let says = BufReader::new(child.stderr.take().unwrap());
        Server { child, says }
    }

    pub fn serve(&self) -> Server {
        let mut server = self.start();
        let said = server.hear();
        assert!(said.starts_with("Serving "), "{said}");
        server
    }

    pub fn desk(&self) -> Desk {
        Desk::open(&Address::Shared(self.socket()), &self.data(), false)
    }
}

pub struct Server {
    child: Child,
    says: BufReader<ChildStderr>,
}

impl Server {
    /// The next line it says; empty at its end.
    pub fn hear(&mut self) -> String {
        let mut line = String::new();
        self.says.read_line(&mut line).unwrap();
        line
    }

    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    pub fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    pub fn tell_to_stop(&self) {
        let pid = Pid::from_raw(self.child.id().cast_signed()).unwrap();
        kill_process(pid, Signal::TERM).unwrap();
    }

    /// Waits for its end: exit code and what it said last.
    pub fn end(mut self) -> (Option<i32>, String) {
        let mut rest = String::new();
        self.says.read_to_string(&mut rest).unwrap();
        (self.child.wait().unwrap().code(), rest)
    }

    pub fn stop(self) {
        self.tell_to_stop();
        let (code, said) = self.end();
        assert_eq!(code, Some(0), "{said}");
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// What a command said, for one that must have ended like this.
pub fn said(output: &Output, code: i32) -> (String, String) {
    let out = String::from_utf8_lossy(&output.stdout).into_owned();
    let err = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(code), "stdout: {out}\nstderr: {err}");
    (out, err)
}

pub fn is_there(path: &Path) -> bool {
    std::fs::symlink_metadata(path).is_ok()
}
