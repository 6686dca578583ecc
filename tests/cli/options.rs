//! Every option of every command, held against the same command without it: it changes what
//! the command says or does, or it is refused. One that does neither, or that stands in no
//! row below, is an error.

use std::collections::BTreeSet;
use std::sync::Mutex;
use std::{fs, thread};

use clap::Command;

use super::office::{Office, RATINGS, staffed};

/// What is asked afterwards, where a command says the same and does something else.
const NOTHING: &str = "";
const HISTORY: &str = "history --format json";

/// Command, option, what else is said, and what shows the difference afterwards. `@` is the
/// test's own folder.
const OPTIONS: &[(&str, &str, &str, &str)] = &[
    ("import", "--dry-run", "ratings @/more.csv", HISTORY),
    ("import", "--map nip=Kode", "employees @/mapped.csv", NOTHING),
    ("import", "--sheet Sheet1", "ratings @/more.csv", NOTHING),
    ("import", "--rejects @/rejects.csv", "ratings @/more.csv", "import ratings @/rejects.csv"),
    ("import", "--json", "ratings @/more.csv", NOTHING),
    ("import", "--why Sebab", "ratings @/more.csv", HISTORY),
    ("export", "--format json", "employees -", NOTHING),
    ("export", "--search Ayu", "employees -", NOTHING),
    ("export", "--unit Sago", "employees -", NOTHING),
    ("list", "--search Ayu", "employees", NOTHING),
    ("list", "--unit Sago", "employees", NOTHING),
    ("list", "--sort -name", "employees", NOTHING),
    ("list", "--limit 1", "employees", NOTHING),
    ("list", "--format csv", "employees", NOTHING),
    ("show", "--format json", "employees 198001012005012901", NOTHING),
    ("show", "--history", "employees 198001012005012901", NOTHING),
    ("add", "--from @/units.jsonl", "units", NOTHING),
    ("add", "--yes", "enrolments session=1000 employee=198001012005012901", NOTHING),
    ("add", "--json", "units name=Baru", NOTHING),
    ("add", "--why Sebab", "units name=Baru", HISTORY),
    ("edit", "--yes", "enrolments 1001 session=1000", NOTHING),
    ("edit", "--json", "employees 198001012005012901 education=S-2", NOTHING),
    ("edit", "--why Sebab", "employees 198001012005012901 education=S-2", HISTORY),
    ("delete", "--yes", "employees 199503012022211903", NOTHING),
    ("delete", "--json", "employees 199503012022211903 --yes", NOTHING),
    ("delete", "--why Sebab", "employees 199503012022211903 --yes", HISTORY),
    ("kinds", "--format json", "", NOTHING),
    ("matrix", "--unit Sago", "", NOTHING),
    ("matrix", "--search Ayu", "", NOTHING),
    ("matrix", "--at 2020-01-01", "--format json", NOTHING),
    ("matrix", "--format csv", "", NOTHING),
    ("history", "--record employees/199503012022211903", "", NOTHING),
    ("history", "--person 199503012022211903", "", NOTHING),
    ("history", "--kind ratings", "", NOTHING),
    ("history", "--by nobody", "", NOTHING),
    ("history", "--since 2999-01-01", "", NOTHING),
    ("history", "--until 2000-01-01", "", NOTHING),
    ("history", "--search by:nobody", "", NOTHING),
    ("history", "--limit 1", "", NOTHING),
    ("history", "--format json", "", NOTHING),
    ("person export", "--out @/copy.txt", "198001012005012901", NOTHING),
    ("person export", "--format json", "198001012005012901", NOTHING),
    ("person export", "--overwrite", "198001012005012901 --out @/more.csv", NOTHING),
    ("person erase", "--yes", "198001012005012901", NOTHING),
    ("person erase", "--why Sebab", "199002012015121902 --yes", HISTORY),
    ("retention", "--apply", "", NOTHING),
    ("retention", "--yes", "--apply", NOTHING),
    ("retention", "--json", "", NOTHING),
    ("report", "--unit Sago", "headcount", NOTHING),
    ("report", "--year 2020", "jp", NOTHING),
    ("report", "--at 2020-01-01", "matrix --format json", NOTHING),
    ("report", "--search Ayu", "jp", NOTHING),
    ("report", "--sort -name", "jp", NOTHING),
    ("report", "--limit 1", "jp", NOTHING),
    ("report", "--format csv", "jp", NOTHING),
    ("report", "--out @/report.csv", "jp", NOTHING),
    ("cycle show", "--format json", "Periode", NOTHING),
    ("cycle propose", "--why Sebab", "Periode", HISTORY),
    ("cycle make", "--why Sebab", "Periode", HISTORY),
    ("cycle sheets", "--unit Sago", "Periode", NOTHING),
    ("cycle sheets", "--out @/lembar.txt", "Periode", NOTHING),
    ("cycle key", "--json", "Periode @/filled.csv", NOTHING),
    ("cycle key", "--why Sebab", "Periode @/filled.csv", HISTORY),
    ("cycle tick", "--clear", "Periode 198502022010021002 198001012005012901", NOTHING),
    ("cycle remind", "--format json", "Periode", NOTHING),
    ("cycle collect", "--why Sebab", "Periode", HISTORY),
    ("cycle close", "--why Sebab", "Periode", HISTORY),
    ("verify", "--sign-off", "", NOTHING),
    ("verify", "--out @/sheet.txt", "--sign-off", NOTHING),
    ("verify", "--against 1:0000000000000000", "", NOTHING),
    ("backup", "--to @/backups", "--passphrase-file @/pass.txt", NOTHING),
    ("backup", "--recipient age1none", "@/a.age", NOTHING),
    ("backup", "--recipients-file @/units.jsonl", "@/a.age", NOTHING),
    ("backup", "--passphrase-file @/pass.txt", "@/a.age", NOTHING),
    ("backup", "--new-key @/key.txt", "", NOTHING),
    ("backup", "--json", "@/a.age --passphrase-file @/pass.txt", NOTHING),
    ("restore", "--identity @/none.txt", "@/more.csv", NOTHING),
    ("restore", "--passphrase-file @/none.txt", "@/more.csv", NOTHING),
    ("officers list", "--format json", "", NOTHING),
    ("officers add", "--role viewer", "joko", NOTHING),
    ("officers add", "--unit Sago", "joko --role viewer", NOTHING),
    ("officers add", "--note Catatan", "joko --role viewer", "officers list --format json"),
    ("officers add", "--json", "joko --role viewer", NOTHING),
    ("officers remove", "--json", "siti", NOTHING),
    ("sittings list", "--format json", "", NOTHING),
    ("erase-reason", "--yes", "4", NOTHING),
    ("erase-reason", "--why Sebab", "4 --yes", HISTORY),
    ("quarantine", "--yes", "", NOTHING),
    ("keys", "--format markdown", "", NOTHING),
    ("man", "--roff", "", NOTHING),
];

/// Options whose effect this test cannot see, with the test that does.
const ELSEWHERE: &[(&str, &str, &str)] = &[
    ("demo", "--keep", "needs a terminal: `example`"),
    ("backup", "--keep", "needs several backups: `backup`"),
    ("restore", "--json", "needs a backup: `backup`"),
    ("sittings end", "--json", "needs a shared office: `server`"),
    ("quarantine", "--json", "needs a damaged journal: `backup`"),
    ("serve", "--socket", "stays until it is ended: `server`"),
    ("serve", "--admin", "stays until it is ended: `server`"),
    ("import", "--yes", "moves somebody between categories: `talent`"),
    ("undo", "--yes", "moves somebody between categories: `talent`"),
    ("report", "own", "one report's own parameter: refused for others by the office"),
];

/// What would do nothing beside something else, or for what it is asked of.
const IDLE: &[&str] = &[
    "retention --yes",
    "undo --yes",
    "import ratings @/more.csv --yes",
    "report --unit Sago",
    "report --format json",
    "report --limit 1",
    "report --by unit",
    "person export 198001012005012901 --overwrite",
    "verify --out @/sheet.txt",
    "import ratings @/more.csv --dry-run --why Sebab",
    "import ratings @/more.csv --sheet Sheet1",
    "backup @/a.age --keep 3 --passphrase-file @/pass.txt",
    "list competencies --unit Sago",
    "export programmes - --unit Sago",
    "export officers - --unit Sago",
    "kinds --read-only",
    "kinds --data @/data",
    "list employees --keymap vim",
    "restore @/more.csv --read-only",
    "keys --read-only",
    "demo --data @/data",
    "add units name=Baru --yes",
    "add units --from @/units.jsonl --yes",
    "edit employees 198001012005012901 education=S-2 --yes",
    "man --roff --keymap vim",
];

/// An office with something for every row.
fn filled() -> Office {
    let office = staffed();
    office.file("more.csv", RATINGS.replace(",2,", ",3,").replace("Lurah", "Sekretaris"));
    office.file("mapped.csv", "Kode;NAMA;JABATAN\n199601012020121904;Dedi Contoh;Analis\n");
    office.file("units.jsonl", "{\"name\": \"Seksi Umum\"}\n");
    office.file("pass.txt", "kata sandi yang panjang sekali\n");
    let run = |args: &str| office.run(&args.split(' ').collect::<Vec<_>>()).expect(0);
    run("officers add siti --role viewer");
    run("edit employees 199002012015121902 status=Retired --why Alasan");
    run("add programmes name=Bimtek type=KL10");
    run("add sessions programme=1000 start=2026-12-01 end=2026-12-01 capacity=1");
    run("add enrolments session=1000 employee=199002012015121902");
    run("add sessions programme=1000 start=2026-12-08 end=2026-12-08");
    run("add enrolments session=1001 employee=198001012005012901");
    cycled(&office);
    office
}

/// Gives the office a cycle with a sheet that is keyed, one that is not, and a rater for whom
/// there is none yet.
fn cycled(office: &Office) {
    let run = |args: &str| office.run(&args.split(' ').collect::<Vec<_>>()).expect(0);
    let rater = |nip: &str, group: &str| {
        let about = "add raters cycle=Periode employee=198502022010021002";
        run(&format!("{about} rater={nip} group={group}"));
    };
    run("add employees number=198502022010021002 name=Wati");
    run("add cycles name=Periode competencies=M.1");
    rater("198502022010021002", "diri");
    rater("198001012005012901", "rekan");
    run("cycle make Periode");
    let pages = run("cycle sheets Periode").out;
    let codes = pages.lines().filter_map(|line| line.split_once("Kode: "));
    let codes: Vec<&str> = codes.map(|(_, code)| code).collect();
    for (name, code) in ["first.csv", "filled.csv"].iter().zip(codes) {
        office.file(name, format!("Kode;M.1\n{code};3\n"));
    }
    let first = office.path("first.csv");
    run(&format!("cycle key Periode {}", first.display()));
    rater("199002012015121902", "rekan");
}

/// A copy of an office, in a folder of its own.
fn copied(from: &Office) -> Office {
    let office = Office::new();
    copy(from.path("").as_path(), office.path("").as_path());
    office
}

fn copy(from: &std::path::Path, to: &std::path::Path) {
    for entry in fs::read_dir(from).expect("a folder") {
        let entry = entry.expect("an entry");
        let (from, to) = (entry.path(), to.join(entry.file_name()));
        if from.is_dir() {
            fs::create_dir_all(&to).expect("a folder");
            fs::set_permissions(&to, from.metadata().expect("there").permissions()).expect("own");
            copy(&from, &to);
        } else {
            fs::copy(&from, &to).expect("a copy");
        }
    }
}

/// What a command says in a copy of the office, without what differs by itself.
fn said(office: &Office, commands: [&str; 2]) -> String {
    let own = copied(office);
    let folder = own.path("").display().to_string();
    let folder = folder.trim_end_matches('/');
    let told = commands.into_iter().filter(|command| !command.is_empty()).map(|command| {
        let command = command.replace('@', folder);
        let words: Vec<&str> = command.split(' ').filter(|word| !word.is_empty()).collect();
        let said = own.run(&words);
        format!("{}\n{}\n{}\n", said.code, said.out, said.err)
    });
    without_times(&told.collect::<String>().replace(folder, "@"))
}

/// Digits of clock times and of what is made at random, blotted out.
fn without_times(text: &str) -> String {
    let mut blotted = String::with_capacity(text.len());
    for piece in text.split_inclusive("\"at\":") {
        let rest = piece.strip_prefix(' ').unwrap_or(piece);
        match rest.strip_prefix('"').and_then(|rest| rest.split_once('"')) {
            Some((time, rest)) if time.ends_with('Z') => blotted.push_str(rest),
            _ => blotted.push_str(piece),
        }
    }
    blotted
}

/// Every command there is, and its own options.
fn commands(command: &Command, path: &str, found: &mut Vec<(String, Vec<String>)>) {
    let global = ["data", "lang", "keymap", "read_only", "help", "version"];
    let own = command.get_arguments().filter(|arg| !global.contains(&arg.get_id().as_str()));
    let long = own.filter_map(|arg| arg.get_long()).map(|long| format!("--{long}"));
    found.push((path.to_string(), long.collect()));
    for sub in command.get_subcommands() {
        commands(sub, format!("{path} {}", sub.get_name()).trim_start(), found);
    }
}

#[test]
fn every_option_of_every_command_is_tried() {
    let mut found = Vec::new();
    commands(&kompeten::cli::command(), "", &mut found);
    let own: BTreeSet<String> = found
        .iter()
        .find(|(command, _)| command == "report")
        .map(|(_, options)| options.iter().cloned().collect())
        .unwrap_or_default();
    let there: BTreeSet<String> = found
        .iter()
        .flat_map(|(command, options)| options.iter().map(move |o| format!("{command} {o}")))
        .collect();
    let first = |option: &str| option.split(' ').next().unwrap_or_default().to_string();
    let mut tried: BTreeSet<String> = OPTIONS
        .iter()
        .map(|(command, option, ..)| format!("{command} {}", first(option)))
        .collect();
    tried.extend(ELSEWHERE.iter().map(|(command, option, _)| format!("{command} {option}")));
    // A report's own parameters come with the reports.
    let common = ["unit", "year", "at", "search", "sort", "limit", "format", "out"];
    let common: Vec<String> = common.iter().map(|name| format!("--{name}")).collect();
    tried.remove("report own");
    tried.extend(own.iter().filter(|o| !common.contains(o)).map(|o| format!("report {o}")));
    assert_eq!(there.difference(&tried).collect::<Vec<_>>(), Vec::<&String>::new(), "in no row");
    assert_eq!(tried.difference(&there).collect::<Vec<_>>(), Vec::<&String>::new(), "gone");
}

#[test]
fn an_option_that_changes_nothing_is_an_error() {
    let office = filled();
    let idle: Mutex<Vec<String>> = Mutex::default();
    let next = Mutex::new(OPTIONS.iter());
    let work = || {
        loop {
            let Some((command, option, rest, probe)) = next.lock().unwrap().next() else { return };
            let bare = said(&office, [&format!("{command} {rest}"), probe]);
            let with = said(&office, [&format!("{command} {rest} {option}"), probe]);
            if bare == with {
                idle.lock().unwrap().push(format!("{command} {rest} {option}\n{with}"));
            }
        }
    };
    thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(work);
        }
    });
    let idle = idle.into_inner().unwrap();
    assert!(idle.is_empty(), "these do nothing:\n{}", idle.join("\n"));
}

#[test]
fn an_option_that_would_do_nothing_here_is_refused() {
    let office = filled();
    for command in IDLE {
        let told = said(&office, [command, NOTHING]);
        assert!(told.starts_with("2\n") || told.starts_with("1\n"), "{command}: {told}");
        assert!(told.lines().nth(1) == Some(""), "nothing is done: {command}: {told}");
    }
}
