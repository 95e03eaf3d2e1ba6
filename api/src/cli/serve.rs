//! `minsheng serve`.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::sync::oneshot;

use crate::app::App;
use crate::background::Background;
use crate::campaign::plans;
use crate::cli::connect::prepare;
use crate::cli::error::CliError;
use crate::cli::words::{language, told};
use crate::config::{self, Config};
use crate::db::{Db, Fault};
use crate::http::{self, Door, HttpSettings};
use crate::jobs;
use crate::keys;

/// Open files beside client connections: database, logs, the program's own.
const FILES_BESIDE: u64 = 256;
/// Time between two looks for a database that is away.
const AGAIN: Duration = Duration::from_secs(1);

const EXAMPLES: &str = "\
示例 / Examples:
  minsheng serve
  minsheng serve --listen 0.0.0.0:8080
  minsheng serve --listen 18120                     # 127.0.0.1:18120
  curl http://127.0.0.1:8080/health/ready
退出码 / exit codes: 1 未能启动 / not fit to serve; 4 主密钥不是本库的 / the master key is not this database's";

/// 提供 GraphQL 服务，收到 SIGTERM 或 Ctrl-C 后善终。 Serve the GraphQL API until SIGTERM or Ctrl-C.
///
/// 数据库须已 migrate；PostgreSQL 上须以受行级安全约束的角色连接，否则拒绝启动；数据库暂时不可用时等待。
/// The database must be migrated; on PostgreSQL the role must be bound by row-level security, or it refuses to start. A
/// database that is away is waited for.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES, after_long_help = settings())]
pub(super) struct Args {
    /// 监听地址或端口，优先于 MINSHENG_LISTEN。 Where to listen, or a port of this machine, instead of MINSHENG_LISTEN.
    #[arg(long, value_name = "[ADDRESS:]PORT", value_parser = listen)]
    listen: Option<SocketAddr>,
}

/// The settings behind the examples: a long help replaces the short one.
fn settings() -> String {
    format!("{EXAMPLES}\n\n{}", config::help(language()))
}

/// Reads where to listen.
pub(super) fn listen(text: &str) -> Result<SocketAddr, String> {
    config::listening(text).map_err(told)
}

pub(super) async fn run(Args { listen }: Args, config: &Config) -> Result<(), CliError> {
    let app = Arc::new(prepare(config).await?);
    let listener = bind(listen.unwrap_or(config.listen)).await?;
    serve(app, listener, config.http.clone()).await
}

/// Listens there.
pub(super) async fn bind(address: SocketAddr) -> Result<TcpListener, CliError> {
    http::bind(address).await.map_err(|error| error.message().into())
}

/// Serves an application on a socket until the process is asked to end. While the database is away the process lives,
/// says that it is not ready, and waits.
pub(super) async fn serve(
    app: Arc<App>,
    listener: TcpListener,
    settings: HttpSettings,
) -> Result<(), CliError> {
    raise_open_files(&settings);
    let address = listener.local_addr().map_err(CliError::of)?;
    let door = Door::waiting(Arc::clone(&app), settings);
    let (refuse, refused) = oneshot::channel::<()>();
    let opening = tokio::spawn(open(Arc::clone(&door), app, address, refuse));
    let stop = async {
        tokio::select! { () = stop_signal() => {}, Ok(()) = refused => {} }
    };
    let served = http::serve(listener, door, stop).await;
    // Still waiting for the database, if it is still running.
    opening.abort();
    if let Ok(opened) = opening.await {
        opened?.stop().await;
    } else {
        tracing::info!("the database was never seen");
    }
    served.map_err(CliError::of)?;
    tracing::info!("stopped");
    Ok(())
}

/// Opens the door once the database answers and is fit to be served; an unfit one ends the server.
async fn open(
    door: Arc<Door>,
    app: Arc<App>,
    address: SocketAddr,
    refuse: oneshot::Sender<()>,
) -> Result<Background, CliError> {
    match fit(&app).await {
        Ok(durability) => {
            door.open();
            tracing::info!(%address, ?durability, "serving");
            plans::warn_of_unfit(&app).await;
            Ok(Background::start(app, jobs::all()))
        }
        Err(error) => {
            // Nobody hears it only when the server ends anyway.
            let _ = refuse.send(());
            Err(error)
        }
    }
}

async fn fit(app: &App) -> Result<Vec<(String, String)>, CliError> {
    await_database(&app.db).await?;
    check(&app.db).await?;
    keys::take_up(app).await?;
    for (county, kids) in keys::unverifiable(app).await? {
        tracing::warn!(
            %county,
            ?kids,
            "signed tables or ends of the trail that no known document key verifies; add its public half to MINSHENG_DOCUMENT_PUBLIC_KEYS"
        );
    }
    Ok(app.db.durability().await?)
}

/// Waits while the database is away, and says so once.
async fn await_database(db: &Db) -> Result<(), CliError> {
    let mut told = false;
    while let Err(fault) = db.ping().await {
        if !matches!(fault, Fault::Unavailable(_)) {
            return Err(fault.into());
        }
        if !std::mem::replace(&mut told, true) {
            tracing::warn!(
                database = %db.address(),
                "the database does not answer; serving begins by itself once it does"
            );
        }
        tokio::time::sleep(AGAIN).await;
    }
    Ok(())
}

/// A connection is an open file, and the usual limit of 1,024 is below what the door lets in. What the system grants is
/// taken; less is said in the log.
fn raise_open_files(settings: &HttpSettings) {
    let wanted = settings.connections as u64 + FILES_BESIDE;
    match rlimit::increase_nofile_limit(wanted) {
        Ok(granted) if granted >= wanted => {}
        Ok(granted) => tracing::warn!(
            granted,
            wanted,
            "fewer open files than connections; raise the limit (ulimit -n, LimitNOFILE)"
        ),
        Err(error) => tracing::warn!(%error, wanted, "the limit of open files can't be raised"),
    }
}

/// Refuses a database that is not migrated, a role that the second wall would not bind, and a wall with a gap.
async fn check(db: &Db) -> Result<(), CliError> {
    db.check_release().await?;
    db.check_serving_role().await?;
    Ok(db.check_walls().await?)
}

/// Ends when the process is asked to end.
pub(super) async fn stop_signal() {
    use tokio::signal::unix::{SignalKind, signal};
    let interrupt = async {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    };
    match signal(SignalKind::terminate()) {
        Ok(mut terminate) => {
            tokio::select! { () = interrupt => {}, _ = terminate.recv() => {} }
        }
        Err(_) => interrupt.await,
    }
}
