//! Paths through the schema, and the documents that walk them.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde_json::{Map, Value, json};

use super::sdl::{Def, Sdl};

/// One way to one field with one set of arguments, and what is selected below it.
#[derive(Clone, Debug)]
pub(crate) struct Call {
    /// Fields from the root to the one that is asked.
    pub(crate) trail: Vec<String>,
    /// Arguments of that one.
    pub(crate) args: Map<String, Value>,
    /// Names the argument that is varied, e.g. `filter.queue=LATE`; empty for a plain call.
    pub(crate) varied: String,
    /// Leaves below it, each by its steps; `...T` narrows an interface.
    pub(crate) leaves: Vec<Vec<String>>,
    /// Whether an answer would be a leak in itself: a cursor of somebody else.
    pub(crate) must_fail: bool,
}

impl Call {
    /// As the list of what was never reached names it.
    pub(crate) fn path(&self, root: &str) -> String {
        format!("{root}.{}", self.trail.join("."))
    }

    /// The path with the varied argument.
    pub(crate) fn label(&self, root: &str) -> String {
        if self.varied.is_empty() { self.path(root) } else { format!("{}({})", self.path(root), self.varied) }
    }
}

/// Every leaf at most so many objects below a type. No type stands twice on a way but one that leads to
/// itself: there and back again shows nothing new, and costs the square of what is there.
pub(crate) fn leaves(sdl: &Sdl, ty: &str, depth: usize) -> Vec<Vec<String>> {
    let mut found = Vec::new();
    descend(sdl, ty, depth, &mut Vec::new(), &mut vec![ty.to_owned()], &mut found);
    found
}

fn descend(
    sdl: &Sdl,
    ty: &str,
    depth: usize,
    steps: &mut Vec<String>,
    types: &mut Vec<String>,
    found: &mut Vec<Vec<String>>,
) {
    if matches!(sdl.def(ty), Def::Interface) {
        for member in sdl.members(ty) {
            steps.push(format!("...{member}"));
            descend(sdl, member, depth, steps, types, found);
            steps.pop();
        }
        return;
    }
    let doubled = types.len() > 1 && types[types.len() - 2] == types[types.len() - 1];
    for field in sdl.fields(ty) {
        steps.push(field.name.clone());
        if sdl.is_leaf(&field.ty.name) {
            found.push(steps.clone());
        } else if depth > 0
            && (!types.contains(&field.ty.name) || (types.last() == Some(&field.ty.name) && !doubled))
        {
            types.push(field.ty.name.clone());
            descend(sdl, &field.ty.name, depth - 1, steps, types, found);
            types.pop();
        }
        steps.pop();
    }
}

#[derive(Default)]
struct Tree(BTreeMap<String, Tree>);

impl Tree {
    fn of(leaves: &[Vec<String>]) -> Self {
        let mut tree = Self::default();
        for leaf in leaves {
            let mut at = &mut tree;
            for step in leaf {
                at = at.0.entry(step.clone()).or_default();
            }
        }
        tree
    }
}

/// A document in the making, its arguments as variables.
struct Document<'s> {
    sdl: &'s Sdl,
    declared: String,
    values: Map<String, Value>,
    body: String,
}

/// The document of some calls, aliased `c0`, `c1` and so on, with its variables.
pub(crate) fn document(sdl: &Sdl, root: &str, calls: &[Call]) -> (String, Value) {
    let mut document = Document { sdl, declared: String::new(), values: Map::new(), body: String::new() };
    for (place, call) in calls.iter().enumerate() {
        let _ = write!(document.body, "c{place}: ");
        document.trail(root, &call.trail, call);
    }
    let Document { declared, values, body, .. } = document;
    let kind = root.to_lowercase();
    let declared = if declared.is_empty() { declared } else { format!("({declared})") };
    (format!("{kind} {declared} {{ {body}}}"), Value::Object(values))
}

impl Document<'_> {
    fn trail(&mut self, ty: &str, trail: &[String], call: &Call) {
        let field = self.sdl.field(ty, &trail[0]).clone();
        self.body.push_str(&field.name);
        if let [_, rest @ ..] = trail
            && !rest.is_empty()
        {
            self.arguments(ty, &field.name, &Map::new());
            self.body.push_str(" { ");
            self.identify(&field.ty.name);
            self.trail(&field.ty.name, rest, call);
            self.body.push_str("} ");
            return;
        }
        self.arguments(ty, &field.name, &call.args);
        if !self.sdl.is_leaf(&field.ty.name) {
            self.selection(&field.ty.name, &Tree::of(&call.leaves));
        }
        self.body.push(' ');
    }

    /// Whose an object is, its id tells; and what it is, its name.
    fn identify(&mut self, ty: &str) {
        if matches!(self.sdl.def(ty), Def::Interface) {
            self.body.push_str("__typename ");
        } else if self.sdl.fields(ty).iter().any(|field| field.name == "id") {
            self.body.push_str("id ");
        }
    }

    fn selection(&mut self, ty: &str, tree: &Tree) {
        self.body.push_str(" { ");
        self.identify(ty);
        for (step, below) in &tree.0 {
            if let Some(member) = step.strip_prefix("...") {
                let _ = write!(self.body, "... on {member}");
                self.selection(member, below);
            } else if step == "__typename" {
                self.body.push_str("__typename ");
            } else {
                let field = self.sdl.field(ty, step).clone();
                self.body.push_str(step);
                self.arguments(ty, step, &Map::new());
                if !below.0.is_empty() {
                    self.selection(&field.ty.name, below);
                }
                self.body.push(' ');
            }
        }
        self.body.push_str("} ");
    }

    /// Arguments as given, and a first value for whatever else is required.
    fn arguments(&mut self, ty: &str, field: &str, given: &Map<String, Value>) {
        let args = self.sdl.field(ty, field).args.clone();
        let mut written = Vec::new();
        for arg in &args {
            let value = given
                .get(&arg.name)
                .cloned()
                .or_else(|| arg.required.then(|| plain(self.sdl, &arg.ty.name, arg.ty.list)));
            let Some(value) = value else { continue };
            let name = format!("a{}", self.values.len());
            let _ = write!(self.declared, "${name}: {} ", arg.ty.text);
            self.values.insert(name.clone(), value);
            written.push(format!("{}: ${name}", arg.name));
        }
        if !written.is_empty() {
            let _ = write!(self.body, "({})", written.join(" "));
        }
    }
}

/// Some value that the type allows.
pub(crate) fn plain(sdl: &Sdl, ty: &str, list: bool) -> Value {
    let value = match (sdl.def(ty), ty) {
        (Def::Enum(values), _) => json!(values[0]),
        (Def::Input(fields, one_of), _) => {
            let needed =
                fields.iter().enumerate().filter(|(place, field)| field.required || (*one_of && *place == 0));
            needed
                .map(|(_, field)| (field.name.clone(), plain(sdl, &field.ty.name, field.ty.list)))
                .collect::<Map<_, _>>()
                .into()
        }
        (_, "Int") => json!(1),
        (_, "Boolean") => json!(true),
        (_, "Date") => json!("2022-03-01"),
        (_, "DateTime") => json!("2022-03-01T00:00:00Z"),
        _ => json!("nothing"),
    };
    if list { json!([value]) } else { value }
}
