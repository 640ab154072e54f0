//! [`Diagnostics`] as lines for a person.

use std::fmt;

use crate::diagnostics::{BootFacts, Diagnostics, InstalledFacts, StatementFacts};

impl fmt::Display for Diagnostics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "{} {} on {} {}, channel {}",
            self.app_id, self.version, self.platform, self.arch, self.channel
        )?;
        match &self.booted {
            None => writeln!(f, "boots: not decided yet")?,
            Some(boot) => boot.write(f)?,
        }
        for installed in &self.installed {
            installed.write(f)?;
        }
        for ban in &self.bans {
            let until = ban
                .until_above
                .map(|number| format!(" until above number {number}"));
            writeln!(
                f,
                "banned: {}, {}{}",
                ban.id,
                ban.why,
                until.unwrap_or_default()
            )?;
        }
        if let Some(statements) = &self.statements {
            let StatementFacts {
                root_version,
                counter,
                ..
            } = statements;
            writeln!(
                f,
                "statements: root {root_version}, channel counter {counter}"
            )?;
        }
        if self.floor == 0 {
            writeln!(f, "floor: none; no signed words forbid an older patch")?;
        } else {
            writeln!(f, "floor: {}", self.floor)?;
        }
        writeln!(
            f,
            "events: {} waiting, {} dropped",
            self.waiting_events, self.dropped_events
        )?;
        for notice in &self.notices {
            writeln!(f, "{}; {}", notice.symptom, notice.remedy)?;
        }
        Ok(())
    }
}

impl BootFacts {
    fn write(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.number {
            None => write!(f, "boots: the bundled release")?,
            Some(number) => write!(f, "boots: patch {number}")?,
        }
        if let Some(attempt) = self.attempt.filter(|attempt| *attempt > 1) {
            write!(f, ", attempt {attempt}")?;
        }
        if !self.guarded {
            f.write_str(", unguarded")?;
        }
        let settled = if self.settled {
            "settled"
        } else {
            "not settled yet"
        };
        writeln!(f, ", {settled}")
    }
}

impl InstalledFacts {
    fn write(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "installed: patch {} ({})", self.number, self.id)?;
        if self.is_candidate {
            f.write_str(", boots next")?;
        }
        if self.is_fallback {
            f.write_str(", fallback")?;
        }
        let proven = if self.proven { "proven" } else { "not proven" };
        let size = self.size_bytes.map(|bytes| format!(", {bytes} bytes"));
        writeln!(f, ", {proven}{}", size.unwrap_or_default())
    }
}
