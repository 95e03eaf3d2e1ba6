//! When a campaign may be closed (S28).

use crate::refusal::{Refusal, UserErrorCode};

/// Nobody's suggestion is left behind. The samples are case numbers, for the office alone.
pub fn close(open: u64, samples: &[String]) -> Result<(), Refusal> {
    if open == 0 {
        return Ok(());
    }
    let list = samples.join("、");
    Err(Refusal::of(
        UserErrorCode::Uncovered,
        "campaignId",
        format!("尚有 {open} 件既未列入项目也未作说明，如 {list}"),
        format!("{open} suggestions are neither adopted nor explained, such as {list}"),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_campaign_closes_only_when_nothing_is_left() {
        assert!(close(0, &[]).is_ok());
        assert_eq!(close(2, &["A-1".to_owned()]).unwrap_err().code, UserErrorCode::Uncovered);
    }
}
