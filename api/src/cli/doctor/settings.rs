//! Whether the settings are complete, the keys fit to be used, and the listening address free.

use super::report::Report;
use crate::cli::error::CliError;
use crate::config::Config;
use crate::http;
use crate::refusal::message;
use crate::secrets::seal::MasterKey;
use crate::secrets::token::KeyRing;

/// Looks at what needs no database.
pub(super) async fn check(config: &Config, report: &mut Report) {
    keys(config, report);
    listening(config, report).await;
}

fn keys(config: &Config, report: &mut Report) {
    let mut faults = Vec::new();
    for key in &config.master_keys {
        if let Err(fault) = MasterKey::from_base64(key.reveal()) {
            faults.push(message!("MINSHENG_MASTER_KEY：{fault}", "MINSHENG_MASTER_KEY: {fault}"));
        }
    }
    for (name, seeds) in
        [("MINSHENG_SIGNING_KEY", &config.signing_keys), ("MINSHENG_DOCUMENT_KEY", &config.document_keys)]
    {
        let texts: Vec<String> = seeds.iter().map(|seed| seed.reveal().to_owned()).collect();
        if let Some((first, rest)) = texts.split_first()
            && let Err(fault) = KeyRing::from_seeds(first, rest)
        {
            faults.push(message!("{name}：{fault}", "{name}: {fault}"));
        }
    }
    if let Err(missing) = config.require_keys() {
        report.error("keys", missing);
    } else if faults.is_empty() {
        let (masters, signing) = (config.master_keys.len(), config.signing_keys.len());
        report.ok(
            "keys",
            message!(
                "主密钥 {masters} 个，令牌密钥 {signing} 个，格式正确",
                "master keys given: {masters}, signing keys: {signing}; all are well formed"
            ),
        );
    }
    for fault in faults {
        report.error("keys", fault);
    }
}

/// A server that runs already is the usual reason, so this is no error.
async fn listening(config: &Config, report: &mut Report) {
    let address = config.listen;
    match http::bind(address).await {
        Ok(_) => report.ok("listen", message!("监听地址 {address} 空闲", "{address} is free to listen at")),
        Err(error @ http::ServeError::InUse(_)) => report.warning(
            "listen",
            error
                .message()
                .and(&message!("（若是本服务正在运行，则属正常）", " (fine if it is this server that runs)")),
        ),
        Err(error) => report.error("listen", CliError::from(error.message())),
    }
}
