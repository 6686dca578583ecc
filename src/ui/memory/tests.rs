//! What is remembered, how it is bounded, and what becomes of a file that is not right.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;

use super::file::MemoryFile;
use super::{Look, Memo, Memory, SEARCHES_MAX, VIEWS_MAX};

fn searched(text: &str) -> Memo {
    Memo::Searched { place: "employees".into(), text: text.into() }
}

fn view(name: &str, search: &str) -> Memo {
    let look = Look { search: search.into(), ..Look::default() };
    Memo::View { place: "employees".into(), name: name.into(), look: Some(look) }
}

fn home() -> (tempfile::TempDir, PathBuf) {
    let home = tempfile::tempdir().expect("a folder");
    let path = home.path().join("kompeten/screen.json");
    (home, path)
}

#[test]
fn the_last_searches_come_first_once_each_and_not_without_end() {
    let mut memory = Memory::default();
    for n in 0..30 {
        memory.take(&searched(&format!("umur>{n}")));
    }
    assert!(memory.take(&searched("umur>25")));
    assert!(!memory.take(&searched("umur>25")), "nothing is new");
    let searches = memory.searches("employees");
    assert_eq!((searches.len(), searches[0].as_str()), (SEARCHES_MAX, "umur>25"));
    assert_eq!(searches[1], "umur>29");
    assert!(!memory.take(&searched(&"x".repeat(10_000))), "no text without end");
    assert!(!memory.take(&searched("a\u{1b}[2J")), "nothing a terminal would obey");
}

#[test]
fn views_are_saved_replaced_and_forgotten_by_name() {
    let mut memory = Memory::default();
    memory.take(&view("kurang M.5", "m.5<std"));
    memory.take(&view("kurang M.5", "m.5<2"));
    let views: Vec<_> =
        memory.views("employees").map(|(name, look)| (name, &*look.search)).collect();
    assert_eq!(views, [("kurang M.5", "m.5<2")]);
    let gone = Memo::View { place: "employees".into(), name: "kurang M.5".into(), look: None };
    assert!(memory.take(&gone) && memory.views("employees").next().is_none());
    assert!(!memory.take(&gone));
    for n in 0..50 {
        memory.take(&view(&format!("{n:02}"), "x"));
    }
    assert_eq!(memory.views("employees").count(), VIEWS_MAX);
}

#[test]
fn the_file_is_the_officers_alone_and_not_touched_when_nothing_is_new() {
    let (_home, path) = home();
    let mut file = MemoryFile::at(Some(path.clone()));
    assert_eq!(file.load(), (Memory::default(), None));
    assert!(!path.exists(), "reading writes nothing");
    file.keep(&Memo::TourSeen).expect("kept");
    let mode = |path: &std::path::Path| fs::metadata(path).expect("there").permissions().mode();
    assert_eq!(mode(&path) & 0o777, 0o600);
    assert_eq!(mode(path.parent().expect("a folder")) & 0o777, 0o700);
    fs::set_permissions(&path, fs::Permissions::from_mode(0o400)).expect("set");
    file.keep(&Memo::TourSeen).expect("kept");
    assert_eq!(mode(&path) & 0o777, 0o400, "not written anew");
    assert_eq!(fs::read_dir(path.parent().expect("a folder")).expect("read").count(), 1);
}

#[test]
fn two_sittings_keep_what_each_of_them_remembered() {
    let (_home, path) = home();
    let [mut one, mut other] = [path.clone(), path.clone()].map(|path| MemoryFile::at(Some(path)));
    one.load();
    other.load();
    one.keep(&searched("gap>0")).expect("kept");
    other.keep(&view("muda", "umur<35")).expect("kept");
    one.keep(&Memo::TourSeen).expect("kept");
    let (memory, told) = MemoryFile::at(Some(path)).load();
    assert_eq!(told, None);
    assert!(memory.tour_seen());
    assert_eq!(memory.searches("employees"), ["gap>0"]);
    assert_eq!(memory.views("employees").count(), 1);
}

#[test]
fn sittings_that_write_at_the_same_moment_lose_nothing() {
    let (_home, path) = home();
    std::thread::scope(|scope| {
        for n in 0..4 {
            let mut file = MemoryFile::at(Some(path.clone()));
            scope.spawn(move || file.keep(&view(&format!("tampilan {n}"), "gap>0")).expect("kept"));
        }
    });
    let (memory, _) = MemoryFile::at(Some(path)).load();
    assert_eq!(memory.views("employees").count(), 4);
}

#[test]
fn a_damaged_or_foreign_file_is_told_and_left_as_it_is() {
    for text in ["{", "", "[1,2]", "{\"colour\": true}", "\u{0}\u{0}", "{\"tour_seen\": \"Siti\"}"]
    {
        let (_home, path) = home();
        fs::create_dir_all(path.parent().expect("a folder")).expect("made");
        fs::write(&path, text).expect("written");
        let mut file = MemoryFile::at(Some(path.clone()));
        let (memory, told) = file.load();
        assert!(memory.tour_seen(), "the tour does not come back every time");
        let told = told.expect("told");
        assert!(told.contains("screen.json") && !told.contains("Siti"), "{told}");
        assert_eq!(file.keep(&searched("gap>0")), Ok(()), "told once is enough");
        assert_eq!(fs::read_to_string(&path).expect("read"), text);
    }
}

#[test]
fn what_a_file_holds_beyond_its_bounds_is_passed_over() {
    let (_home, path) = home();
    fs::create_dir_all(path.parent().expect("a folder")).expect("made");
    let many: Vec<String> = (0..500).map(|n| format!("\"umur>{n}\"")).collect();
    let text = format!(
        "{{\"places\":{{\"employees\":{{\"searches\":[\"a\\u001b[2J\",{}],\"views\":{{\"\":{{}},\"a\\n\":{{}}}}}}}}}}",
        many.join(",")
    );
    fs::write(&path, text).expect("written");
    let (memory, told) = MemoryFile::at(Some(path)).load();
    assert_eq!(told, None);
    assert_eq!(memory.searches("employees").len(), SEARCHES_MAX);
    assert_eq!(memory.searches("employees")[0], "umur>0");
    assert_eq!(memory.views("employees").count(), 0);
}

#[test]
fn a_place_that_cannot_be_written_is_told_once_and_a_pipe_or_folder_does_not_hang() {
    let home = tempfile::tempdir().expect("a folder");
    let blocked = home.path().join("kompeten");
    fs::write(&blocked, "a file where the folder would be").expect("written");
    let mut file = MemoryFile::at(Some(blocked.join("screen.json")));
    assert_eq!(file.load().1, None);
    assert!(file.keep(&Memo::TourSeen).expect_err("no folder").contains("screen.json"));
    assert_eq!(file.keep(&Memo::TourSeen), Ok(()));
    let mut folder = MemoryFile::at(Some(home.path().to_path_buf()));
    assert!(folder.load().1.is_some());
    assert_eq!(MemoryFile::at(None).load().1, None);
}

#[test]
fn the_folder_of_the_last_file_is_kept_where_a_screen_can_show_it() {
    let mut memory = Memory::default();
    assert!(memory.take(&Memo::folder("/home/rina/kiriman")));
    assert_eq!(memory.folder(), "/home/rina/kiriman");
    memory.take(&Memo::folder(""));
    assert_eq!(memory.folder(), "/");
    memory.take(&Memo::folder("a\u{1b}[2J"));
    assert_eq!(memory.folder(), "");
}
