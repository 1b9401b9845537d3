//! What befalls a town: gates that crash, clients that hang up, requests that arrive late.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use pinlatch::account::{Account, WRITES_REMEMBERED};
use pinlatch::gate::Gate;
use pinlatch::host::{BlockingStore, Expect, Key, Loaded};
use pinlatch::id::WriteId;
use pinlatch_testkit::faults::poll_times;

use crate::gates::TownHost;
use crate::town::{Checked, Town};

impl Town {
    pub(crate) fn mishap(&mut self) -> Checked {
        self.repair();
        match self.random.below(11) {
            0 => {
                let gate = self.random.below(self.instances.len());
                self.restart(gate)
            }
            1 | 2 if !self.running.is_empty() => {
                let which = self.random.below(self.running.len());
                self.tell(|| "a client hangs up".into());
                self.running.swap_remove(which);
                self.tally.dropped += 1;
                Ok(())
            }
            3..=5 if !self.ghosts.is_empty() => {
                let which = self.random.below(self.ghosts.len());
                let ghost = Arc::clone(&self.ghosts[which]);
                self.deliver_late(&ghost)
            }
            6 => {
                let person = self.random.below(self.real.people.len());
                self.bury_under_writes(person)
            }
            8 => {
                let gate = self.random.below(self.instances.len());
                if self.is_at_work(gate, None) {
                    return Ok(());
                }
                self.tell(|| format!("the random source of gate {gate} repeats itself"));
                self.instances[gate].faults.repeats.store(true, Ordering::Relaxed);
                self.was_stuck = true;
                Ok(())
            }
            9 if self.random.once_in(3) => {
                let gate = self.random.below(self.instances.len());
                self.tell(|| format!("nothing that gate {gate} writes is applied"));
                self.instances[gate].faults.applies_nothing.store(true, Ordering::Relaxed);
                Ok(())
            }
            _ => Ok(()),
        }
    }

    /// What is out of order is so for a while.
    fn repair(&mut self) {
        for instance in &self.instances {
            for fault in [&instance.faults.repeats, &instance.faults.applies_nothing] {
                if self.random.once_in(2) {
                    fault.store(false, Ordering::Relaxed);
                }
            }
        }
    }

    /// Writes that change nothing, and more of them than a record remembers: whose reply was lost
    /// does not find its own write any more.
    fn bury_under_writes(&mut self, person: usize) -> Checked {
        let id = self.real.people[person];
        self.tell(|| format!("person {person} is buried under writes"));
        for _ in 0..=WRITES_REMEMBERED {
            let loaded = BlockingStore::load(&self.commons.truth.inner, &Key::account(id));
            let Ok(Some(Loaded { bytes, version })) = loaded else { return Ok(()) };
            let mut account = Account::decode(&bytes, id).map_err(|error| error.to_string())?;
            account.stamp(WriteId::from_u128(self.random.number().into())).expect("a new id");
            let bytes = account.encode_as(self.commons.version).map_err(|error| error.to_string())?;
            self.act_as_host();
            self.commons.log.lock().unwrap().request(&bytes);
            let truth = &self.commons.truth;
            let _any = truth.compare_and_swap(&Key::account(id), Expect::At(version), bytes, &[]);
            self.look()?;
        }
        Ok(())
    }

    /// A gate crashes and comes back; its clients get no answer. Then, perhaps, it hands over what
    /// waits for the journal.
    pub(crate) fn restart(&mut self, which: usize) -> Checked {
        self.tell(|| format!("gate {which} crashes"));
        self.tally.restarts += 1;
        let before = self.running.len();
        self.running.retain(|running| running.gate != which);
        self.tally.unanswered += (before - self.running.len()) as u64;
        let fresh = self.commons.instance(&mut self.random);
        let crashed = std::mem::replace(&mut self.instances[which], fresh);
        crashed.gate.host().store.faulty.crash();
        self.ghosts.push(crashed.gate);
        if self.random.once_in(2) {
            let gate = Arc::clone(&self.instances[which].gate);
            for person in self.real.people.clone() {
                self.act_as_host();
                let _answered_or_not = poll_times(gate.deliver_events(person), 20);
                self.look()?;
            }
        }
        Ok(())
    }

    pub(crate) fn deliver_late(&mut self, gate: &Gate<TownHost>) -> Checked {
        self.act_as_host();
        let _how_many = poll_times(gate.host().store.faulty.deliver_late_writes(), 1);
        self.look()
    }
}
