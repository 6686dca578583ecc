//! A backup made on one host and restored on another; everything that can be wrong with a
//! backup, its key and its place, each said so and leaving nothing behind.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use super::office::{Office, STAFF, Said, staffed};

const KINDS: [&str; 9] = [
    "employees",
    "units",
    "positions",
    "competencies",
    "standards",
    "ratings",
    "programmes",
    "sessions",
    "enrolments",
];

const TRAININGS: &str = "\
nip;nama_pelatihan;jenis;tanggal_mulai;tanggal_selesai;jp;penyelenggara
198001012005012901;Bimtek Adminduk;KL10;2025-03-03;2025-03-05;24;BPSDM
199002012015121902;Bimtek Adminduk;KL10;2025-03-03;2025-03-05;24;BPSDM
";

struct Keys {
    secret: PathBuf,
    recipient: String,
}

fn path(path: &Path) -> &str {
    path.to_str().expect("a path")
}

fn new_key(office: &Office, name: &str) -> Keys {
    let secret = office.path(name);
    let said = office.run(&["backup", "--new-key", path(&secret)]).expect(0);
    Keys { secret, recipient: said.out.trim().to_string() }
}

/// An office with something of many kinds, and steps taken back.
fn lived_in() -> Office {
    let office = staffed();
    let trainings = office.file("trainings.csv", TRAININGS);
    office.import("trainings", &trainings).expect(0);
    office.run(&["set", "office_name", "Kecamatan Senapelan"]).expect(0);
    office.run(&["set", "office_name", "Salah Ketik"]).expect(0);
    office.run(&["undo"]).expect(0);
    office
}

fn backed_up(office: &Office, keys: &Keys) -> PathBuf {
    let file = office.path("cadangan.tar.gz.age");
    let _ = fs::remove_file(&file);
    office.run(&["backup", path(&file), "--recipient", &keys.recipient]).expect(0);
    file
}

fn restore(office: &Office, file: &Path, to: &Path, rest: &[&str]) -> Said {
    let mut args = vec!["restore", path(file), "--data", path(to), "--lang", "en"];
    args.extend(rest);
    office.run(&args)
}

fn mode(path: &Path) -> u32 {
    fs::metadata(path).expect("there").permissions().mode() & 0o777
}

fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).expect("a folder");
    let mut names: Vec<_> =
        entries.map(|entry| entry.expect("an entry").file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

#[test]
fn an_office_restored_elsewhere_gives_the_same_exports_byte_for_byte() {
    let office = lived_in();
    let keys = new_key(&office, "kunci.txt");
    let file = backed_up(&office, &keys);
    assert_eq!((mode(&file), mode(&keys.secret)), (0o600, 0o600));
    let to = office.path("lain/kantor");
    let said = restore(&office, &file, &to, &["--identity", path(&keys.secret)]).expect(0);
    assert!(said.err.contains("Kecamatan Senapelan: Restored up to step"), "{}", said.err);
    assert_eq!((mode(&to), mode(&to.join("journal"))), (0o700, 0o700));
    assert_eq!(mode(&to.join("journal/000001.jsonl")), 0o600);
    let elsewhere = |args: &[&str]| office.run(&[args, &["--data", path(&to)]].concat()).expect(0);
    for kind in KINDS {
        for format in ["csv", "json"] {
            let export = ["export", kind, "-", "--format", format];
            let (here, there) = (office.run(&export).expect(0), elsewhere(&export));
            assert!(here.out.len() > 2, "{kind}");
            assert_eq!(here.out, there.out, "{kind} {format}");
        }
    }
    for command in
        [&["history", "--format", "json"][..], &["matrix", "--format", "json"], &["verify"]]
    {
        assert_eq!(office.run(command).expect(0).out, elsewhere(command).out, "{command:?}");
    }
    // It is an office like any other: written to, and undone.
    elsewhere(&["set", "office_name", "Kecamatan Lain"]);
    elsewhere(&["undo"]);
    elsewhere(&["verify"]);
    // Whose details were read there waits to be written down.
    assert_eq!(names(&to), ["drafts", "journal", "lock", "log", "store"]);
}

#[test]
fn any_of_several_recipients_restores_and_a_passphrase_does_too() {
    let office = staffed();
    let (one, two) = (new_key(&office, "satu.txt"), new_key(&office, "dua.txt"));
    let stranger = new_key(&office, "asing.txt");
    let list = office.file("penerima.txt", format!("# dinas\n\n{}\n", two.recipient));
    let file = office.path("a.age");
    let both =
        ["backup", path(&file), "--recipient", &one.recipient, "--recipients-file", path(&list)];
    office.run(&both).expect(0);
    for (keys, to) in [(&one, "satu"), (&two, "dua")] {
        restore(&office, &file, &office.path(to), &["--identity", path(&keys.secret)]).expect(0);
    }
    let to = office.path("asing");
    let said = restore(&office, &file, &to, &["--identity", path(&stranger.secret)]).expect(1);
    assert!(said.err.contains("not encrypted to this key"), "{}", said.err);

    let phrase = office.file("sandi.txt", "kuda baterai staples benar\nbaris lain\n");
    let sealed = office.path("b.age");
    office.run(&["backup", path(&sealed), "--passphrase-file", path(&phrase)]).expect(0);
    let wrong = office.file("salah.txt", "kuda baterai staples salah\n");
    let said = restore(&office, &sealed, &to, &["--passphrase-file", path(&wrong)]).expect(1);
    assert!(said.err.contains("wrong passphrase"), "{}", said.err);
    let said = restore(&office, &sealed, &to, &["--identity", path(&one.secret)]).expect(1);
    assert!(said.err.contains("--passphrase-file"), "{}", said.err);
    let said = restore(&office, &file, &to, &["--passphrase-file", path(&phrase)]).expect(1);
    assert!(said.err.contains("--identity"), "{}", said.err);
    assert!(!to.exists(), "of attempts that failed nothing remains");
    restore(&office, &sealed, &to, &["--passphrase-file", path(&phrase)]).expect(0);
}

#[test]
fn a_backup_that_is_not_encrypted_is_refused_with_the_way_to_a_key() {
    let office = staffed();
    let file = office.path("polos.age");
    for (args, code, says) in [
        (vec![], 2, "kompeten backup --new-key"),
        (vec!["--recipient", "budi"], 1, "\"budi\" is no recipient"),
        (vec!["--recipients-file", "/dev/null"], 1, "is no recipient"),
    ] {
        let all = [vec!["backup", path(&file), "--lang", "en"], args].concat();
        let said = office.run(&all).expect(code);
        assert!(said.err.contains(says), "{}", said.err);
    }
    let short = office.file("sandi.txt", "rahasia\n");
    let said = office.run(&["backup", path(&file), "--passphrase-file", path(&short)]).expect(1);
    assert!(said.err.contains("12") && !said.err.contains("rahasia "), "{}", said.err);
    let keys = new_key(&office, "kunci.txt");
    let secret = fs::read_to_string(&keys.secret).unwrap();
    let secret = secret.lines().last().unwrap();
    let said = office.run(&["backup", path(&file), "--recipient", secret]).expect(1);
    assert!(said.err.contains("kunci rahasia") && !said.err.contains(secret), "{}", said.err);
    assert!(!file.exists());
    // A key is never written over another.
    let said = office.run(&["backup", "--new-key", path(&keys.secret)]).expect(1);
    assert!(said.err.contains("sudah ada"), "{}", said.err);
    assert!(fs::read_to_string(&keys.secret).unwrap().contains(&keys.recipient));
}

#[test]
fn a_backup_holds_no_name_and_writes_over_nothing() {
    let office = staffed();
    let keys = new_key(&office, "kunci.txt");
    let file = backed_up(&office, &keys);
    let bytes = fs::read(&file).unwrap();
    for text in ["Ayu Contoh", "198001012005012901", "kompeten.json"] {
        assert!(!bytes.windows(text.len()).any(|window| window == text.as_bytes()), "{text}");
    }
    let again = ["backup", path(&file), "--recipient", &keys.recipient, "--lang", "en"];
    let said = office.run(&again).expect(1);
    assert!(said.err.contains("not written over"), "{}", said.err);
    assert_eq!(fs::read(&file).unwrap(), bytes);
    let nowhere = office.path("tidak/ada.age");
    let said = office.run(&["backup", path(&nowhere), "--recipient", &keys.recipient]).expect(1);
    assert!(said.err.contains("folder"), "{}", said.err);
    let full = ["backup", "/dev/full", "--recipient", &keys.recipient, "--lang", "en"];
    let said = office.run(&full).expect(1);
    assert!(said.err.contains("disk is full"), "{}", said.err);
    // Through a pipe to another host, say.
    let piped = office.command().args(["backup", "-", "--recipient", &keys.recipient]).output();
    let piped = office.file("piped.age", piped.expect("runs").stdout);
    restore(&office, &piped, &office.path("x"), &["--identity", path(&keys.secret)]).expect(0);
}

#[test]
fn an_empty_office_has_no_backup_that_could_push_out_a_good_one() {
    let office = Office::new();
    let keys = new_key(&office, "kunci.txt");
    let folder = office.path("cadangan");
    fs::create_dir(&folder).unwrap();
    let args = ["backup", "--to", path(&folder), "--keep", "1", "--recipient", &keys.recipient];
    office.run(&args).expect(1);
    assert_eq!(names(&folder), [""; 0]);
}

#[test]
fn a_folder_of_backups_keeps_the_latest_and_everything_that_is_not_one() {
    let office = staffed();
    let keys = new_key(&office, "kunci.txt");
    let folder = office.path("cadangan");
    fs::create_dir(&folder).unwrap();
    let old = |day: u32| format!("kompeten-202001{day:02}-010000.tar.gz.age");
    for day in 1..=5 {
        fs::write(folder.join(old(day)), "lama").unwrap();
    }
    fs::write(folder.join("catatan.txt"), "jangan dihapus").unwrap();
    let args =
        ["backup", "--to", path(&folder), "--keep", "3", "--recipient", &keys.recipient, "--json"];
    let result = office.run(&args).expect(0).json();
    let left = names(&folder);
    assert_eq!(left.len(), 4, "{left:?}");
    assert_eq!(left[0], "catatan.txt");
    assert_eq!(left[1..3], [old(4), old(5)]);
    let made = Path::new(result["file"].as_str().unwrap());
    assert_eq!(made.file_name().unwrap().to_str(), Some(left[3].as_str()));
    assert_eq!(result["removed"].as_array().unwrap().len(), 3);
    assert_eq!(result["seq"], 2);
    let verified = office.run(&["verify"]).expect(0);
    assert!(verified.out.contains(result["head"].as_str().unwrap()), "{}", verified.out);
    restore(&office, made, &office.path("x"), &["--identity", path(&keys.secret)]).expect(0);

    // A backup that fails removes none.
    let bad = ["backup", "--to", path(&folder), "--keep", "1", "--recipient", "age1salah"];
    office.run(&bad).expect(1);
    assert_eq!(names(&folder), left);
    for wrong in [
        &["backup"][..],
        &["backup", "a.age", "--to", "."],
        &["backup", "a.age", "--keep", "3"],
        &["backup", "--to", ".", "--keep", "0"],
        &["backup", "a.age", "--passphrase-file", "x", "--recipient", "age1x"],
        &["backup", "--new-key", "k", "--to", "."],
    ] {
        office.run(wrong).expect(2);
    }
}

#[test]
fn a_folder_that_is_not_empty_is_never_restored_into() {
    let office = staffed();
    let keys = new_key(&office, "kunci.txt");
    let file = backed_up(&office, &keys);
    let identity = ["--identity", path(&keys.secret)];
    let before = office.run(&["verify"]).expect(0).out;
    let said = restore(&office, &file, &office.data(), &identity).expect(1);
    assert!(said.err.contains("is not empty") && said.err.contains("--data"), "{}", said.err);
    assert_eq!(office.run(&["verify"]).expect(0).out, before);

    let other = office.path("lain");
    fs::create_dir(&other).unwrap();
    fs::write(other.join("gaji.xlsx"), "x").unwrap();
    let said = restore(&office, &file, &other, &identity).expect(1);
    assert!(said.err.contains("gaji.xlsx"), "{}", said.err);
    assert_eq!(names(&other), ["gaji.xlsx"]);
    // Empty, or left over from an attempt that was killed: that will do.
    fs::remove_file(other.join("gaji.xlsx")).unwrap();
    fs::create_dir_all(other.join("restore.unfinished/journal")).unwrap();
    fs::write(other.join("restore.unfinished/journal/000001.jsonl"), "half").unwrap();
    restore(&office, &file, &other, &identity).expect(0);
    assert_eq!(names(&other), ["journal", "lock", "store"]);
    assert_eq!(restore(&office, &file, &other, &identity).expect(1).out, "");
}

#[test]
fn a_file_that_is_no_backup_or_is_damaged_is_said_and_leaves_nothing() {
    let office = staffed();
    let keys = new_key(&office, "kunci.txt");
    let file = backed_up(&office, &keys);
    let to = office.path("baru");
    let identity = ["--identity", path(&keys.secret)];
    let refused = |bytes: &[u8], says: &str| {
        let bad = office.file("bad.age", bytes);
        let said = restore(&office, &bad, &to, &identity).expect(1);
        assert!(said.err.contains(says), "{says}: {}", said.err);
        assert!(!said.err.contains("panicked"), "{}", said.err);
        assert!(!to.exists());
    };
    refused(b"", "not a backup");
    refused(STAFF.as_bytes(), "not a backup");
    refused(b"age-encryption.org/v1\n-> ", "damaged or cut short");
    let whole = fs::read(&file).unwrap();
    let header = whole.windows(4).position(|bytes| bytes == b"\n---").unwrap() + 48;
    for cut in [30, header, header + 10, whole.len() / 2, whole.len() - 1] {
        refused(&whole[..cut], "damaged or cut short");
    }
    for at in [header - 10, header + 5, whole.len() / 2, whole.len() - 1] {
        let mut bent = whole.clone();
        bent[at] ^= 1;
        refused(&bent, "damaged or cut short");
    }
    let longer = [&whole[..], b"x"].concat();
    refused(&longer, "damaged or cut short");
    let said = restore(&office, &office.path("tiada.age"), &to, &identity).expect(1);
    assert!(said.err.contains("no such file"), "{}", said.err);
    let said = restore(&office, &file, &to, &["--identity", path(&file)]).expect(1);
    assert!(said.err.contains("bad") || said.err.contains("cannot be read"), "{}", said.err);
    let said = restore(&office, &file, &to, &["--identity", "/dev/null"]).expect(1);
    assert!(said.err.contains("no secret key"), "{}", said.err);
    restore(&office, &file, &to, &[]).expect(2);
    assert!(!to.exists());
    // The whole file still restores.
    restore(&office, &file, &to, &identity).expect(0);
}

#[test]
fn a_damaged_office_is_still_backed_up_as_far_as_it_is_sound() {
    let office = staffed();
    let keys = new_key(&office, "kunci.txt");
    let segment = office.data().join("journal/000001.jsonl");
    let mut bytes = fs::read(&segment).unwrap();
    let second = bytes.iter().position(|byte| *byte == b'\n').unwrap() + 1;
    bytes[second + 200] ^= 1;
    fs::write(&segment, bytes).unwrap();
    let file = backed_up(&office, &keys);
    let to = office.path("baru");
    restore(&office, &file, &to, &["--identity", path(&keys.secret)]).expect(0);
    let ratings = office.run(&["list", "ratings", "--data", path(&to), "--format", "json"]);
    assert_eq!(ratings.expect(0).json().as_array().unwrap().len(), 0);
    let people = office.run(&["list", "employees", "--data", path(&to), "--format", "json"]);
    assert_eq!(people.expect(0).json().as_array().unwrap().len(), 3);
}

/// Files made by one user in another's folder are a trap for the next opening.
#[test]
fn in_another_users_folder_nothing_is_restored_or_cut() {
    let office = staffed();
    let keys = new_key(&office, "kunci.txt");
    let file = backed_up(&office, &keys);
    let nobody = office.path("nobody");
    let folder = if rustix::process::geteuid().is_root() {
        fs::create_dir(&nobody).unwrap();
        std::os::unix::fs::chown(&nobody, Some(65534), None).unwrap();
        nobody
    } else {
        "/".into()
    };
    let before = names(&folder);
    let said = restore(&office, &file, &folder, &["--identity", path(&keys.secret)]).expect(1);
    assert!(said.err.contains("belongs to") && said.err.contains("runuser -u"), "{}", said.err);
    let cut = ["quarantine", "--yes", "--lang", "en", "--data", path(&folder)];
    let said = office.run(&cut).expect(1);
    assert!(said.err.contains("belongs to"), "{}", said.err);
    assert_eq!(names(&folder), before);
    // Nor is a folder guessed where officers share an office.
    for command in
        [&["restore", path(&file), "--identity", path(&keys.secret)][..], &["quarantine", "--yes"]]
    {
        let mut shared = office.command();
        shared.env("KOMPETEN_SOCKET", "/nowhere/k.sock").args(command).args(["--lang", "en"]);
        let said = Said::from(shared.output().expect("the program runs")).expect(2);
        assert!(said.err.contains("--data"), "{}", said.err);
    }
}

#[test]
fn a_restored_office_says_its_chain_is_whole_and_only_a_signed_head_says_whose_it_is() {
    let office = lived_in();
    let keys = new_key(&office, "kunci.txt");
    let head = |office: &Office, more: &[&str]| {
        let verified = office.run(&[&["verify"], more].concat()).expect(0).out;
        verified.lines().last().expect("a head").to_string()
    };
    let signed = head(&office, &[]);
    let restored = |from: &Office, name: &str| {
        let file = backed_up(from, &keys);
        let to = from.path(name);
        let said = restore(from, &file, &to, &["--identity", path(&keys.secret)]).expect(0);
        assert!(said.err.contains("consistent in itself"), "{}", said.err);
        assert!(said.err.contains("does not prove who made it"), "{}", said.err);
        assert!(said.err.contains("kompeten verify --against "), "{}", said.err);
        to
    };
    let to = restored(&office, "sama");
    office.run(&["verify", "--against", &signed, "--data", path(&to)]).expect(0);

    // Somebody else's journal is as whole, and restored as well; it is not the one signed for.
    let other = lived_in();
    other.run(&["set", "office_name", "Kecamatan Senapelan"]).expect(0);
    let to = restored(&other, "palsu");
    other.run(&["verify", "--data", path(&to)]).expect(0);
    let said = other.run(&["verify", "--against", &signed, "--data", path(&to)]).expect(1);
    assert!(!said.err.is_empty());
    assert_ne!(head(&other, &[]), signed);
}
