//! `minsheng migrate`.

use crate::cli::error::CliError;
use crate::cli::words::tell;
use crate::config::Config;
use crate::db::migrate;

/// 建立或升级数据库表；可重复执行。 Make or upgrade the tables; running it twice does no harm.
///
/// 一次完成或毫无改动；两处同时执行时一处等待。 All of it happens or nothing; of two at once, one waits.
/// PostgreSQL 上若缺少 minsheng_app 与 minsheng_keeper 角色则一并建立。
/// On PostgreSQL the roles minsheng_app and minsheng_keeper are made when they are missing.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
示例 / Examples:
  MINSHENG_DATABASE_URL='sqlite://minsheng.sqlite?mode=rwc' minsheng migrate
  MINSHENG_OWNER_URL=postgres://owner:…@db/minsheng minsheng migrate
    其后为服务账号设口令 / then give the serving role a password:
    psql … -c \"ALTER ROLE minsheng_app LOGIN PASSWORD '…'\"")]
pub(super) struct Args {}

pub(super) async fn run(Args {}: Args, config: &Config) -> Result<(), CliError> {
    migrate::migrate(config.owner_url()?.reveal()).await?;
    tell!("数据库已就绪", "the database is up to date");
    Ok(())
}
