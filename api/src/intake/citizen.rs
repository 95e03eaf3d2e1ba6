//! What citizens are told of a stage (办理进度): staff tell apart what makes no difference to whoever waits for an answer.

use entity::enums::Stage;
use entity::labels::Label;

/// A stage in words for citizens.
#[must_use]
pub const fn words(stage: Stage) -> Label {
    let (zh, en) = match stage {
        Stage::Received | Stage::Classified => ("已受理", "Received"),
        Stage::Claimed => ("办理中", "Being handled"),
        Stage::Responded => ("已答复", "Answered"),
        Stage::Recheck => ("现场复核中", "Being looked at again"),
        Stage::Closed => ("已办结", "Finished"),
        Stage::Deferred => ("已列入计划", "Planned"),
        Stage::Merged => ("与同类意见合并办理", "Handled together with others"),
        Stage::Declined => ("未采纳，已说明理由", "Not adopted, with the reason"),
        Stage::Invalid => ("不予受理", "Not accepted"),
        Stage::Withdrawn => ("已撤回", "Withdrawn"),
    };
    Label { zh, en }
}
