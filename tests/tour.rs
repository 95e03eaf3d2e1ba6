//! The README's tour, as it is printed there: every request of it is sent to a demonstration, and none is refused, however
//! often it is followed.

use std::collections::HashMap;
use std::path::Path;
use std::process::{Command, Output};
use std::sync::Arc;

use minsheng::cli::demo::{Args, Demo, prepare};
use minsheng::clock::day_of;
use minsheng::http::{Door, HttpSettings, router};
use minsheng::limits::throttle::ThrottlePlan;
use serde_json::{Value, json};

use crate::support::binary::Server;
use crate::support::{Backend, TestApp, TestDatabase};

const README: &str = include_str!("../README.md");
const HEADING: &str = "\n## A suggestion's way\n";

/// The lines of the section's shell blocks; the first block defines `as`, `ask` and `got`, which this test plays itself.
fn steps() -> Vec<&'static str> {
    let (_, section) = README.split_once(HEADING).unwrap();
    let section = section.split("\n## ").next().unwrap();
    let blocks = section.split("\n```sh\n").skip(2);
    let blocks = blocks.map(|block| block.split("\n```").next().unwrap());
    let lines = blocks.flat_map(str::lines);
    lines.filter(|line| !line.is_empty()).collect()
}

/// A reader who copies block after block.
struct Reader {
    app: TestApp,
    passwords: HashMap<String, String>,
    token: Option<String>,
    words: HashMap<String, String>,
    answer: Value,
    asked: usize,
    runs: usize,
}

impl Reader {
    async fn follow(&mut self) {
        self.runs += 1;
        // The first block does it once for a run.
        self.words.insert("RUN".to_owned(), self.runs.to_string());
        let mut lines = steps().into_iter();
        while let Some(line) = lines.next() {
            if let Some(account) = line.strip_prefix("as ") {
                self.sign_in(account).await;
            } else if line == "TOKEN=" {
                self.token = None;
            } else if line == "ask <<GRAPHQL" {
                let document: Vec<&str> = lines.by_ref().take_while(|line| *line != "GRAPHQL").collect();
                self.ask(&document.join("\n")).await;
            } else {
                let (name, value) = line.split_once('=').unwrap_or_else(|| panic!("{line}"));
                let value = self.value(value);
                self.words.insert(name.to_owned(), value);
            }
        }
    }

    async fn sign_in(&mut self, account: &str) {
        let password = &self.passwords[account];
        let query = format!(
            "mutation {{ sessionLogin(input: {{account: \"{account}\", password: \"{password}\"}}) {{ accessToken userErrors {{ code }} }} }}"
        );
        self.token = None;
        self.ask(&query).await;
        let token = self.answer["sessionLogin"]["accessToken"].as_str();
        self.token = Some(token.unwrap().to_owned());
    }

    async fn ask(&mut self, document: &str) {
        let mut document = document.to_owned();
        // Longer names first: none is taken for the beginning of another.
        let mut names: Vec<&String> = self.words.keys().collect();
        names.sort_by_key(|name| std::cmp::Reverse(name.len()));
        for name in names {
            document = document.replace(&format!("${name}"), &self.words[name]);
        }
        assert!(!document.contains('$'), "a name without a value: {document}");
        let token = self.token.as_deref();
        let (_, answer) = self.app.graphql(token, &document, json!({})).await;
        assert!(answer.get("errors").is_none(), "{document}\n{answer}");
        for (field, payload) in answer["data"].as_object().unwrap() {
            let refused = payload["userErrors"].as_array().is_some_and(|list| !list.is_empty());
            assert!(!refused && !payload.is_null(), "{field}: {document}\n{answer}");
        }
        self.answer = answer["data"].clone();
        self.asked += 1;
    }

    /// What stands behind `NAME=`.
    fn value(&self, text: &str) -> String {
        if text == "$(TZ=Asia/Shanghai date +%F)" {
            return day_of(self.app.app.clock.now()).to_string();
        }
        let path = text.strip_prefix("$(got ").and_then(|text| text.strip_suffix(')'));
        let path = path.unwrap_or_else(|| panic!("{text}")).trim_matches('\'');
        let found = match path.split_once("[] | select(") {
            None => at(&self.answer, path),
            Some((list, rest)) => {
                let (condition, field) = rest.split_once(").").unwrap();
                let (key, wanted) = condition.split_once(" == ").unwrap();
                let rows = at(&self.answer, list).as_array().unwrap().iter();
                let mut rows = rows.filter(|row| *at(row, key) == *wanted.trim_matches('"'));
                &rows.next().unwrap_or_else(|| panic!("{text}"))[field]
            }
        };
        match found {
            Value::String(text) => text.clone(),
            Value::Number(number) => number.to_string(),
            other => panic!("{text} is {other} in {}", self.answer),
        }
    }
}

/// A path such as `.submissions.nodes[0].id`.
fn at<'a>(value: &'a Value, path: &str) -> &'a Value {
    path.split('.').filter(|key| !key.is_empty()).fold(value, |value, key| {
        let (key, place) = key
            .split_once('[')
            .map_or((key, None), |(key, place)| (key, place.trim_end_matches(']').parse::<usize>().ok()));
        let value = &value[key];
        place.map_or(value, |place| &value[place])
    })
}

#[tokio::test]
async fn every_request_of_the_tour_is_answered_as_it_is_printed() {
    let folder = tempfile::tempdir().unwrap();
    let args = Args { listen: None, data_dir: folder.path().join("data"), accounts: None, submissions: 300 };
    let Demo { app, accounts, .. } = prepare(&args, ThrottlePlan::default()).await.unwrap();
    let app = Arc::new(app);
    let router = router(Door::new(Arc::clone(&app), HttpSettings::default()));
    let app = TestApp { app, database: TestDatabase::create(Backend::Sqlite).await, router };
    let passwords = accounts.into_iter().map(|line| (line.account, line.password));
    let mut reader = Reader {
        app,
        passwords: passwords.collect(),
        token: None,
        words: HashMap::new(),
        answer: Value::Null,
        asked: 0,
        runs: 0,
    };
    let mut numbers = Vec::new();
    for run in 1..=2 {
        reader.follow().await;
        assert!(reader.asked > 20 * run, "{}", reader.asked);
        let receipt = &reader.answer["receipt"];
        assert_eq!(receipt["stage"], "DECLINED", "{receipt}");
        assert!(receipt["explanation"].as_str().is_some_and(|text| !text.is_empty()));
        numbers.push(receipt["number"].to_string());
    }
    assert_ne!(numbers[0], numbers[1], "each run has a suggestion of its own");
}

/// The script, from the folder of the repository.
fn tour(server: &str, folder: &Path) -> Output {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut command = Command::new(root.join("tests/tour"));
    command.env("SERVER", server).env("FOLDER", folder).output().unwrap()
}

#[test]
fn the_script_runs_again_and_again_and_stops_at_the_first_failure() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let server = Server::demo(&data);
    let address = server.address.trim_start_matches("http://");
    for _ in 0..2 {
        let done = tour(address, &data);
        let (said, wrong) = (String::from_utf8_lossy(&done.stdout), String::from_utf8_lossy(&done.stderr));
        assert!(done.status.success(), "{said}\n{wrong}");
        assert!(said.trim_end().lines().last().unwrap().contains("DECLINED"), "{said}");
    }
    // A password that is wrong: the sign-in is refused, and nothing is asked after it.
    let accounts = std::fs::read_to_string(data.join("accounts.json")).unwrap();
    let mut lines: Vec<Value> = serde_json::from_str(&accounts).unwrap();
    for line in &mut lines {
        line["password"] = json!("wrong-password-0");
    }
    let wrong = folder.path().join("wrong");
    std::fs::create_dir(&wrong).unwrap();
    std::fs::write(wrong.join("accounts.json"), serde_json::to_string(&lines).unwrap()).unwrap();
    let refused = tour(address, &wrong);
    assert!(!refused.status.success());
    let said = String::from_utf8_lossy(&refused.stdout);
    assert_eq!(said.lines().count(), 1, "{said}");
    assert!(String::from_utf8_lossy(&refused.stderr).contains("the tour stopped"));
}
