//! To which stream an imported message belongs, read off its text by the rules of the plan (导入分流).

use regex::Regex;

use super::{Import, ImportName, ImportRoute, ImportText, Plan};

/// The import rules of a plan, ready to run (导入规则).
#[derive(Clone, Debug)]
pub struct ImportRoutes {
    routes: Vec<Route>,
    default_stream: String,
}

#[derive(Clone, Debug)]
struct Route {
    find: Regex,
    within: Vec<ImportText>,
    /// The names that count, each with the stream it stands for.
    streams: Vec<(String, String)>,
}

impl ImportRoutes {
    /// The rules of the plan; none where the plan takes no imports.
    ///
    /// # Errors
    ///
    /// A pattern that is no regular expression; not for a plan from [`Plan::parse`].
    pub fn of(plan: &Plan) -> Result<Option<Self>, regex::Error> {
        let Some(Import { default_stream, routes }) = &plan.import else {
            return Ok(None);
        };
        let routes = routes.iter().map(|route| Route::new(plan, route)).collect::<Result<_, _>>()?;
        Ok(Some(Self { routes, default_stream: default_stream.clone() }))
    }

    /// The code of the stream for a message: of the first route that finds a name, else the default.
    ///
    /// A route looks through its texts one after the other; a match that names nothing in the plan is passed over.
    #[must_use]
    pub fn stream_for(&self, title: &str, content: &str) -> &str {
        self.routes.iter().find_map(|route| route.stream_for(title, content)).unwrap_or(&self.default_stream)
    }
}

impl Route {
    fn new(plan: &Plan, route: &ImportRoute) -> Result<Self, regex::Error> {
        let ImportRoute { find, within, names } = route;
        Ok(Self { find: Regex::new(find)?, within: within.clone(), streams: names.streams(plan) })
    }

    fn stream_for(&self, title: &str, content: &str) -> Option<&str> {
        self.within.iter().find_map(|text| match text {
            ImportText::Title => self.first_name(title),
            ImportText::Content => self.first_name(content),
        })
    }

    /// The search goes on right behind the name, not behind the whole match: a pattern may have to look at the character
    /// after a name, which can be the first of the next one.
    fn first_name(&self, text: &str) -> Option<&str> {
        let mut start = 0;
        while let Some(found) = self.find.captures_at(text, start) {
            let name = found.get(1).or_else(|| found.get(0))?;
            if let Some(stream) = self.stream_named(name.as_str()) {
                return Some(stream);
            }
            start = name.end().max(start + 1);
            while !text.is_char_boundary(start) {
                start += 1;
            }
            if start > text.len() {
                break;
            }
        }
        None
    }

    fn stream_named(&self, name: &str) -> Option<&str> {
        self.streams.iter().find(|(known, _)| known == name).map(|(_, stream)| stream.as_str())
    }
}

impl ImportName {
    fn streams(self, plan: &Plan) -> Vec<(String, String)> {
        let pair = |name: &String, stream: &String| (name.clone(), stream.clone());
        match self {
            Self::Stream => plan.streams.iter().map(|stream| pair(&stream.code, &stream.code)).collect(),
            // The first stream of a department comes first and is the one found.
            Self::Department => {
                plan.streams.iter().map(|stream| pair(&stream.department, &stream.code)).collect()
            }
        }
    }
}
