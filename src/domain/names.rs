//! Names: what the ranks (pangkat) of grades and the types of training are called, as tables of
//! rules: an office that is told by its region to call one otherwise writes its own. What people
//! write is understood by the name in force, by the one that ships and by the code, wherever they
//! write it: in a file, a form, a search, a command.
//!
//! Sources: `rules/grades.toml` and `rules/training_types.toml`, with their legal basis.

use serde::{Deserialize, Serialize};

use super::grade::Grade;
use super::rulebook::{Broken, RuleTable, Rulebook, named, rests_on};
use super::rules::{Source, TRAINING_TYPES};
use super::search::sound;

/// The ranks of PNS.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct GradeTitles {
    source: Source,
    grades: Vec<GradeTitle>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct GradeTitle {
    /// Of SIASN.
    id: u8,
    title: String,
}

impl GradeTitles {
    /// The rank that goes with a PNS grade; classes of PPPK have none.
    pub fn of(&self, grade: Grade) -> Option<&str> {
        self.each_title().find(|(id, _)| *id == grade.id()).map(|(_, title)| title)
    }

    fn each_title(&self) -> impl Iterator<Item = (u8, &str)> {
        self.grades.iter().map(|row| (row.id, row.title.as_str()))
    }

    /// The grade of the rank that stands in a text, and how many words say it; `Tk.I`, `Tk. 1`
    /// and `Tingkat I` are one. Beside it may stand the grade itself, not other words: a `Juru
    /// Parkir` is no `Juru`.
    pub(super) fn said_in(&self, text: &str) -> Option<(usize, Grade)> {
        let words = title_words(text);
        let found = self.each_title().filter_map(|(id, title)| {
            let title = title_words(title);
            if title.is_empty() {
                return None;
            }
            let at = words.windows(title.len()).position(|part| *part == title)?;
            let mut others = words[..at].iter().chain(&words[at + title.len()..]);
            let idle = |word: &String| {
                word.len() <= 4
                    || word.contains(|c: char| c.is_ascii_digit())
                    || matches!(word.as_str(), "pangkat" | "golongan" | "ruang")
            };
            others.all(idle).then_some((title.len(), Grade::from_id(id)?))
        });
        found.max()
    }
}

fn title_words(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    for word in text.to_lowercase().split(|c: char| !c.is_alphanumeric()) {
        match word {
            "" => {}
            "tk" | "tkt" | "tingkat" => words.push("tingkat".to_string()),
            "tki" | "tk1" => words.extend(["tingkat", "i"].map(str::to_string)),
            "1" if words.last().is_some_and(|last| last == "tingkat") => words.push("i".into()),
            word => words.push(word.to_string()),
        }
    }
    words
}

/// What figures of a grade's rank are named by.
fn label(id: u8) -> String {
    Grade::from_id(id).map(|grade| grade.to_string()).unwrap_or_default()
}

impl RuleTable for GradeTitles {
    fn each(&mut self, _: &mut dyn FnMut(&str, &mut u32)) {}

    fn each_name(&mut self, see: &mut dyn FnMut(&str, &mut String)) {
        for row in &mut self.grades {
            see(&label(row.id), &mut row.title);
        }
    }

    fn holds(&self) -> Result<(), Broken> {
        named(self.grades.iter().map(|row| (label(row.id), row.title.as_str())))
    }

    rests_on!(source);
}

/// The types of training.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct TrainingTypes {
    source: Source,
    types: Vec<TrainingType>,
}

/// A type of training: its code, and what it is called.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TrainingType {
    pub code: String,
    pub name: String,
    /// What lists call it besides.
    #[serde(default)]
    also: Vec<String>,
}

impl TrainingType {
    /// Whether a list means this one by one of the names in its name, or by what it is called
    /// besides.
    fn is_called_besides(&self, wanted: &str) -> bool {
        let mut names = self.name.split('/').chain(self.also.iter().map(String::as_str));
        names.any(|name| bare(name) == wanted)
    }
}

/// Its letters and digits: however it is spaced and hyphened, and whatever its accents.
fn bare(text: &str) -> String {
    sound(text).chars().filter(|c| c.is_alphanumeric()).collect()
}

impl TrainingTypes {
    pub fn iter(&self) -> impl Iterator<Item = &TrainingType> {
        self.types.iter()
    }

    /// The code that is meant: a code, however it is spaced (`KL 6`, `kl06`), or what this one
    /// is called here.
    fn meant(&self, text: &str) -> Option<&str> {
        let wanted = bare(text);
        let compact = wanted.to_uppercase();
        let split = compact.find(|c: char| c.is_ascii_digit()).unwrap_or(compact.len());
        let (letters, digits) = compact.split_at(split);
        let code = format!("{letters}{digits:0>2}");
        let find = |is: &dyn Fn(&TrainingType) -> bool| self.types.iter().find(|one| is(one));
        let found = find(&|one| one.code == code)
            .or_else(|| find(&|one| !wanted.is_empty() && bare(&one.name) == wanted))
            .or_else(|| find(&|one| !wanted.is_empty() && one.is_called_besides(&wanted)));
        found.map(|one| one.code.as_str())
    }
}

impl Rulebook {
    /// The type of training that is meant: its code, what the office calls it, or what it is
    /// called as it ships.
    pub fn training_type(&self, text: &str) -> Option<&'static str> {
        let books = [self, &**Self::shipped()];
        let code = books.into_iter().find_map(|book| book.training_types.meant(text))?;
        TRAINING_TYPES.iter().copied().find(|known| *known == code)
    }

    /// What the office calls the thing of a code itself: a type of training, a set of its own.
    pub fn own_name(&self, code: &str) -> Option<&str> {
        fn of<'a>(book: &'a Rulebook, code: &str) -> Option<&'a str> {
            book.training_types.iter().find(|one| one.code == code).map(|one| one.name.as_str())
        }
        let own = of(self, code).filter(|name| of(Self::shipped(), code) != Some(*name));
        let mut sets = self.assessment.own_sets().filter(|(code, title)| code != title);
        own.or_else(|| sets.find(|(of, _)| *of == code).map(|(_, title)| title))
    }

    /// The name of a set that the office has added by this code.
    pub fn added_name(&self, code: &str) -> Option<&str> {
        self.talent.own_sets().find(|(of, _)| *of == code).map(|(_, title)| title)
    }

    /// What a type of training is called besides, first what it is called here.
    pub fn called_besides(&self, code: &str) -> Vec<String> {
        let types = self.training_types.iter().find(|one| one.code == code);
        let words = |one: &TrainingType| {
            let names = one.name.split('/').map(str::to_string);
            names.chain(one.also.iter().cloned()).collect()
        };
        types.map(words).unwrap_or_default()
    }

    /// Sets that have a name of the office's.
    fn own_sets(&self) -> impl Iterator<Item = (&str, &str)> {
        let sets = self.assessment.own_sets().chain(self.talent.own_sets());
        sets.filter(|(code, title)| code != title)
    }

    /// The code of a closed list that is meant: a code, a word of files for it (`spellings`), a
    /// name of the office, or one of the words that people know it by (`words`).
    pub fn code_meant(
        &self,
        codes: &[&'static str],
        spellings: &[(&str, &'static str)],
        text: &str,
        words: &dyn Fn(&str) -> Vec<String>,
    ) -> Option<&'static str> {
        let (text, said) = (text.trim(), folded(text));
        let find = |is: &dyn Fn(&str) -> bool| codes.iter().copied().find(|code| is(code));
        let spelled = || spellings.iter().find(|(word, _)| folded(word) == said);
        find(&|code| code == text)
            .or_else(|| find(&|code| folded(code) == said))
            .or_else(|| spelled().map(|(_, code)| *code))
            .or_else(|| self.training_type(text).filter(|code| codes.contains(code)))
            .or_else(|| {
                let set = self.own_sets().find(|(_, title)| folded(title) == said)?;
                find(&|code| code == set.0)
            })
            .or_else(|| find(&|code| words(code).iter().any(|word| folded(word) == said)))
    }
}

/// The words of a text, in small letters.
fn folded(text: &str) -> String {
    let text = text.to_lowercase();
    let words = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join(" ")
}

impl RuleTable for TrainingTypes {
    fn each(&mut self, _: &mut dyn FnMut(&str, &mut u32)) {}

    fn each_name(&mut self, see: &mut dyn FnMut(&str, &mut String)) {
        for row in &mut self.types {
            see(&row.code, &mut row.name);
        }
    }

    fn holds(&self) -> Result<(), Broken> {
        named(self.types.iter().map(|row| (row.code.clone(), row.name.as_str())))
    }

    rests_on!(source);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::kinds::rule::ReferenceTable;

    fn office(table: &str, figures: &str) -> Rulebook {
        let own = ReferenceTable::written(table, figures);
        assert_eq!(Rulebook::fault(&own), None);
        Rulebook::with([&own])
    }

    #[test]
    fn every_grade_of_pns_has_a_rank_and_every_type_of_training_a_name() {
        let book = Rulebook::shipped();
        let ranks = Grade::all().filter(|grade| book.grades.of(*grade).is_some()).count();
        assert_eq!((ranks, book.grades.grades.len()), (17, 17));
        let codes: Vec<_> = book.training_types.iter().map(|one| one.code.as_str()).collect();
        assert_eq!(codes, TRAINING_TYPES);
    }

    #[test]
    fn a_type_is_known_however_its_code_is_spaced() {
        let meant = |text| Rulebook::shipped().training_type(text);
        for text in ["KL06", "kl6", "KL 06", "KL-6", "B6"] {
            assert_eq!(meant(text), Some("KL06"), "{text}");
        }
        assert_eq!(meant("NKL13"), Some("NKL13"));
        for text in ["", "KL", "KL00", "KL13", "6"] {
            assert_eq!(meant(text), None, "{text}");
        }
    }

    #[test]
    fn a_type_is_known_by_the_words_ledgers_have_for_it() {
        let known = [
            ("Bimtek", "KL10"),
            ("BIMBINGAN  TEKNIS", "KL10"),
            ("Workshop", "KL07"),
            ("seminar", "KL06"),
            ("Diklat Teknis", "KL03"),
            ("e learning", "NKL03"),
            ("Magang", "NKL12"),
            // As the help of BPS numbers them: its C11 is no NKL11.
            ("C11", "NKL12"),
            ("c 1", "NKL01"),
        ];
        for (text, code) in known {
            assert_eq!(Rulebook::shipped().training_type(text), Some(code), "{text}");
        }
        for text in ["Rapat", "-", "/", "A1"] {
            assert_eq!(Rulebook::shipped().training_type(text), None, "{text}");
        }
    }

    /// The name in force first, where the one that ships is another's.
    #[test]
    fn the_offices_own_name_the_shipped_one_and_the_code_all_mean_the_type() {
        let book = office("training_types", "KL10.name = Klinik Kompetensi\nKL08.name = Seminar");
        for text in
            ["Klinik  kompetensi", "klinik-kompetensi", "Bimbingan Teknis", "Bimtek", "kl 10"]
        {
            assert_eq!(book.training_type(text), Some("KL10"), "{text}");
        }
        assert_eq!(book.training_type("Seminar"), Some("KL08"));
        assert_eq!(Rulebook::shipped().training_type("Klinik Kompetensi"), None);
    }

    #[test]
    fn the_offices_own_rank_the_shipped_one_and_the_grade_all_mean_the_grade() {
        let book =
            office("grades", "III/b.name = Penata Madya\nIII/d.name = Penata Muda Tingkat I");
        let read = |text| Grade::read(text, &book.grades).map(|grade| grade.to_string());
        for (text, grade) in [
            ("Penata Madya", Some("III/b")),
            ("Penata Madya (III/b)", Some("III/b")),
            ("III.b", Some("III/b")),
            ("Penata", Some("III/c")),
            ("Penata Tk. I", Some("III/d")),
            // What ships means another; the office's word counts.
            ("Penata Muda Tk. I", Some("III/d")),
            ("Penata Utama", None),
            ("IX", Some("IX")),
        ] {
            assert_eq!(read(text).as_deref(), grade, "{text}");
        }
        let third = Grade::parse("III/b").expect("a grade");
        assert!(!third.is_denied_by("Penata Madya", &book.grades));
        assert!(!third.is_denied_by("Penata Muda Tk. I", &book.grades), "as it was called");
        assert!(third.is_denied_by("Penata", &book.grades));
        assert!(third.is_denied_by("Penata Madya III/c", &book.grades));
    }

    #[test]
    fn a_code_is_meant_by_every_word_people_have_for_it() {
        let spelled = [("kelas", "KL02")];
        let words = |code: &str| match code {
            "KL03" => vec!["technical training".to_string()],
            _ => Vec::new(),
        };
        let book = office("training_types", "KL10.name = Klinik Kompetensi");
        for (text, code) in [
            ("KL10", Some("KL10")),
            ("kl10", Some("KL10")),
            ("Kelas", Some("KL02")),
            ("klinik kompetensi", Some("KL10")),
            ("Technical  Training", Some("KL03")),
            ("rapat", None),
        ] {
            assert_eq!(book.code_meant(TRAINING_TYPES, &spelled, text, &words), code, "{text}");
        }
    }
}
