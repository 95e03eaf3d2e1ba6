//! The program: subcommands only, see `minsheng --help`.

use std::process::ExitCode;

#[tokio::main]
async fn main() -> ExitCode {
    minsheng::cli::main().await
}
