//! Tells the program whether GraphiQL lies in `explorer/dist`, where `explorer/build` puts it.

use std::path::Path;

const DIST: &str = "explorer/dist";
const FILES: [&str; 6] =
    ["react.js", "react-dom.js", "graphiql.min.js", "graphiql.min.css", "LICENSE-react", "LICENSE-graphiql"];

fn main() {
    println!("cargo::rustc-check-cfg=cfg(graphiql)");
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed={DIST}");
    if FILES.iter().all(|file| Path::new(DIST).join(file).is_file()) {
        println!("cargo::rustc-cfg=graphiql");
    }
}
