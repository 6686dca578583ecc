//! A record's form on the screen: looks up what it refers to, saves, shows what the office
//! found wrong, settles conflicts, and never closes over unsaved work without asking. Setting
//! one field of many records is `bulk`. Ends with `Outcome::Saved` or `Outcome::Cancelled`.

mod bulk;
mod field;
mod figures;
mod levels;
mod matches;
mod moves;

use ratatui::Frame;
use ratatui::layout::Rect;
use serde_json::Value as Json;

use self::matches::{Matches, ask_name, find};
use crate::domain::fault::Fault;
use crate::domain::field::Shape;
use crate::domain::record::{Fields, Kind, Record, RecordId, Revision};
use crate::i18n::t;
use crate::protocol::{Answer, DraftRecord as ProtocolDraft, Hit, Problem, Request, Save, Stored};
use crate::ui::command::{Command, Context, Fact, Facts};
use crate::ui::draft::Draft;
use crate::ui::effect::{Effect, Tag, step};
use crate::ui::overlay::{Outcome, Overlay, centred};
use crate::ui::overlays::confirm::Confirm;
use crate::ui::overlays::conflict::ConflictView;
use crate::ui::overlays::lookup::Lookup;
use crate::ui::pane::{Availability, HintWord, PaneEvent, View};
use crate::ui::toast::Toast;
use crate::ui::widgets::form::{self, Form, FormEntry, ticking};
use crate::ui::widgets::frame::{boxed, put};
use crate::ui::widgets::line::LineEdit;
use crate::ui::words;

const GET: &str = "form.get";
const NAME: &str = "form.name";
const FIND: &str = "form.find";
const LOOKUP: &str = "form.lookup";
const OPTION: &str = "form.option";
const JUMP: &str = "form.jump";
const EDITOR: &str = "form.editor";
const SAVE: &str = "form.save";
const DISCARD: &str = "form.discard";
const CONFLICT: &str = "form.conflict";
/// The question whether somebody may have a seat there is not.
const SEATS: &str = "form.seats";

/// The widest a form is set.
const WIDTH_MAX: u16 = 90;

pub struct FormOverlay {
    kind: Kind,
    id: Option<RecordId>,
    base: Revision,
    original: Fields,
    /// `None` until the record has come.
    form: Option<Form>,
    /// The records whose one field is to be set.
    bulk: Option<Vec<u32>>,
    saving: bool,
    matches: Matches,
    /// Save as soon as what was typed for a reference is found.
    save_after: bool,
    /// Another field is gone to once a look-up is settled.
    jump_after: bool,
    /// The field it begins in once it is there.
    begins: Option<&'static str>,
}

impl FormOverlay {
    /// The form of a record; of a setting only its value is anybody's to change.
    fn form_of(kind: Kind, fields: &Fields) -> Form {
        match kind.field("value").filter(|_| kind == Kind::Settings) {
            Some(value) => Form::only(kind, &[value], &words::setting_in_words(fields)),
            None => Form::new(kind, fields),
        }
    }

    /// For a new record.
    pub fn add(kind: Kind) -> Self {
        Self::begun(&Record::empty(kind))
    }

    /// For a new record of which something is known.
    pub fn begun(record: &Record) -> Self {
        let original = record.fields();
        let form = Form::new(record.kind(), &original);
        Self { form: Some(form), ..Self::bare(record.kind(), None, Revision(0), original) }
    }

    /// A new record with a field filled in already; it begins behind that one.
    #[must_use]
    pub fn with(mut self, field: &str, value: impl Into<Json>) -> Self {
        self.original.insert(field.to_string(), value.into());
        self.form = Some(Form::new(self.kind, &self.original).behind_known(field));
        self
    }

    pub fn edit(stored: &Stored) -> Self {
        let original = stored.record.fields();
        let form = Self::form_of(stored.id.kind, &original).behind_key();
        let bare = Self::bare(stored.id.kind, Some(stored.id), stored.rev, original);
        Self { form: Some(form), ..bare }
    }

    /// Of a record that is still to be asked for.
    pub fn open(id: RecordId) -> Self {
        Self::bare(id.kind, Some(id), Revision(0), Fields::new())
    }

    /// Where an officer left off.
    pub fn resume(draft: Draft) -> Self {
        let mut form = Self::form_of(draft.kind, &draft.original);
        form.restore(&draft.texts);
        let bare = Self::bare(draft.kind, draft.id, draft.base, draft.original);
        Self { form: Some(form), ..bare }
    }

    fn bare(kind: Kind, id: Option<RecordId>, base: Revision, original: Fields) -> Self {
        Self {
            kind,
            id,
            base,
            original,
            form: None,
            bulk: None,
            saving: false,
            matches: Matches::default(),
            save_after: false,
            jump_after: false,
            begins: None,
        }
    }

    fn title(&self) -> String {
        let kind = crate::i18n::one(self.kind);
        if let Some(ids) = &self.bulk {
            let many = crate::i18n::count(self.kind, ids.len() as u32);
            return t!("form.edit", kind = many).into_owned();
        }
        if let (Kind::Settings, Some(Json::String(name))) = (self.kind, self.original.get("name")) {
            return words::setting(name);
        }
        match self.id {
            Some(_) => t!("form.edit", kind = kind).into_owned(),
            None => t!("form.add", kind = kind).into_owned(),
        }
    }

    fn draft_name(&self) -> String {
        let number = self.id.map_or_else(|| "new".to_string(), |id| id.number.to_string());
        format!("{}-{number}", self.kind)
    }

    fn is_changed(&self) -> bool {
        self.form.as_ref().is_some_and(Form::is_changed)
    }

    /// Asks for the words of every record it refers to.
    fn ask_names(&self) -> Vec<Effect> {
        let entries = self.form.as_ref().map(Form::entries).unwrap_or_default().iter().enumerate();
        entries.filter_map(|(at, entry)| ask_name(at, entry)).collect()
    }

    /// What is to be done before the cursor leaves a field.
    fn leave(&mut self) -> Vec<Effect> {
        let Some(form) = &mut self.form else { return Vec::new() };
        form.settle();
        let at = form.focus();
        let found = form.focused().and_then(|entry| entry.unresolved());
        found.map(|(kind, text)| find(at, kind, text)).into_iter().collect()
    }

    fn save(&mut self) -> Vec<Effect> {
        let Some(form) = &mut self.form else { return Vec::new() };
        if self.saving {
            return Vec::new();
        }
        form.settle();
        let open =
            form.entries().iter().enumerate().find_map(|(at, entry)| {
                entry.unresolved().map(|(kind, text)| find(at, kind, text))
            });
        if let Some(find) = open {
            self.save_after = true;
            return vec![find];
        }
        if self.bulk.is_some() {
            return self.ask_bulk();
        }
        self.save_or_ask()
    }

    fn send(&mut self, request: fn(Save) -> Request) -> Vec<Effect> {
        let Some(form) = &self.form else { return Vec::new() };
        match form.record() {
            Ok(record) => {
                self.saving = true;
                let draft = ProtocolDraft { id: self.id, base: self.base, record };
                let save = Save { step: step(), drafts: vec![draft] };
                vec![Effect::ask(SAVE, request(save))]
            }
            Err(faults) => self.show(faults),
        }
    }

    fn show(&mut self, faults: Vec<Fault>) -> Vec<Effect> {
        let count = faults.len();
        let elsewhere = self.form.as_mut().map(|form| form.set_faults(faults)).unwrap_or_default();
        let text = match elsewhere.first() {
            Some(fault) => {
                let field = words::field(self.kind, &fault.field);
                format!("{field}: {}", crate::i18n::reason(fault.reason, &fault.detail))
            }
            None => t!("form.faults", count = count).into_owned(),
        };
        vec![Effect::Toast(Toast::warning(text))]
    }

    fn answer(&mut self, tag: Tag, answer: Answer) -> Vec<Effect> {
        match (tag.name, answer) {
            (GET, Answer::Record(Some(stored))) => {
                self.base = stored.rev;
                self.original = stored.record.fields();
                self.form = Some(Self::form_of(self.kind, &self.original).behind_key());
                self.begin();
                self.ask_names()
            }
            (GET, _) => {
                let gone = crate::i18n::problem(&Problem::NotFound);
                vec![Effect::Toast(Toast::warning(gone)), Effect::Done(Outcome::Cancelled)]
            }
            (NAME, Answer::Labels(labels)) => {
                let entry = self.form.as_mut().and_then(|form| form.entry_mut(tag.number as usize));
                let (Some(entry), Some(label)) = (entry, labels.first()) else { return Vec::new() };
                entry.name(label);
                // Of several the next.
                ask_name(tag.number as usize, entry).into_iter().collect()
            }
            (matches::TAG, Answer::Hits(hits)) => {
                let found = self.matches.take(tag.number, &hits);
                if let (Some(form), Some(found)) = (&mut self.form, found) {
                    form.offer(found);
                }
                Vec::new()
            }
            (FIND, Answer::Hits(hits)) => self.found(tag.number as usize, &hits),
            (SAVE, answer) => self.saved(answer),
            _ => Vec::new(),
        }
    }

    /// What waited for a look-up to be settled.
    fn after_found(&mut self) -> Vec<Effect> {
        let jumps = std::mem::take(&mut self.jump_after);
        if std::mem::take(&mut self.save_after) {
            self.save()
        } else if jumps {
            self.jump()
        } else {
            Vec::new()
        }
    }

    /// Takes the one record that what was typed can mean, or asks which.
    fn found(&mut self, at: usize, hits: &[Hit]) -> Vec<Effect> {
        let Some(entry) = self.form.as_mut().and_then(|form| form.entry_mut(at)) else {
            return Vec::new();
        };
        let Some((kind, text)) = entry.unresolved() else { return Vec::new() };
        let exact = hits.iter().filter(|hit| hit.label.eq_ignore_ascii_case(text)).count();
        let one = match (hits.len(), exact) {
            (1, _) => hits.first(),
            (_, 1) => hits.iter().find(|hit| hit.label.eq_ignore_ascii_case(text)),
            _ => None,
        };
        if let Some(hit) = one {
            entry.choose(hit.id.number, &hit.label);
            let next = entry.unresolved().map(|(kind, text)| find(at, kind, text));
            return next.map_or_else(|| self.after_found(), |next| vec![next]);
        }
        if hits.is_empty() && kind == Kind::Programmes {
            return Self::found_new(at, kind, text);
        }
        let lookup = Lookup::new(kind, entry.label()).text(if hits.is_empty() { "" } else { text });
        let mut effects = vec![Effect::open(Tag::new(LOOKUP, at as u32), lookup)];
        if hits.is_empty() {
            effects.push(Effect::refuse(t!("form.not_found", text = text)));
        }
        effects
    }

    fn saved(&mut self, answer: Answer) -> Vec<Effect> {
        self.saving = false;
        match answer {
            Answer::Saved(saved) => {
                let forget = Effect::ForgetDraft(self.draft_name());
                vec![forget, Effect::Done(Outcome::Saved(saved))]
            }
            Answer::Conflict(conflict) => self.settle_or_ask(ConflictView::new(*conflict)),
            Answer::Asks(asked) => vec![Effect::open(SEATS, Confirm::enrol("", &asked))],
            Answer::Refused(Problem::Invalid(faults)) => {
                self.show(faults.into_iter().map(|(_, fault)| fault).collect())
            }
            _ => Vec::new(),
        }
    }

    fn outcome(&mut self, tag: Tag, outcome: Outcome) -> Vec<Effect> {
        let at = tag.number as usize;
        match (tag.name, outcome) {
            (LOOKUP, Outcome::Hit(hit)) => {
                if let Some(entry) = self.form.as_mut().and_then(|form| form.entry_mut(at)) {
                    entry.choose(hit.id.number, &hit.label);
                }
                self.after_found()
            }
            (matches::NEW, Outcome::Saved(saved)) => self.made(at, &saved.ids),
            (LOOKUP | matches::NEW, _) => {
                (self.save_after, self.jump_after) = (false, false);
                Vec::new()
            }
            (OPTION, Outcome::Picked(places)) => {
                if let Some(entry) = self.form.as_mut().and_then(|form| form.entry_mut(at)) {
                    let options = entry.options();
                    if let Some((_, text)) = places.first().and_then(|place| options.get(*place)) {
                        entry.restore(text);
                    }
                }
                Vec::new()
            }
            (JUMP, Outcome::Picked(places)) => {
                if let (Some(form), Some(at)) = (&mut self.form, places.first()) {
                    form.go(*at);
                }
                Vec::new()
            }
            (EDITOR, Outcome::Text(text)) => {
                if let Some(entry) = self.form.as_mut().and_then(|form| form.entry_mut(at)) {
                    entry.restore(text.trim_end());
                }
                Vec::new()
            }
            (DISCARD, Outcome::Yes) => {
                let forget = Effect::ForgetDraft(self.draft_name());
                vec![forget, Effect::Done(Outcome::Cancelled)]
            }
            (bulk::TAG, Outcome::Yes) => self.set_or_ask(),
            (moves::TAG, Outcome::Yes) => self.moves_agreed(),
            (SEATS, Outcome::Yes) => self.send(Request::SaveAnyway),
            (CONFLICT, Outcome::Settled { record, on }) => {
                self.base = on.as_ref().map_or(Revision(0), |stored| stored.rev);
                self.id = on.as_ref().map(|stored| stored.id);
                self.original = on.map(|stored| stored.record.fields()).unwrap_or_default();
                self.form = Some(Self::form_of(self.kind, &record.fields()));
                let mut effects = self.ask_names();
                effects.extend(self.save());
                effects
            }
            _ => Vec::new(),
        }
    }

    fn command(&mut self, command: Command, view: &View) -> Vec<Effect> {
        match command {
            Command::FormNext | Command::FormPrev => {
                let effects = self.leave();
                if let Some(form) = &mut self.form {
                    form.step(command == Command::FormNext);
                }
                effects
            }
            Command::FormSave => self.save(),
            Command::FormCancel | Command::Cancel if self.is_changed() => {
                vec![Effect::open(DISCARD, Confirm::ask(t!("form.discard")))]
            }
            Command::FormCancel | Command::Cancel => vec![Effect::Done(Outcome::Cancelled)],
            Command::FormLookup => self.look_up(view),
            Command::FormJump => {
                // What is still to be found is settled first: its list belongs over its field.
                let found = self.leave();
                self.jump_after = !found.is_empty();
                if found.is_empty() { self.jump() } else { found }
            }
            Command::FormEditor => self.editor(),
            command => {
                self.change(|form| form.command(command));
                self.follow()
            }
        }
    }

    fn change(&mut self, edit: impl FnOnce(&mut Form) -> LineEdit) {
        if let Some(form) = &mut self.form {
            edit(form);
        }
    }
}

impl Overlay for FormOverlay {
    fn id(&self) -> &'static str {
        "form"
    }

    fn contexts(&self) -> &'static [Context] {
        let text =
            self.form.as_ref().and_then(Form::focused).is_some_and(form::FormEntry::takes_text);
        if text { &[Context::Text, Context::Form] } else { &[Context::Form] }
    }

    fn facts(&self) -> Facts {
        Facts::NONE.when(Fact::Dirty, self.is_changed())
    }

    fn available(&self, command: Command) -> Availability {
        let flag = self.form.as_ref().and_then(Form::focused).is_some_and(FormEntry::is_flag);
        ticking(command, flag)
    }

    fn hint(&self, command: Command) -> HintWord {
        let Some(entry) = self.form.as_ref().and_then(Form::focused) else {
            return HintWord::Silent;
        };
        match command {
            Command::FormOptionNext if !entry.turns() => HintWord::Silent,
            Command::FormEditor if entry.field.shape != Shape::LongText => HintWord::Silent,
            Command::FormLookup if entry.refers_to().is_some() => {
                HintWord::here(t!("form.hint_find"))
            }
            Command::FormLookup if entry.field.shape == Shape::Date => {
                HintWord::here(t!("form.hint_today"))
            }
            Command::FormLookup if entry.is_listed() => HintWord::Usual,
            Command::FormLookup if entry.options().is_empty() => HintWord::Silent,
            _ => HintWord::Usual,
        }
    }

    /// What is typed while it loads, finds a reference or saves is for what comes of that.
    fn waits(&self, command: Option<Command>, _facts: Facts) -> bool {
        self.saving || command != Some(Command::FormCancel)
    }

    fn update(&mut self, event: PaneEvent, view: &View) -> Vec<Effect> {
        if let Some(form) = &mut self.form {
            form.on(view.today);
        }
        match event {
            PaneEvent::Shown => match (&mut self.form, self.id) {
                (None, Some(id)) => vec![Effect::ask(GET, Request::Get(id))],
                (Some(form), None) if self.bulk.is_none() && !form.is_changed() => {
                    form.begin_this_year(view.today);
                    self.ask_names()
                }
                _ => self.ask_names(),
            },
            PaneEvent::Command(command) => self.command(command, view),
            // No value begins with it: it leads to another field.
            PaneEvent::Text('/') if self.form.as_ref().is_some_and(Form::is_just_reached) => {
                self.command(Command::FormJump, view)
            }
            PaneEvent::Text(c) => self.listed(&c.to_string()).unwrap_or_else(|| {
                self.change(|form| form.type_char(c));
                self.follow()
            }),
            PaneEvent::Paste(text) => {
                let chooses = self.form.as_ref().and_then(Form::focused);
                let chooses = chooses.is_some_and(|entry| !entry.takes_text());
                let edit = self.form.as_mut().map_or(LineEdit::No, |form| form.paste(text));
                // A text field says itself what it does not take.
                if chooses && edit != LineEdit::Changed {
                    return vec![Effect::refuse(t!("form.not_found", text = text.trim()))];
                }
                self.follow()
            }
            PaneEvent::Answer(tag, answer) if tag.name == moves::TAG => self.moved(answer),
            PaneEvent::Answer(tag, answer) => self.answer(tag, answer),
            PaneEvent::Outcome(tag, outcome) if figures::asks(tag) => self.figured(tag, outcome),
            PaneEvent::Outcome(tag, outcome) if levels::asks(tag) => self.levelled(tag, outcome),
            PaneEvent::Outcome(tag, outcome) => self.outcome(tag, outcome),
            _ => Vec::new(),
        }
    }

    fn draw(&self, frame: &mut Frame, view: &View) {
        let others = view.who_edits(self.edits());
        let width = WIDTH_MAX.min(view.area.width);
        let lines = self
            .form
            .as_ref()
            .map_or(1, |form| form::height(form, width.saturating_sub(2), &view.info.holidays));
        let height = lines.saturating_add(2 + u16::from(others.is_some()));
        let place = centred(view.area, width, height);
        let mut inner = boxed(frame, place, &self.title(), view.theme, view.glyphs);
        if let Some(who) = others {
            let text = t!("form.also_edited", who = who);
            put(frame, inner, 0, &text, view.theme.warning, view.glyphs);
            let taken = inner.height.min(1);
            inner = Rect { y: inner.y + taken, height: inner.height - taken, ..inner };
        }
        if let Some(form) = &self.form {
            form::draw(frame, inner, form, view);
        }
    }

    fn shows_faults(&self) -> bool {
        true
    }

    fn edits(&self) -> Option<RecordId> {
        self.id
    }

    fn draft(&self) -> Option<Draft> {
        let form = self.form.as_ref().filter(|form| form.is_changed() && self.bulk.is_none())?;
        Some(Draft {
            name: self.draft_name(),
            kind: self.kind,
            id: self.id,
            base: self.base,
            original: self.original.clone(),
            texts: form.texts(),
        })
    }
}
