//! Serialisation that leaves out what is as usual, so that a project file shows only what somebody chose.

/// Implements `Serialize` for a struct with a `Default`: fields equal to the default's are skipped. Reading needs
/// `#[serde(default)]` on the struct. The list of fields is checked to be complete.
macro_rules! serialize_differences {
    ($type:ident { $($field:ident),* $(,)? }) => {
        impl serde::Serialize for $type {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                use serde::ser::SerializeStruct;
                let usual = $type::default();
                let $type { $($field),* } = self;
                let count = 0 $(+ usize::from(*$field != usual.$field))*;
                let mut s = serializer.serialize_struct(stringify!($type), count)?;
                $(if *$field != usual.$field {
                    s.serialize_field(stringify!($field), $field)?;
                } else {
                    s.skip_field(stringify!($field))?;
                })*
                s.end()
            }
        }
    };
}

pub(super) use serialize_differences;
