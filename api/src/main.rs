//! The program: subcommands only, see `minsheng --help`.

use std::process::ExitCode;

/// A password's hash takes 19 MiB for a moment, each time on another thread; this allocator gives them back to the system,
/// where the C library's keeps them for each thread.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

#[tokio::main]
async fn main() -> ExitCode {
    minsheng::cli::main().await
}
