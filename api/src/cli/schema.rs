//! `minsheng schema`.

use std::path::PathBuf;

use crate::cli::error::CliError;
use crate::refusal::message;
use crate::schema::sdl;

/// 打印 GraphQL 接口定义（SDL）。 Print the GraphQL schema, sorted.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
示例 / Examples:
  minsheng schema > schema.graphql
  minsheng schema --check schema.graphql")]
pub(super) struct Args {
    /// 与该文件逐字节比较，不同则失败。 Compare with this file instead; fail if a byte differs.
    #[arg(long, value_name = "FILE")]
    check: Option<PathBuf>,
}

pub(super) fn run(args: &Args) -> Result<(), CliError> {
    let Some(path) = &args.check else {
        print!("{}", sdl());
        return Ok(());
    };
    let place = path.display();
    let written = std::fs::read_to_string(path)
        .map_err(|error| message!("{place}：无法读取：{error}", "{place}: can't be read: {error}"))?;
    let present = sdl();
    if written == present {
        return Ok(());
    }
    let same = written.lines().zip(present.lines()).take_while(|(one, other)| one == other).count();
    let line = same + 1;
    Err(message!(
        "{place}:{line}: 与所提供的接口定义不同；请重新生成：minsheng schema > {place}",
        "{place}:{line}: differs from the schema that is served; write it anew with `minsheng schema > {place}`"
    )
    .into())
}
