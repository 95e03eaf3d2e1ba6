//! Whether what the database holds is as it should be: stored plans, sealing and folding, and thoroughly the figures and
//! the trail themselves.

use entity::id::County;
use entity::tally_delta;

use super::report::Report;
use crate::app::App;
use crate::app::counties::{counties, trails};
use crate::audit;
use crate::campaign::plans;
use crate::cli::error::failure;
use crate::db::{Fault, TallyCheck};
use crate::refusal::{Message, message};
use crate::rollups;
use crate::scope::system;

/// What is looked at here.
pub(super) const CHECKS: [&str; 3] = ["plans", "sealing", "folding"];

/// So many changes of figures wait at most while a server folds them each second.
const WAITING: u64 = 20_000;

/// Looks at the rows of every county.
pub(super) async fn check(app: &App, thorough: bool, report: &mut Report) {
    stored_plans(app, report).await;
    each(
        report,
        "sealing",
        unsealed(app).await,
        message!("审计记录已及时封存", "the audit trail is sealed in time"),
    );
    each(
        report,
        "folding",
        unfolded(app).await,
        message!("统计已及时并入", "the figures are folded in time"),
    );
    if thorough {
        each(
            report,
            "tally",
            miscounted(app).await,
            message!("统计与重计相符", "the figures agree with a recount"),
        );
        each(report, "trail", broken(app).await, message!("审计链成立", "the chain over the trail holds"));
    }
}

fn each(report: &mut Report, check: &'static str, found: Result<Vec<Message>, Fault>, well: Message) {
    match found {
        Ok(warnings) => report.unless(check, warnings, well),
        Err(fault) => report.error(check, fault),
    }
}

async fn stored_plans(app: &App, report: &mut Report) {
    let known = match counties(app).await {
        Ok(known) => known,
        Err(fault) => return report.error("plans", fault),
    };
    if known.is_empty() {
        let none = message!(
            "还没有方案；请执行 minsheng plan apply FILE",
            "there is no plan yet: run `minsheng plan apply FILE`"
        );
        return report.warning("plans", none);
    }
    let unfit = match plans::unfit(app).await {
        Ok(unfit) => unfit,
        Err(error) => return report.error("plans", failure(error)),
    };
    let warnings = unfit.iter().map(|plan| {
        let (county, campaign, errors) = (&plan.county, &plan.campaign, plan.errors.len());
        message!(
            "{county}/{campaign} 的方案有 {errors} 处不符合本版本的要求；minsheng plan check --stored 列出全部",
            "{errors} errors in the plan {county}/{campaign}; `minsheng plan check --stored` lists them"
        )
    });
    let codes: Vec<&str> = known.iter().map(County::as_str).collect();
    let codes = codes.join(", ");
    report.unless("plans", warnings.collect(), message!("方案有效：{codes}", "the plans are sound: {codes}"));
}

async fn unsealed(app: &App) -> Result<Vec<Message>, Fault> {
    let mut warnings = Vec::new();
    for county in trails(app).await? {
        let lines = audit::overdue(app, &county).await?;
        if lines > 0 {
            let minutes = audit::SEALED_WITHIN.num_minutes();
            warnings.push(message!(
                "{county}：{lines} 条审计记录超过 {minutes} 分钟未封存；服务启动后会补封，否则请查看日志中的 seal 任务",
                "{county}: {lines} lines of the trail older than {minutes} minutes are not sealed; a server that runs seals \
                 them, or its log says at the job `seal` why not"
            ));
        }
    }
    Ok(warnings)
}

async fn unfolded(app: &App) -> Result<Vec<Message>, Fault> {
    let mut warnings = Vec::new();
    for county in counties(app).await? {
        let tx = app.db.begin_read(&system::operator(county.clone())).await?;
        let changes = tx.from::<tally_delta::Entity>().count().await?;
        if changes > WAITING {
            warnings.push(message!(
                "{county}：{changes} 项统计变动尚未并入；服务启动后会并入，否则请查看日志中的 fold 任务",
                "{county}: {changes} changes of figures wait to be folded; a server that runs folds them, or its log says at \
                 the job `fold` why not"
            ));
        }
    }
    Ok(warnings)
}

async fn miscounted(app: &App) -> Result<Vec<Message>, Fault> {
    let mut warnings = Vec::new();
    for county in counties(app).await? {
        let TallyCheck { wrong_cells, .. } = rollups::check(app, &county).await?;
        if wrong_cells > 0 {
            warnings.push(message!(
                "{county}：{wrong_cells} 格与重计不符；请执行 minsheng tally rebuild --county {county}，并查明原因",
                "{county}: {wrong_cells} cells differ from a recount; run `minsheng tally rebuild --county {county}` and look \
                 for the cause"
            ));
        }
    }
    Ok(warnings)
}

async fn broken(app: &App) -> Result<Vec<Message>, Fault> {
    let mut warnings = Vec::new();
    for county in trails(app).await? {
        if audit::verify(app, &county, &[]).await?.first_break.is_some() {
            warnings.push(message!(
                "{county}：审计链不成立；请保全现状，并执行 minsheng audit verify --county {county}",
                "{county}: the chain over the trail is broken; keep everything as it is, and run `minsheng audit verify --county \
                 {county}`"
            ));
        }
    }
    Ok(warnings)
}
