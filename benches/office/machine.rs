//! What the figures were measured on, and what the system says of a process.

use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::process::{Child, ExitStatus};
use std::thread;
use std::time::{Duration, Instant};

use rustix::fs::{major, minor};

/// Between two looks at a process that runs.
const LOOK_AGAIN: Duration = Duration::from_millis(2);

/// Cores, processor, kernel, memory, file system of `place`.
pub fn facts(place: &Path) -> Vec<(&'static str, String)> {
    let cores = thread::available_parallelism().map_or(0, usize::from);
    let processor = field("/proc/cpuinfo", "model name").unwrap_or_default();
    let kernel = read("/proc/sys/kernel/osrelease");
    let memory = field("/proc/meminfo", "MemTotal").unwrap_or_default();
    vec![
        ("cores", cores.to_string()),
        ("processor", processor),
        ("kernel", kernel),
        ("memory", memory),
        ("file system", file_system(place)),
        ("disk", disk(place)),
        ("load", read("/proc/loadavg").split_whitespace().take(3).collect::<Vec<_>>().join(" ")),
        (
            "profile",
            if cfg!(debug_assertions) { "DEBUG: figures mean nothing" } else { "release" }.into(),
        ),
    ]
}

fn read(path: &str) -> String {
    fs::read_to_string(path).map(|text| text.trim().to_string()).unwrap_or_default()
}

/// `name: value` in one of the system's files.
fn field(path: &str, name: &str) -> Option<String> {
    let text = fs::read_to_string(path).ok()?;
    let line = text.lines().find(|line| line.starts_with(name))?;
    line.split_once(':').map(|(_, value)| value.trim().to_string())
}

/// Type and device of the file system that holds `place`.
fn file_system(place: &Path) -> String {
    let place = place.canonicalize().unwrap_or_else(|_| place.to_path_buf());
    let mounts = read("/proc/self/mounts");
    let holding = mounts.lines().filter_map(|line| {
        let mut words = line.split(' ');
        let (device, at, kind) = (words.next()?, words.next()?, words.next()?);
        place.starts_with(at).then(|| (at.len(), format!("{kind} on {device}")))
    });
    holding.max().map_or_else(String::new, |(_, name)| name)
}

/// The disk below `place`, as far as the system knows it.
fn disk(place: &Path) -> String {
    let Ok(number) = fs::metadata(place).map(|meta| meta.dev()) else { return String::new() };
    let device = format!("/sys/dev/block/{}:{}", major(number), minor(number));
    let Ok(mut folder) = fs::canonicalize(device) else { return "none of its own".into() };
    if folder.join("partition").exists() {
        folder.pop();
    }
    let name = folder.file_name().map(|name| name.to_string_lossy().into_owned());
    let of = |what: &str| read(&folder.join("queue").join(what).to_string_lossy());
    let turns = if of("rotational") == "1" { "said to turn" } else { "does not turn" };
    format!("{}, {turns}, cache {}", name.unwrap_or_default(), of("write_cache"))
}

/// Kilobytes from `/proc/PID/status`, as bytes.
fn status(pid: &str, name: &str) -> Option<u64> {
    let value = field(&format!("/proc/{pid}/status"), name)?;
    value.strip_suffix("kB")?.trim().parse::<u64>().ok().map(|kb| kb * 1024)
}

/// Memory a process has resident now.
pub fn resident(pid: u32) -> Option<u64> {
    status(&pid.to_string(), "VmRSS")
}

/// Of that, what is its own: not pages of files it shares.
pub fn resident_own(pid: u32) -> Option<u64> {
    status(&pid.to_string(), "RssAnon")
}

/// Processor time a process has used, in ticks of usually 10 ms.
pub fn ticks(pid: u32) -> Option<u64> {
    let line = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    let (_, rest) = line.rsplit_once(')')?;
    let words: Vec<&str> = rest.split_whitespace().collect();
    Some(words.get(11)?.parse::<u64>().ok()? + words.get(12)?.parse::<u64>().ok()?)
}

/// The same to the nanosecond, of all its threads: ticks are too coarse to show a thread
/// that wakes for a moment every second.
pub fn processor_time(pid: u32) -> Duration {
    let threads = fs::read_dir(format!("/proc/{pid}/task")).into_iter().flatten().flatten();
    let nanos = threads.filter_map(|thread| {
        let text = fs::read_to_string(thread.path().join("schedstat")).ok()?;
        text.split_whitespace().next()?.parse::<u64>().ok()
    });
    Duration::from_nanos(nanos.sum())
}

/// How often its threads were put on a processor and taken off again.
pub fn switches(pid: u32) -> u64 {
    let threads = fs::read_dir(format!("/proc/{pid}/task")).into_iter().flatten().flatten();
    let of_thread = |thread: fs::DirEntry| -> u64 {
        let status = read(&thread.path().join("status").to_string_lossy());
        let lines = status.lines().filter(|line| line.contains("ctxt_switches"));
        lines.filter_map(|line| line.split_whitespace().nth(1)?.parse::<u64>().ok()).sum()
    };
    threads.map(of_thread).sum()
}

/// Memory a process has, with its share of what it has in common with others.
pub fn proportional(pid: u32) -> Option<u64> {
    let value = field(&format!("/proc/{pid}/smaps_rollup"), "Pss:")?;
    value.strip_suffix("kB")?.trim().parse::<u64>().ok().map(|kb| kb * 1024)
}

/// A small machine: one core, and so much memory where a control group may be made.
pub struct Small {
    group: Option<PathBuf>,
}

impl Small {
    pub fn new(memory: u64) -> Self {
        let name = format!("kompeten-bench-{}", std::process::id());
        let made =
            [("/sys/fs/cgroup/memory", "memory.limit_in_bytes"), ("/sys/fs/cgroup", "memory.max")]
                .into_iter()
                .find_map(|(root, limit)| {
                    let group = Path::new(root).join(&name);
                    fs::create_dir(&group).ok()?;
                    // A folder that is no control group takes no limit.
                    let limited = group.join(limit).exists()
                        && fs::write(group.join(limit), memory.to_string()).is_ok();
                    if !limited {
                        let _ = fs::remove_dir(&group);
                    }
                    limited.then_some(group)
                });
        Self { group: made }
    }

    /// How it is held to its size.
    pub fn how(&self) -> &'static str {
        match self.group {
            Some(_) => "one core by taskset, 512 MB by a control group",
            None => "one core by taskset, memory not limited: no control group may be made here",
        }
    }

    /// The words that start a program on it.
    pub fn start(&self, program: &str) -> Vec<String> {
        let mut words: Vec<String> = Vec::new();
        if let Some(group) = &self.group {
            let enter = r#"echo $$ > "$0/cgroup.procs" && exec "$@""#;
            words.extend(["sh", "-c", enter].map(str::to_string));
            words.push(group.to_string_lossy().into_owned());
        }
        words.extend(["taskset", "-c", "0", program].map(str::to_string));
        words
    }

    /// The most it ever had in use, pages of files included.
    pub fn peak(&self) -> Option<u64> {
        let group = self.group.as_ref()?;
        let read = |name| fs::read_to_string(group.join(name)).ok();
        let peak = read("memory.max_usage_in_bytes").or_else(|| read("memory.peak"))?;
        peak.trim().parse().ok()
    }
}

impl Drop for Small {
    fn drop(&mut self) {
        if let Some(group) = &self.group {
            let _ = fs::remove_dir(group);
        }
    }
}

/// Waits for a child; how long it ran and the most memory it had resident.
pub fn wait(mut child: Child, since: Instant) -> (Duration, u64, ExitStatus) {
    let pid = child.id().to_string();
    let mut peak = 0;
    loop {
        peak = peak.max(status(&pid, "VmHWM").unwrap_or(0));
        if let Some(status) = child.try_wait().expect("the child can be waited for") {
            return (since.elapsed(), peak, status);
        }
        thread::sleep(LOOK_AGAIN);
    }
}
