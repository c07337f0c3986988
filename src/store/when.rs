//! Points in time as people read them.

use std::time::{SystemTime, UNIX_EPOCH};

/// `2026-11-25 22:50:49` in the time zone of this machine.
pub fn local_text(at: SystemTime) -> String {
    let secs = at.duration_since(UNIX_EPOCH).unwrap_or_default().as_secs().min(i64::MAX as u64) as i64;
    text(secs + offset_secs(secs), '-', ' ', ':')
}

/// `20261125T225049Z`, which sorts as time goes.
pub(super) fn utc_name(at: SystemTime) -> String {
    let secs = at.duration_since(UNIX_EPOCH).unwrap_or_default().as_secs().min(i64::MAX as u64) as i64;
    text(secs, '\0', 'T', '\0').replace('\0', "") + "Z"
}

fn text(secs: i64, day: char, between: char, hour: char) -> String {
    let (days, rest) = (secs.div_euclid(86_400), secs.rem_euclid(86_400));
    let (y, m, d) = civil(days);
    format!("{y:04}{day}{m:02}{day}{d:02}{between}{:02}{hour}{:02}{hour}{:02}", rest / 3600, rest / 60 % 60, rest % 60)
}

/// Year, month and day of a number of days since 1970 (after Howard Hinnant's `civil_from_days`).
fn civil(days: i64) -> (i64, i64, i64) {
    let z = days + 719_468;
    let (era, doe) = (z.div_euclid(146_097), z.rem_euclid(146_097));
    let yoe = (doe - doe / 1460 + doe / 36_524 - doe / 146_096) / 365;
    let doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    let mp = (5 * doy + 2) / 153;
    let (d, m) = (doy - (153 * mp + 2) / 5 + 1, if mp < 10 { mp + 3 } else { mp - 9 });
    (yoe + era * 400 + i64::from(m <= 2), m, d)
}

#[cfg(unix)]
fn offset_secs(secs: i64) -> i64 {
    let time: libc::time_t = secs;
    let mut parts = std::mem::MaybeUninit::<libc::tm>::uninit();
    // SAFETY: both pointers are valid for the call, which writes the whole structure wherever it does not return null.
    let done = unsafe { !libc::localtime_r(&raw const time, parts.as_mut_ptr()).is_null() };
    // SAFETY: written by the call above.
    if done { unsafe { parts.assume_init() }.tm_gmtoff } else { 0 }
}

#[cfg(not(unix))]
fn offset_secs(_: i64) -> i64 {
    0
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[test]
    fn days_of_every_kind_are_named_right() {
        for (secs, name) in [
            (0, "19700101T000000Z"),
            (951_782_399, "20000228T235959Z"),
            (951_782_400, "20000229T000000Z"),
            (1_709_164_800, "20240229T000000Z"),
            (1_795_647_049, "20261125T225049Z"),
            (4_102_444_799, "20991231T235959Z"),
            (4_107_542_400, "21000301T000000Z"),
        ] {
            assert_eq!(utc_name(UNIX_EPOCH + Duration::from_secs(secs)), name);
        }
        assert_eq!(local_text(SystemTime::now()).len(), "2026-11-25 22:50:49".len());
    }
}
