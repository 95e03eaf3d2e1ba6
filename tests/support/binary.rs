//! The real program as a process of its own, on a test's database.

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Output, Stdio};
use std::sync::mpsc;
use std::time::{Duration, Instant};

use serde_json::Value;

use super::{TestDatabase, master_key, signing_key};

/// The program with nothing in its environment but what it needs for this database.
pub(crate) fn minsheng(database: &TestDatabase, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_minsheng"));
    command
        .args(arguments)
        .env_clear()
        .env("MINSHENG_DATABASE_URL", database.url())
        .env("MINSHENG_MASTER_KEY", master_key())
        .env("MINSHENG_SIGNING_KEY", signing_key())
        // A token of the test's own application holds there too.
        .env("MINSHENG_ISSUER", "minsheng-test")
        // What a test sends at once arrives at once.
        .env("MINSHENG_REQUESTS_OF_ACCOUNT", "64")
        .env("MINSHENG_LANG", "en")
        .env("MINSHENG_LOG_FORMAT", "json");
    command
}

/// Runs a subcommand to its end.
pub(crate) fn run(database: &TestDatabase, arguments: &[&str]) -> Output {
    minsheng(database, arguments).output().unwrap()
}

/// Runs a program that should refuse to serve: one that serves would never end.
pub(crate) fn refusing(command: &mut Command) -> Output {
    let piped = command.stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = piped.spawn().unwrap();
    let begin = Instant::now();
    while child.try_wait().unwrap().is_none() {
        if begin.elapsed() > PATIENCE {
            child.kill().unwrap();
            panic!("it serves: {:?}", child.wait_with_output());
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    child.wait_with_output().unwrap()
}

/// Longest wait for the end of a program.
const PATIENCE: Duration = Duration::from_mins(1);

/// A serving process; killed when it is dropped.
pub(crate) struct Server {
    child: Child,
    /// Where it serves, e.g. `http://127.0.0.1:40001`.
    pub(crate) address: String,
    /// What its serving connection promises about durability, as it logged it.
    pub(crate) durability: String,
}

impl Server {
    /// Starts on a free port and waits until it serves.
    pub(crate) fn start(database: &TestDatabase) -> Self {
        Self::serving(&mut minsheng(database, &["serve", "--listen", "127.0.0.1:0"]))
    }

    /// A demonstration with everything of it in `folder`: `accounts.json`, `portals.json`, keys and rows.
    pub(crate) fn demo(folder: &Path) -> Self {
        Self::demo_with(folder, &[])
    }

    /// The same with settings of its own.
    pub(crate) fn demo_with(folder: &Path, settings: &[(&str, &str)]) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_minsheng"));
        command
            .args(["demo", "--listen", "127.0.0.1:0", "--submissions", "600", "--data-dir"])
            .arg(folder)
            .env_clear()
            .env("MINSHENG_LOG_FORMAT", "json")
            // What comes from many addresses comes through a proxy.
            .env("MINSHENG_TRUSTED_PROXIES", "127.0.0.1")
            .envs(settings.iter().copied())
            .stdout(Stdio::null());
        Self::serving(&mut command)
    }

    fn serving(command: &mut Command) -> Self {
        let mut child = command.stderr(Stdio::piped()).spawn().unwrap();
        let log = BufReader::new(child.stderr.take().unwrap());
        let (tell, told) = mpsc::channel();
        std::thread::spawn(move || {
            // Read to the end, or the server would stand still at a full pipe.
            for line in log.lines().map_while(Result::ok) {
                match serde_json::from_str::<Value>(&line) {
                    Ok(line) if line["message"] == "serving" => {
                        let _ = tell.send(line);
                    }
                    Ok(line) if line["level"] == "INFO" => {}
                    _ => eprintln!("server: {line}"),
                }
            }
        });
        let serving = told.recv_timeout(Duration::from_mins(1)).unwrap();
        let text = |field: &str| serving[field].as_str().unwrap().to_owned();
        Self { child, address: format!("http://{}", text("address")), durability: text("durability") }
    }

    /// Its process.
    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    /// SIGKILL: nothing is finished, flushed or closed.
    pub(crate) fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// SIGTERM, and what the process ended with.
    pub(crate) fn stop(mut self) -> ExitStatus {
        let id = self.id().to_string();
        assert!(Command::new("kill").args(["-TERM", &id]).status().unwrap().success());
        self.child.wait().unwrap()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
