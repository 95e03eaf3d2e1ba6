//! What people call the values of closed lists, in both languages: stated here for each value, and the compiler asks for
//! the words of a new one.

mod audit;
mod decisions;
mod intake;
mod papers;
mod people;

use serde::Serialize;

/// Words to show, in both languages. 名称
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Label {
    /// Chinese.
    pub zh: &'static str,
    /// English.
    pub en: &'static str,
}

/// A closed list whose values have names. 有名称的枚举
pub trait Labelled: Copy {
    /// What the value is called.
    fn label(self) -> Label;

    /// The Chinese of it.
    fn chinese(self) -> &'static str {
        self.label().zh
    }
}

/// States what each value of enums is called: `Stage { Received = "待归类" / "To be classified", … }`.
#[macro_export]
macro_rules! labels {
    ($($name:ident { $($variant:ident = $zh:literal / $en:literal,)* })*) => {$(
        impl $crate::labels::Labelled for $name {
            fn label(self) -> $crate::labels::Label {
                let (zh, en) = match self { $(Self::$variant => ($zh, $en),)* };
                $crate::labels::Label { zh, en }
            }
        }
    )*};
}
