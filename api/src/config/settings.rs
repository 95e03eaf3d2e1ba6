//! Every setting by name, for `--help`, for whoever misspells one, and for the documentation.

use crate::refusal::{Language, Message};

/// What the variables of all settings begin with.
pub(super) const PREFIX: &str = "MINSHENG_";

/// A setting.
#[derive(Clone, Copy, Debug)]
pub struct Setting {
    /// Its key in a file; in the environment it is `MINSHENG_` and the key in capitals.
    pub key: &'static str,
    zh: &'static str,
    en: &'static str,
}

impl Setting {
    /// What it is for, and what holds where it is not set.
    #[must_use]
    pub fn purpose(&self) -> Message {
        Message::new(self.zh, self.en)
    }
}

/// The variable of a setting.
pub(super) fn variable(key: &str) -> String {
    format!("{PREFIX}{}", key.to_uppercase())
}

/// All settings, as help lists them.
#[must_use]
pub fn help(language: Language) -> String {
    let heading = language.pick(
        "设置（环境变量；配置文件中为小写、无前缀）",
        "Settings (variables; in a file without prefix, in small letters)",
    );
    let lines = SETTINGS.iter().map(|setting| {
        let variable = variable(setting.key);
        format!("\n  {variable}\n      {}", setting.purpose().in_language(language))
    });
    format!("{heading}:{}", lines.collect::<String>())
}

const fn setting(key: &'static str, zh: &'static str, en: &'static str) -> Setting {
    Setting { key, zh, en }
}

/// Every setting.
pub const SETTINGS: &[Setting] = &[
    setting(
        "database_url",
        "所服务的数据库：postgres://… 或 sqlite://文件?mode=rwc",
        "database that is served: postgres://… or sqlite://FILE?mode=rwc",
    ),
    setting(
        "owner_url",
        "同一 PostgreSQL 数据库的属主地址，仅供 `minsheng migrate`。SQLite 没有属主：设 MINSHENG_DATABASE_URL",
        "the same PostgreSQL database as its owner; for `minsheng migrate` alone. SQLite has no owner: set MINSHENG_DATABASE_URL",
    ),
    setting(
        "listen_url",
        "database_url 经过连接池时，另给同一 PostgreSQL 数据库的直连地址，供监听通知；缺省同 database_url",
        "address of the same PostgreSQL database for the connection that listens, where database_url leads through a pooler; default database_url",
    ),
    setting(
        "master_key",
        "主密钥：32 个随机字节的 base64，现用的在最前，旧的列在逗号之后",
        "32 random bytes in base64, the present key first, former ones after commas",
    ),
    setting(
        "signing_key",
        "令牌密钥的种子：32 个随机字节的 base64，现用的在最前",
        "seed of the token keys: 32 random bytes in base64, the present one first",
    ),
    setting(
        "document_key",
        "文书签名密钥的种子：32 个随机字节的 base64，现用的在最前；缺省同令牌密钥",
        "seed of the keys that sign documents: 32 random bytes in base64, the present one first; default the signing keys",
    ),
    setting(
        "document_public_keys",
        "已停用的文书密钥的公钥（base64url），由 `minsheng keys status` 打印；缺省为空",
        "public halves of retired document keys, in base64url as `minsheng keys status` prints them; default none",
    ),
    setting("issuer", "访问令牌的 `iss`；缺省 minsheng", "`iss` of access tokens; default minsheng"),
    setting(
        "access_token_seconds",
        "访问令牌的有效秒数，到期须续期；缺省 600",
        "how long an access token holds before it is renewed; default 600",
    ),
    setting(
        "listen",
        "监听地址和端口，可只写端口；缺省 127.0.0.1:8080",
        "address and port, or a port alone; default 127.0.0.1:8080",
    ),
    setting("pool_connections", "数据库连接数上限；缺省 16", "most database connections at once; default 16"),
    setting("pool_wait_seconds", "等待空闲连接的最长秒数；缺省 5", "longest wait for a free one; default 5"),
    setting(
        "trusted_proxies",
        "可信代理的地址或网段，其 X-Forwarded-For 予以采信，例如 10.0.0.0/8,::1；缺省为空",
        "addresses or networks whose X-Forwarded-For is believed, e.g. 10.0.0.0/8,::1; default none",
    ),
    setting(
        "account_tries",
        "同一地址对同一账号连错几次口令后须等待；缺省 5",
        "wrong passwords for one account from one address before it has to wait there; default 5",
    ),
    setting(
        "stranger_tries",
        "30 天内未登录过的各地址对同一账号共错几次后须等待；缺省 20",
        "wrong passwords for one account from all addresses where it has not signed in for 30 days, before they have to wait; default 20",
    ),
    setting("account_wait_seconds", "上述等待的最长秒数；缺省 900", "longest of these waits; default 900"),
    setting(
        "address_tries",
        "同一地址连错几次口令后须等待；缺省 30",
        "wrong passwords from one address before it has to wait; default 30",
    ),
    setting(
        "address_wait_seconds",
        "地址等待的最长秒数；缺省 300",
        "longest that an address has to wait; default 300",
    ),
    setting(
        "receipt_tries",
        "同一地址查询不存在的查询码、或同一查询码被试几次后须等待；缺省 10",
        "unknown receipt codes from one address, and tries of one unknown code, before a wait; default 10",
    ),
    setting(
        "receipt_wait_seconds",
        "查询码等待的最长秒数；缺省 300",
        "longest wait for receipt codes; default 300",
    ),
    setting(
        "writes_of_address",
        "同一地址未登录的写入（含登录）及查看公开页：一次可用数/每分钟恢复数；缺省 300/300",
        "writes without signing in, signing in included, and looks at the public page from one address: at once, then a minute; default 300/300",
    ),
    setting(
        "writes_of_account",
        "同一账号的写入：一次可用数/每分钟恢复数；缺省 600/300",
        "writes of one account: at once, then a minute; default 600/300",
    ),
    setting(
        "writes_of_portal",
        "同一门户的写入及代群众的查询：一次可用数/每分钟恢复数；缺省 1200/1200",
        "writes of one portal, and look-ups for the citizens that it names: at once, then a minute; default 1200/1200",
    ),
    setting(
        "submissions_of_address",
        "同一地址、或门户所代的同一群众，无凭据提交的意见：一次可用数/每分钟恢复数；缺省 30/10",
        "suggestions without a credential from one address, and of one citizen that a portal names: at once, then a minute; default 30/10",
    ),
    setting(
        "submissions_of_county",
        "一个县区无凭据提交的意见：一次可用数/每分钟恢复数；缺省 600/300",
        "suggestions without a credential for one county: at once, then a minute; default 600/300",
    ),
    setting(
        "requests_of_account",
        "同一账号同时处理的请求数，其余等待；缺省为核数的一半，1 至 4",
        "most requests of one account at once, more of it wait; default half of the cores, from 1 to 4",
    ),
    setting(
        "requests_of_address",
        "同一未出示令牌的地址同时处理的请求数；缺省为核数的一半，1 至 4",
        "most at once from one address that has shown no token; default half of the cores, from 1 to 4",
    ),
    setting(
        "requests_of_portal",
        "同一门户同时处理的请求数（含全部群众）；缺省 8",
        "most at once of one portal, for all of its citizens; default 8",
    ),
    setting(
        "share_wait_seconds",
        "请求等待同一调用者或县区其他请求的最长秒数；缺省 5",
        "longest that a request waits for others of its caller or county; default 5",
    ),
    setting(
        "county_percent",
        "一个县区、或全部未登录者，最多占 pool_connections 和 sockets 的百分比；缺省 75",
        "how much one county, or all who are not signed in, may have at once of pool_connections and of sockets; default 75",
    ),
    setting(
        "sockets",
        "WebSocket 和事件流的总数上限；缺省 2000",
        "most WebSockets and streams of events at once; default 2000",
    ),
    setting("sockets_of_account", "其中同一账号的上限；缺省 100", "most of them of one account; default 100"),
    setting(
        "sockets_of_address",
        "其中同一未出示令牌的地址的上限；缺省 200",
        "most of them from one address that have shown no token; default 200",
    ),
    setting(
        "socket_operations_of_account",
        "同一账号全部连接上同时进行的操作数；缺省 200",
        "most operations of one account on all of its sockets together; default 200",
    ),
    setting(
        "exports",
        "同时进行的导出数，每个占一个数据库连接；缺省 4",
        "most exports under way at once, each of which holds a database connection; default 4",
    ),
    setting("exports_of_account", "其中同一账号的上限；缺省 1", "most of them of one account; default 1"),
    setting("exports_of_county", "其中同一县区的上限；缺省 2", "most of them of one county; default 2"),
    setting(
        "request_timeout_seconds",
        "一个 GraphQL 请求的时限（秒）；缺省 20",
        "deadline of one GraphQL request; default 20",
    ),
    setting("body_limit_bytes", "请求体字节数上限；缺省 262144", "largest request body; default 262144"),
    setting(
        "document_bytes",
        "GraphQL 文档字节数上限；缺省 16384",
        "longest GraphQL document; default 16384",
    ),
    setting("document_tokens", "文档词元数上限；缺省 4000", "most tokens of one; default 4000"),
    setting(
        "document_nesting",
        "文档括号嵌套层数上限；缺省 50",
        "deepest nesting of its braces, brackets and parentheses; default 50",
    ),
    setting("query_depth", "选择的最大深度；缺省 12", "deepest selection; default 12"),
    setting(
        "query_fields",
        "展开片段后的字段与片段数上限；缺省 2000",
        "most fields and fragments after fragments are expanded; default 2000",
    ),
    setting(
        "query_aliases",
        "展开片段后的别名数上限；缺省 30",
        "most aliases after fragments are expanded; default 30",
    ),
    setting(
        "query_price",
        "一个请求的代价上限：字段数乘所在列表的行数，长文本、检索、计数另加；缺省 10000",
        "most that a request may cost: fields times the rows of the lists that they stand in, long texts, searches and counts costing more; default 10000",
    ),
    setting(
        "answer_bytes",
        "应答（连同为其读取的行）字节数上限；缺省 4194304",
        "largest answer, with the rows that are read for it; default 4194304",
    ),
    setting(
        "header_timeout_seconds",
        "请求头及空闲连接的时限（秒）；缺省 10",
        "longest time for a request's header, and for an idle connection; default 10",
    ),
    setting(
        "body_timeout_seconds",
        "请求体的时限（秒）；缺省 10",
        "longest time for a request's body; default 10",
    ),
    setting(
        "write_timeout_seconds",
        "客户端不读应答、或慢于 slowest_reader_bytes 的最长秒数；缺省 30",
        "longest time that a client may leave its answer unread, or be behind slowest_reader_bytes; default 30",
    ),
    setting(
        "slowest_reader_bytes",
        "客户端每分钟至少应读取的字节数，应答与导出相同；缺省 4194304",
        "fewest bytes a minute that a client takes of what waits for it, answers and exports alike; default 4194304",
    ),
    setting("connections", "客户端连接数上限；缺省 4096", "most client connections at once; default 4096"),
    setting(
        "connections_per_address",
        "非可信代理的同一地址的连接数上限；缺省 1024",
        "most from one address that is no trusted proxy; default 1024",
    ),
    setting(
        "allowed_origins",
        "允许调用的其他网页来源，例如 https://portal.example,https://work.example；缺省为空",
        "other origins whose pages may call, e.g. https://portal.example,https://work.example; default none",
    ),
    setting(
        "metrics_networks",
        "可读取 /metrics 的地址或网段；缺省仅本机",
        "addresses or networks that may collect /metrics; default this machine alone",
    ),
    setting(
        "trusted_documents",
        "可信文档清单，即 GraphQL Code Generator 的 client preset 以 sha256 写出的文件",
        "manifest of trusted documents, as the client preset of GraphQL Code Generator writes it with sha256",
    ),
    setting(
        "free_text",
        "谁可发送清单之外的文档：everyone、signed_in 或 nobody；无清单时缺省 everyone，有清单时 signed_in",
        "who may send documents that are not in it: everyone, signed_in or nobody; default everyone without a manifest, signed_in with one",
    ),
    setting(
        "introspection",
        "谁可查询接口定义：everyone、signed_in 或 nobody；缺省 signed_in",
        "whom the schema tells about itself: everyone, signed_in or nobody; default signed_in",
    ),
    setting(
        "log",
        "日志内容，例如 info 或 minsheng=debug；缺省 info",
        "what is logged, e.g. info or minsheng=debug; default info",
    ),
    setting("log_format", "日志格式：text 或 json；缺省 text", "text or json; default text"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn help_lists_every_setting_in_the_reader_s_language() {
        let (zh, en) = (help(Language::Chinese), help(Language::English));
        for Setting { key, zh: purpose_zh, en: purpose } in SETTINGS {
            let name = format!("MINSHENG_{}\n", key.to_uppercase());
            assert!(zh.contains(&name) && en.contains(&name), "{key}");
            assert!(zh.contains(purpose_zh) && en.contains(purpose), "{key}");
        }
    }
}
