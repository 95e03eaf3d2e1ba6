//! How a printed document looks: its paper, fonts and sizes, and a text in them.

use docx_rs::{BreakType, LineSpacing, LineSpacingType, Run, RunFonts};

/// How an A4 sheet lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Paper {
    /// For text.
    Portrait,
    /// For wide tables.
    Landscape,
}

pub(super) const TITLE_FONT: &str = "方正小标宋简体";
pub(super) const TEXT_FONT: &str = "仿宋_GB2312";
pub(super) const HEADING_FONT: &str = "黑体";
pub(super) const LATIN_FONT: &str = "Times New Roman";

/// Each font with what may stand in for it, the nearest first.
pub(super) const FONTS: [(&str, &str, &str); 4] = [
    (TITLE_FONT, "FZXiaoBiaoSong-B05S,华文中宋,宋体,Source Han Serif SC,Noto Serif CJK SC", "86"),
    (TEXT_FONT, "仿宋,FangSong,华文仿宋,宋体,Source Han Serif SC,Noto Serif CJK SC", "86"),
    (HEADING_FONT, "SimHei,Source Han Sans SC,Noto Sans CJK SC", "86"),
    (LATIN_FONT, "Liberation Serif", "00"),
];

/// Sizes are half points: 二号 for the heading, 三号 for text, 五号 in tables, 四号 for the page number.
pub(super) const TITLE_SIZE: usize = 44;
pub(super) const TEXT_SIZE: usize = 32;
pub(super) const TABLE_SIZE: usize = 21;
pub(super) const NUMBER_SIZE: usize = 28;

/// A4 in twentieths of a point.
const SHORT_SIDE: u32 = 11_906;
const LONG_SIDE: u32 = 16_838;

pub(super) struct Sheet {
    pub(super) width: u32,
    pub(super) height: u32,
    pub(super) margins: [i32; 4],
}

impl Paper {
    /// Top, right, bottom and left margins: the standard's upright, narrower ones lying.
    pub(super) const fn sheet(self) -> Sheet {
        match self {
            Self::Portrait => {
                Sheet { width: SHORT_SIDE, height: LONG_SIDE, margins: [2_098, 1_474, 1_984, 1_587] }
            }
            Self::Landscape => {
                Sheet { width: LONG_SIDE, height: SHORT_SIDE, margins: [1_417, 1_134, 1_417, 1_134] }
            }
        }
    }

    /// Width between the margins.
    pub(super) fn room(self) -> usize {
        let Sheet { width, margins: [_, right, _, left], .. } = self.sheet();
        usize::try_from(i64::from(width) - i64::from(left) - i64::from(right)).unwrap_or_default()
    }
}

pub(super) fn fonts(east_asian: &str) -> RunFonts {
    RunFonts::new().ascii(LATIN_FONT).hi_ansi(LATIN_FONT).cs(LATIN_FONT).east_asia(east_asian)
}

/// Text of one look; its line breaks stay.
pub(super) fn run(text: &str, font: &str, size: usize) -> Run {
    let mut run = Run::new().fonts(fonts(font)).size(size);
    for (place, line) in text.lines().enumerate() {
        if place > 0 {
            run = run.add_break(BreakType::TextWrapping);
        }
        run = run.add_text(printable(line));
    }
    run
}

/// Without what XML can't hold.
fn printable(text: &str) -> String {
    text.chars().filter(|c| !matches!(c, '\0'..='\x08' | '\x0b'..='\x1f' | '\u{fffe}' | '\u{ffff}')).collect()
}

pub(super) fn spacing(line: i32) -> LineSpacing {
    LineSpacing::new().line_rule(LineSpacingType::Exact).line(line)
}
