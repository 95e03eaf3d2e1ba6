//! Reads which file of a crate imports which, from the text of its files alone: `use` trees and paths in the code. What
//! stands under `#[cfg(test)]` is left out, for a test may reach anything. A name that a module only hands on (`pub use`)
//! counts as taken from the file that has it; handing on what another top-level module has is an import like any other.

use std::collections::{BTreeMap, BTreeSet};

use super::words::{Word, words};

/// A path as it is written, its steps.
type Path = Vec<String>;

/// The files of a crate.
#[derive(Default)]
pub struct House {
    /// By module path, `access::store`; the root is empty.
    files: BTreeMap<Path, File>,
}

#[derive(Default)]
struct File {
    /// As it lies below `src`.
    name: String,
    /// Names brought in, with the whole path of each.
    names: BTreeMap<String, Path>,
    /// Names handed on, with the whole path of each; globs under `*`.
    faces: Vec<(String, Path)>,
    /// Paths in the code.
    paths: Vec<Path>,
    /// Names that it defines.
    defines: BTreeSet<String>,
    /// Modules that are there for tests alone.
    tests: BTreeSet<String>,
}

/// One file takes something from another, or from another crate.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Import {
    /// The file that takes, as it lies below `src`.
    pub from: String,
    /// The file that it is taken from; of another crate the first two steps of the path.
    pub to: String,
    /// Whether it is a file of this crate.
    pub own: bool,
}

impl House {
    /// Of the files of these names below `src` and their texts.
    pub fn of<'t>(texts: impl IntoIterator<Item = (&'t str, &'t str)>) -> Self {
        let mut files = BTreeMap::new();
        for (name, text) in texts {
            let module = module(name);
            let mut file = File { name: name.to_owned(), ..File::default() };
            Reader { words: &words(text), module: module.clone(), file: &mut file }.read();
            files.insert(module, file);
        }
        let mut house = Self { files };
        house.leave_out_tests();
        house
    }

    fn leave_out_tests(&mut self) {
        let tests: BTreeSet<Path> = self
            .files
            .iter()
            .flat_map(|(module, file)| file.tests.iter().map(|test| below(module, test)))
            .collect();
        self.files.retain(|module, _| !tests.iter().any(|test| module.starts_with(test)));
    }

    /// Names of the files.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.files.values().map(|file| file.name.as_str())
    }

    /// Everything that is imported, each pair once.
    pub fn imports(&self) -> BTreeSet<Import> {
        let mut all = BTreeSet::new();
        for (module, file) in &self.files {
            for path in file.paths.iter().chain(file.names.values()) {
                all.extend(self.import(module, file, path));
            }
            let handed_on = file.faces.iter().filter_map(|(_, path)| self.import(module, file, path));
            all.extend(handed_on.filter(|import| import.own && top(&import.from) != top(&import.to)));
        }
        all
    }

    fn import(&self, module: &[String], file: &File, written: &[String]) -> Option<Import> {
        let import = |to: String, own| Some(Import { from: file.name.clone(), to, own });
        let path = self.whole(module, file, written)?;
        if path.first().is_none_or(|first| first != "crate") {
            return import(path[..path.len().min(2)].join("::"), false);
        }
        // A module that is brought in says nothing yet: what is taken of it stands in the code.
        let home = self.home(&path[1..], 0)?;
        let other = &self.files.get(&home)?.name;
        if *other == file.name { None } else { import(other.clone(), true) }
    }

    /// A path from the root of its crate; none where it begins with a name of the file's own.
    fn whole(&self, module: &[String], file: &File, written: &[String]) -> Option<Path> {
        let first = written.first()?;
        let absolute = |base: &[String], rest: &[String]| {
            let steps = ["crate".to_owned()].into_iter().chain(base.iter().cloned());
            steps.chain(rest.iter().cloned()).collect::<Path>()
        };
        if first == "crate" {
            return Some(written.to_vec());
        }
        if self.files.contains_key(&below(module, first)) {
            return Some(absolute(module, written));
        }
        match file.names.get(first) {
            Some(known) if known != written => {
                let known = self.whole(module, file, known)?;
                Some(known.into_iter().chain(written[1..].iter().cloned()).collect())
            }
            _ if CRATES.contains(&first.as_str()) => Some(written.to_vec()),
            _ => None,
        }
    }

    /// The module whose file has what a path names; none for a path that names a module, or what another crate has.
    fn home(&self, path: &[String], depth: usize) -> Option<Path> {
        let known = (0..=path.len()).rev().find(|end| self.files.contains_key(&path[..*end]))?;
        let (module, rest) = (path[..known].to_vec(), &path[known..]);
        let (name, file) = (rest.first()?, self.files.get(&module)?);
        let from = file.faces.iter().find(|(face, _)| face == name).map(|(_, from)| from);
        let from = from.or_else(|| file.names.get(name)).filter(|_| depth < DEEPEST);
        if let Some(from) = from {
            let from = self.whole(&module, file, from)?;
            let own = from.first().is_some_and(|first| first == "crate");
            return if own { self.home(&[&from[1..], &rest[1..]].concat(), depth + 1) } else { None };
        }
        let globs = file.faces.iter().filter(|(face, _)| face == "*");
        let of_glob = |(_, from): &(String, Path)| {
            let from = self.whole(&module, file, from)?;
            let from = from.get(1..from.len() - 1)?.to_vec();
            self.files.get(&from)?.defines.contains(name).then_some(from)
        };
        let mut of_globs = globs.filter_map(of_glob);
        Some(of_globs.next().unwrap_or(module))
    }
}

/// The folder or file right below `src` in which a file lies.
pub fn top(file: &str) -> &str {
    file.split('/').next().unwrap_or(file).trim_end_matches(".rs")
}

/// Times that a name is handed on at most.
const DEEPEST: usize = 8;

/// Crates whose names are no module's.
const CRATES: &[&str] = &["axum", "entity", "sea_orm", "sqlx"];

/// What begins an item that has a name.
const ITEMS: &[&str] = &["const", "enum", "fn", "static", "struct", "trait", "type"];

/// The module of a file.
fn module(name: &str) -> Path {
    let name = name.trim_end_matches(".rs");
    let steps = name.split('/').filter(|step| !["lib", "main", "mod"].contains(step));
    steps.map(str::to_owned).collect()
}

fn below(module: &[String], name: &str) -> Path {
    module.iter().cloned().chain([name.to_owned()]).collect()
}

struct Reader<'w, 'f> {
    words: &'w [Word],
    /// The module in which it stands, inner ones counted.
    module: Path,
    file: &'f mut File,
}

impl Reader<'_, '_> {
    fn read(mut self) {
        let mut at = 0;
        while at < self.words.len() {
            at = self.next(at);
        }
    }

    /// Reads what stands at a place, and says where the next begins.
    fn next(&mut self, at: usize) -> usize {
        if self.starts(at, &["#", "[", "cfg", "(", "test", ")", "]"]) {
            return self.skip_test(at + 7);
        }
        if ITEMS.iter().any(|item| self.words[at].is(item)) {
            self.file.defines.extend(self.words.get(at + 1).map(|name| name.0.clone()));
        }
        let handed_on = self.words[at].is("pub") && (self.use_after(at)).is_some();
        if handed_on {
            return self.use_after(at).map_or(at + 1, |tree| self.tree(tree, &[], true));
        }
        if self.words[at].is("use") {
            return self.tree(at + 1, &[], false);
        }
        let Some(path) = self.path(at) else { return at + 1 };
        let end = at + 2 * path.len() - 1;
        if path.len() > 1 {
            let path = self.absolute(path);
            self.file.paths.push(path);
        }
        end
    }

    fn starts(&self, at: usize, with: &[&str]) -> bool {
        with.iter()
            .enumerate()
            .all(|(place, text)| self.words.get(at + place).is_some_and(|word| word.is(text)))
    }

    /// Where the tree of `pub use` or `pub(crate) use` begins.
    fn use_after(&self, at: usize) -> Option<usize> {
        let word = |place: usize| self.words.get(place);
        let mut place = at + 1;
        if word(place)?.is("(") {
            place += self.words[place..].iter().position(|word| word.is(")"))? + 1;
        }
        word(place)?.is("use").then_some(place + 1)
    }

    /// Passes over the item behind `#[cfg(test)]`.
    fn skip_test(&mut self, from: usize) -> usize {
        let mut depth = 0_usize;
        for (place, word) in self.words.iter().enumerate().skip(from) {
            if word.is("mod") && depth == 0 && self.starts(place + 2, &[";"]) {
                self.file.tests.insert(self.words[place + 1].0.clone());
            }
            if word.is("{") || word.is("[") {
                depth += 1;
            } else if word.is("}") || word.is("]") {
                depth = depth.saturating_sub(1);
                if depth == 0 && word.is("}") {
                    return place + 1;
                }
            } else if word.is(";") && depth == 0 {
                return place + 1;
            }
        }
        self.words.len()
    }

    /// Reads a tree of `use`, and says where it ends.
    fn tree(&mut self, at: usize, before: &[String], handed_on: bool) -> usize {
        let mut path = before.to_vec();
        let mut at = at;
        while let Some(word) = self.words.get(at) {
            match word.0.as_str() {
                "{" => {
                    at += 1;
                    while self.words.get(at).is_some_and(|word| !word.is("}")) {
                        at = self.tree(at, &path, handed_on);
                        at += usize::from(self.starts(at, &[","]));
                    }
                    return at + 1;
                }
                "::" => at += 1,
                "as" => {
                    let alias = self.words.get(at + 1).map_or_else(String::new, |word| word.0.clone());
                    self.bring_in(path, Some(alias), handed_on);
                    return at + 2;
                }
                "," | "}" | ";" => {
                    self.bring_in(path, None, handed_on);
                    return at + usize::from(word.is(";"));
                }
                step => {
                    path.push(step.to_owned());
                    at += 1;
                }
            }
        }
        at
    }

    fn bring_in(&mut self, mut path: Path, alias: Option<String>, handed_on: bool) {
        if path.last().is_some_and(|last| last == "self") && path.len() > 1 {
            path.pop();
        }
        let path = self.absolute(path);
        let Some(name) = alias.or_else(|| path.last().cloned()) else { return };
        if handed_on {
            self.file.faces.push((name, path));
        } else if name == "*" || name == "_" {
            self.file.paths.push(path);
        } else {
            self.file.names.insert(name, path);
        }
    }

    /// The path that begins at a place.
    fn path(&self, at: usize) -> Option<Path> {
        let mut path = Vec::new();
        let mut place = at;
        while self.words.get(place).is_some_and(Word::is_name) {
            path.push(self.words[place].0.clone());
            if !self.starts(place + 1, &["::"]) || !self.words.get(place + 2).is_some_and(Word::is_name) {
                break;
            }
            place += 2;
        }
        (!path.is_empty()).then_some(path)
    }

    /// The same path from the root of its crate, where it begins with `self` or `super`.
    fn absolute(&self, path: Path) -> Path {
        let mut base = self.module.clone();
        let mut steps = path.into_iter().peekable();
        let mut moved = false;
        while let Some(step) = steps.peek() {
            match step.as_str() {
                "super" => drop(base.pop()),
                "self" => {}
                _ => break,
            }
            moved = true;
            steps.next();
        }
        if moved {
            ["crate".to_owned()].into_iter().chain(base).chain(steps).collect()
        } else {
            steps.collect()
        }
    }
}
