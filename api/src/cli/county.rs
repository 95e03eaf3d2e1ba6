//! Counties as the command line names them, by their codes.

use entity::id::County;

use super::error::CliError;
use super::words::told;
use crate::refusal::{Message, meant, message};

/// Reads a county code.
pub(super) fn county(text: &str) -> Result<County, String> {
    let wanted = || told(message!("应为六位行政区划代码，例如 130803", "six digits, e.g. 130803"));
    County::parse(text).ok_or_else(wanted)
}

/// The county that was named, if the database has it, or all of them.
pub(super) fn among(known: Vec<County>, county: Option<County>) -> Result<Vec<County>, CliError> {
    match county {
        None => Ok(known),
        Some(county) if known.contains(&county) => Ok(vec![county]),
        Some(county) => Err(unknown(&county, &known).into()),
    }
}

fn unknown(county: &County, known: &[County]) -> Message {
    let codes: Vec<&str> = known.iter().map(County::as_str).collect();
    let listed = codes.join(", ");
    let next = if codes.is_empty() {
        message!("；请先执行 minsheng plan apply", "; run `minsheng plan apply` first")
    } else {
        message!("（已有：{listed}）", " (there are: {listed})")
    };
    message!("数据库中没有县区 {county}", "the database has no county {county}")
        .and(&meant(county.as_str(), codes))
        .and(&next)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_county_that_is_not_there_is_told_with_those_that_are() {
        let code = |text: &str| County::parse(text).unwrap();
        let known = vec![code("130803"), code("341522")];
        let said = unknown(&code("130804"), &known);
        assert_eq!(
            said.en,
            "the database has no county 130804; did you mean 130803? (there are: 130803, 341522)"
        );
        assert_eq!(among(known.clone(), Some(code("341522"))).unwrap(), [code("341522")]);
        assert_eq!(among(known.clone(), None).unwrap(), known);
        assert!(unknown(&code("130803"), &[]).zh.contains("minsheng plan apply"));
    }

    #[test]
    fn a_code_has_six_digits() {
        assert!(county("130803").is_ok());
        assert!(county("1308").is_err());
    }
}
