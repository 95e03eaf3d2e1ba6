//! What a demonstration says once it answers: where, who, and four requests to copy.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use super::words::told;
use crate::demo::{DemoAccount, DemoPortal};
use crate::refusal::{Message, message};

/// Facts of a start.
pub(super) struct Banner {
    /// Where this machine reaches the server.
    pub(super) address: SocketAddr,
    /// Where all accounts are listed.
    pub(super) accounts_file: PathBuf,
    /// Where the portals' credentials are listed.
    pub(super) portals_file: PathBuf,
    /// The accounts.
    pub(super) accounts: Vec<DemoAccount>,
    /// The portals.
    pub(super) portals: Vec<DemoPortal>,
    /// When the program was started.
    pub(super) started: Instant,
}

impl Banner {
    /// Asks the server itself until it says that it is ready, and prints everything.
    pub(super) async fn show_when_ready(self) {
        while !is_ready(self.address).await {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        print!("{}", self.text(self.started.elapsed()));
    }

    fn text(&self, took: Duration) -> String {
        let Self { address, .. } = self;
        let (file, portals) = (self.accounts_file.display(), self.portals_file.display());
        let people: String = self.shown().into_iter().map(line).collect();
        let tokens: String = self.portals.iter().map(portal_line).collect();
        let (seconds, count) = (took.as_secs_f64(), self.accounts.len());
        let Message { zh, en } = self.requests().unwrap_or_else(|| Message::new("", ""));
        told(message!(
            "\n民声演示已就绪，用时 {seconds:.1} 秒\n\n\
             接口  http://{address}/graphql\n\
             结构  http://{address}/schema.graphql\n\
             试用  http://{address}/explorer\n\
             状态  http://{address}/health/ready\n\n\
             账号（全部 {count} 个：{file}）\n{people}\n\
             门户（Authorization: Bearer …；{portals}）\n{tokens}\n\
             四个请求，可逐条复制\n\n{zh}\n\
             停止：Ctrl-C\n",
            "\nMinsheng demonstration, ready in {seconds:.1} s\n\n\
             GraphQL   http://{address}/graphql\n\
             schema    http://{address}/schema.graphql\n\
             explorer  http://{address}/explorer\n\
             health    http://{address}/health/ready\n\n\
             accounts (all {count} of them: {file})\n{people}\n\
             portals (Authorization: Bearer …; {portals})\n{tokens}\n\
             four requests to copy, one after the other\n\n{en}\n\
             stop: Ctrl-C\n"
        ))
    }

    /// One township with its ranks, and one of each other kind that a visitor tries first, per county.
    fn shown(&self) -> Vec<&DemoAccount> {
        let wanted = ["TOWNSHIP", "PEOPLES_CONGRESS", "LEADERSHIP", "CAMPAIGN_OFFICE", "ADMINISTRATOR"];
        let mut shown: Vec<&DemoAccount> = Vec::new();
        for account in &self.accounts {
            let alike = |known: &&&DemoAccount| known.county == account.county && known.role == account.role;
            if wanted.contains(&account.role.as_str()) && shown.iter().filter(alike).count() < 1 {
                shown.push(account);
            }
        }
        shown
    }

    /// The last county's, whose campaign has no end, and one of the first's.
    fn requests(&self) -> Option<Message> {
        let county = &self.accounts.last()?.county;
        let of_role = |role: &str| {
            let mut holders =
                self.accounts.iter().filter(|account| account.county == *county && account.role == role);
            holders.next()
        };
        let (township, leader) = (of_role("TOWNSHIP")?, of_role("LEADERSHIP")?);
        let url = format!("http://{}/graphql", self.address);
        let post = format!("curl -sS {url} -H 'content-type: application/json'");
        let (one, other) = (login(&post, township), login(&post, leader));
        // The first county's campaign is in its last week.
        let mut leaders = self.accounts.iter().filter(|one| one.role == leader.role);
        let first = login(&post, leaders.next()?);
        let department = &township.department;
        Some(message!(
            "# 1 登录：{department}\n\
             {one}; echo \"$ANSWER\"\n\
             TOWNSHIP=$(echo \"$ANSWER\" | {TOKEN})\n\n\
             # 2 本单位征集队列\n\
             {post} -H \"authorization: Bearer $TOWNSHIP\" -d '{QUEUE}'; echo\n\n\
             # 3 领导小组总览，按单位\n\
             {other}; LEADER=$(echo \"$ANSWER\" | {TOKEN})\n\
             {post} -H \"authorization: Bearer $LEADER\" -d '{OVERVIEW}'; echo\n\n\
             # 4 另一县区征集活动最后一周：覆盖、项目、方案落实\n\
             {first}; LEADER=$(echo \"$ANSWER\" | {TOKEN})\n\
             {post} -H \"authorization: Bearer $LEADER\" -d '{LAST_WEEK}'; echo\n",
            "# 1 sign in: {department}\n\
             {one}; echo \"$ANSWER\"\n\
             TOWNSHIP=$(echo \"$ANSWER\" | {TOKEN})\n\n\
             # 2 its queue: the newest that it collected\n\
             {post} -H \"authorization: Bearer $TOWNSHIP\" -d '{QUEUE}'; echo\n\n\
             # 3 the leadership's view of the county, by department\n\
             {other}; LEADER=$(echo \"$ANSWER\" | {TOKEN})\n\
             {post} -H \"authorization: Bearer $LEADER\" -d '{OVERVIEW}'; echo\n\n\
             # 4 the other county's campaign in its last week\n\
             {first}; LEADER=$(echo \"$ANSWER\" | {TOKEN})\n\
             {post} -H \"authorization: Bearer $LEADER\" -d '{LAST_WEEK}'; echo\n"
        ))
    }
}

const TOKEN: &str = r#"sed 's/.*"accessToken":"\([^"]*\)".*/\1/'"#;

const QUEUE: &str = r#"{"query":"{ submissions(first: 3, filter: {queue: COLLECTED}) { totalCount nodes { number title stage receivedAt } } }"}"#;

const OVERVIEW: &str = r#"{"query":"{ overview { total { received open ended } rows(by: [DEPARTMENT]) { keys { label } figures { received open } } } }"}"#;

const LAST_WEEK: &str = r#"{"query":"{ campaigns { name closesOn coverage { total { villages villagesMet households reached } } conformance { code status text } } projects { nodes { title status } } meetings { nodes { kind heldOn status } } }"}"#;

fn login(post: &str, account: &DemoAccount) -> String {
    let query = format!(
        r#"mutation {{ sessionLogin(input: {{account: \"{}\", password: \"{}\"}}) {{ accessToken userErrors {{ code }} }} }}"#,
        account.account, account.password
    );
    format!(r#"ANSWER=$({post} -d '{{"query":"{query}"}}')"#)
}

fn line(account: &DemoAccount) -> String {
    let DemoAccount { county, department, role, position, account, password, .. } = account;
    format!("  {county}  {account:<36} {password:<26} {role} {position} {department}\n")
}

fn portal_line(portal: &DemoPortal) -> String {
    let DemoPortal { county, channel, token, .. } = portal;
    format!("  {county}  {channel:<20} {token}\n")
}

async fn is_ready(address: SocketAddr) -> bool {
    let ask = async {
        let mut stream = TcpStream::connect(address).await?;
        let request = format!("GET /health/ready HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n\r\n");
        stream.write_all(request.as_bytes()).await?;
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).await?;
        Ok::<_, std::io::Error>(answer)
    };
    ask.await.is_ok_and(|answer| answer.starts_with(b"HTTP/1.1 200"))
}
