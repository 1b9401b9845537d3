//! One town: its people, its gates, and the commands on their way.

use std::collections::{HashMap, HashSet, VecDeque};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::task::{Context, Poll, Waker};

use pinlatch::account::AuthenticationStart;
use pinlatch::gate::{Gate, GateError};
use pinlatch::host::Key;
use pinlatch::refusal::Refusal;
use pinlatch::time::Timestamp;
use pinlatch_testkit::faults::Rates;

use crate::choose::choose;
use crate::commands::{Command, Life, Setting, Whom};
use crate::errand::{Doing, Errand, Known, person_of, phone_of, tokens_of};
use crate::gates::{ALIKE, APART, Bug, Commons, Instance, TownHost, TownJournal, Truth};
use crate::log::{HOST, Job, SharedLog};
use crate::observed::{Seen, Trail};
use crate::random::Random;
use crate::real::Real;
use crate::reference::{Answer, Model};
use crate::send::send;
use crate::tally::Tally;

pub(crate) type Checked = Result<(), String>;

/// A client with a command under way, and what it wants to do after it.
pub(crate) struct Running {
    pub(crate) job: Option<Job>,
    pub(crate) gate: usize,
    pub(crate) doing: Option<Doing>,
    pub(crate) next: VecDeque<Command>,
}

pub(crate) struct Town {
    seed: u64,
    pub(crate) random: Random,
    pub(crate) model: Model,
    /// The crate's side of the model's numbers, on a shadow of the store and the journal that is
    /// brought up to date write by write.
    pub(crate) real: Real,
    pub(crate) commons: Commons,
    pub(crate) instances: Vec<Instance>,
    /// Gates that crashed; a request that they sent may still be under way.
    pub(crate) ghosts: Vec<Arc<Gate<TownHost>>>,
    pub(crate) seen: Vec<Seen>,
    pub(crate) trail: Trail,
    pub(crate) errands: Vec<Errand>,
    pub(crate) running: Vec<Running>,
    pub(crate) starts: Vec<AuthenticationStart>,
    pub(crate) people_by_key: HashMap<Key, usize>,
    /// Guesses answered on each device since the last PIN that was accepted.
    pub(crate) answered: HashMap<usize, u64>,
    /// Whether a random source has ever repeated itself.
    pub(crate) was_stuck: bool,
    /// What the last client heard that got an answer.
    pub(crate) heard: Option<Result<Answer, Refusal>>,
    pub(crate) issued: HashSet<String>,
    /// Device and session tokens and invitations that no client has got, by their numbers.
    pub(crate) unknown_devices: HashSet<usize>,
    pub(crate) unknown_sessions: HashSet<usize>,
    pub(crate) unknown_invitations: HashSet<usize>,
    /// What was shown of refusals and failures.
    pub(crate) shown: String,
    pub(crate) tally: Tally,
    /// How many clients there are at most at once.
    crowd: usize,
    trace: Option<Vec<String>>,
}

const CALM: Rates = Rates {
    reply_lost: 150,
    request_lost: 150,
    conflict: 150,
    conflict_though_applied: 150,
    down: 100,
    late: 150,
    slow: 3_000,
    crash: 10,
};
const STORMY: Rates = Rates {
    reply_lost: 800,
    request_lost: 800,
    conflict: 800,
    conflict_though_applied: 800,
    down: 400,
    late: 800,
    slow: 3_000,
    crash: 60,
};

impl Town {
    pub(crate) fn new(seed: u64, bug: Bug) -> Self {
        let mut random = Random(seed);
        let setting = random.pick(&[Setting::Default, Setting::Tight]);
        let people = (0..4).map(|_| random.number()).collect();
        let model = Life { setting, policy: random.number(), people, moves: vec![] }.begin();
        let real = Real::of(&model);
        let log = SharedLog::default();
        let commons = Commons {
            truth: Arc::new(Truth::new(&log, bug)),
            journal: Arc::new(TownJournal::new(bug)),
            directory: Arc::clone(&real.world.directory),
            hasher: real.world.hasher.clone(),
            policy: real.policy.clone(),
            version: real.version,
            rates: random.pick(&[CALM, STORMY, Rates { slow: 4_000, ..Rates::default() }]),
            ahead: if random.once_in(4) { &APART } else { &ALIKE },
            loses_settlements: random.once_in(4),
            log,
            bug,
        };
        let number = 2 + random.below(2);
        let instances = (0..number).map(|_| commons.instance(&mut random)).collect();
        let keys = real.people.iter().map(|person| Key::account(*person));
        Self {
            seed,
            people_by_key: keys.zip(0..).collect(),
            seen: vec![Seen::default(); real.people.len()],
            trail: Trail::of(real.people.len()),
            crowd: 1 + random.below(7),
            random,
            model,
            real,
            commons,
            instances,
            ghosts: vec![],
            errands: vec![],
            running: vec![],
            starts: vec![],
            answered: HashMap::new(),
            was_stuck: false,
            heard: None,
            issued: HashSet::new(),
            unknown_devices: HashSet::new(),
            unknown_sessions: HashSet::new(),
            unknown_invitations: HashSet::new(),
            shown: String::new(),
            tally: Tally::default(),
            trace: None,
        }
    }

    /// Lives for so many commands. A flaw is told with everything that led to it.
    pub(crate) fn live(mut self, length: u64) -> (Tally, Option<String>) {
        let flaw = self.through(length).err();
        self.count_faults();
        let Some(flaw) = flaw else { return (self.tally, None) };
        let mut again = Self::new(self.seed, self.commons.bug);
        again.trace = Some(vec![format!("{:?}", again.model.rules)]);
        let same = again.through(length).err();
        let told = again.trace.unwrap_or_default().join("\n");
        let replayed = if same.as_ref() == Some(&flaw) { "" } else { "NOT THE SAME WHEN REPLAYED: " };
        (self.tally, Some(format!("{told}\n{replayed}{flaw}")))
    }

    pub(crate) fn tell(&mut self, what: impl FnOnce() -> String) {
        if let Some(trace) = &mut self.trace {
            trace.push(what());
        }
    }

    fn through(&mut self, length: u64) -> Checked {
        while self.tally.commands < length || !self.running.is_empty() {
            let more = self.tally.commands < length;
            if !more {
                self.running.iter_mut().for_each(|running| running.next.clear());
            }
            if self.random.once_in(60) {
                self.mishap()?;
            } else if more && (self.running.is_empty() || self.has_room()) {
                self.send_somebody()?;
            } else if !self.running.is_empty() {
                let which = self.random.below(self.running.len());
                self.go_on(which, length)?;
            }
        }
        self.end()
    }

    fn has_room(&mut self) -> bool {
        self.running.len() < self.crowd && self.random.once_in(2)
    }

    /// A client with something to do; now and then it sends it twice, or a burst of it.
    fn send_somebody(&mut self) -> Checked {
        let mut next: VecDeque<Command> = choose(&self.model, self.random.number()).into();
        let Some(first) = next.front().copied() else { return Ok(()) };
        if person_of(first, &self.model).is_none() {
            next.pop_front();
            self.around(first)?;
            if next.is_empty() {
                return Ok(());
            }
        }
        let guesses =
            matches!(first, Command::Unlock { .. } | Command::ChangePin { .. } | Command::CreatePin { .. });
        let copies = match self.random.below(16) {
            0 => 2,
            1 | 2 if guesses => 7,
            _ => 1,
        };
        for _ in 0..copies {
            let gate = self.random.below(self.instances.len());
            self.running.push(Running { job: None, gate, doing: None, next: next.clone() });
        }
        Ok(())
    }

    /// What happens around everybody counts as a command, too.
    fn around(&mut self, command: Command) -> Checked {
        self.tally.commands += 1;
        self.tell(|| format!("{command:?}"));
        self.at_once(command)
    }

    fn go_on(&mut self, which: usize, length: u64) -> Checked {
        if self.running[which].doing.is_none() {
            let command = self.running[which].next.pop_front().filter(|_| self.tally.commands < length);
            let Some(command) = command else {
                self.running.swap_remove(which);
                return Ok(());
            };
            if person_of(command, &self.model).is_none() {
                return self.around(command);
            }
            if !self.start(which, command) {
                return Ok(());
            }
        }
        self.poll(which)
    }

    /// Starts a command, if the client can know of what it is about.
    pub(crate) fn start(&mut self, which: usize, command: Command) -> bool {
        let (device, session) = tokens_of(command);
        let presented = match command {
            Command::Authenticate(sign_in) if sign_in.start >= self.starts.len() => return false,
            Command::Authenticate(sign_in) => sign_in.invitation,
            Command::Begin { whom: Whom::Invitation(number) } => Some(number),
            _ => None,
        };
        if presented.is_some_and(|number| self.unknown_invitations.contains(&number))
            || device.is_some_and(|token| self.unknown_devices.contains(&token))
            || session.is_some_and(|token| self.unknown_sessions.contains(&token))
        {
            // The one who plays the clients knows it from the model; a client does not.
            return false;
        }
        self.tally.commands += 1;
        let command = match command {
            // A phone of two people's is left to other tests: two accounts, two steps.
            Command::Authenticate(mut sign_in) => {
                let person = sign_in.person;
                sign_in.known = sign_in.known.filter(|token| self.model.device_tokens[*token] == person);
                Command::Authenticate(sign_in)
            }
            // Erasing is left to the random lives: it hands over first, three steps.
            Command::Erase { person } => Command::Reassess { person },
            other => self.with_devices_of_today(other),
        };
        let Some(person) = person_of(command, &self.model) else { return false };
        let gate = self.running[which].gate;
        let instance = &self.instances[gate];
        if instance.faults.repeats.load(Ordering::Relaxed) && self.is_at_work(gate, Some(person)) {
            // Two writes at once under one id: a record cannot tell whose it is, so that is not asked of it.
            return false;
        }
        let phone = phone_of(command).map(|phone| {
            let hand = &self.model.phones[phone];
            (phone, hand.integrity, hand.faces)
        });
        let (people, directory) = (self.model.people.clone(), self.model.directory);
        let known = Known { today: self.model.today, people, directory, phone };
        let doing = send(&instance.gate, command, &known, &self.real, &self.starts);
        let job = self.errands.len();
        self.tell(|| format!("#{job} at gate {gate}: {command:?}"));
        self.errands.push(Errand {
            command,
            person,
            known,
            known_again: None,
            base: None,
            saw_journal: false,
            at_read: None,
            at_write: None,
            buried_under: 0,
            was_buried: false,
            landed_late: false,
            last_event: None,
            charged: None,
            hasher_failed: false,
            is_unlucky: false,
        });
        (self.running[which].job, self.running[which].doing) = (Some(job), Some(doing));
        let at_once = self.running.iter().filter_map(|running| running.job);
        let at_once = at_once.filter(|job| self.errands[*job].person == person).count() as u64;
        self.tally.most_at_once = self.tally.most_at_once.max(at_once);
        true
    }

    pub(crate) fn poll(&mut self, which: usize) -> Checked {
        let running = &mut self.running[which];
        let (Some(job), Some(doing)) = (running.job, &mut running.doing) else { return Ok(()) };
        let gate = running.gate;
        let instance = &self.instances[gate];
        let now = self.model.now.map(|now| now.saturating_add_signed(instance.ahead_millis));
        instance.clock.set(now.map(Timestamp::from_unix_millis));
        self.errands[job].is_unlucky |= instance.faults.repeats.load(Ordering::Relaxed);
        {
            let mut log = self.commons.log.lock().unwrap();
            (log.current, log.journal, log.now) = (job, self.model.journal, now);
            log.person = self.errands[job].person;
        }
        let polled = doing.as_mut().poll(&mut Context::from_waker(Waker::noop()));
        self.look()?;
        match polled {
            Poll::Ready(answer) => {
                let (begun, begins) = (self.starts.len(), self.errands[job].begins());
                self.answered(job, answer)?;
                let running = &mut self.running[which];
                (running.job, running.doing) = (None, None);
                for command in running.next.iter_mut().filter(|_| begins) {
                    if let Command::Authenticate(sign_in) = command {
                        sign_in.start = begun;
                    }
                }
                if begins && begun == self.starts.len() {
                    running.next.clear();
                }
            }
            Poll::Pending => {
                if self.instances[gate].gate.host().store.faulty.is_crashed() {
                    self.restart(gate)?;
                }
            }
        }
        Ok(())
    }

    /// Takes the steps that were taken since the last look.
    pub(crate) fn look(&mut self) -> Checked {
        let happened = std::mem::take(&mut self.commons.log.lock().unwrap().happened);
        happened.into_iter().try_for_each(|happening| self.happened(happening))
    }

    pub(crate) fn act_as_host(&self) {
        let mut log = self.commons.log.lock().unwrap();
        (log.current, log.journal, log.now) = (HOST, self.model.journal, self.model.now);
    }

    /// What happens around everybody, and what goes to no account.
    pub(crate) fn at_once(&mut self, command: Command) -> Checked {
        match command {
            Command::FailAuthentication { .. } => return Ok(()),
            Command::Restart => {
                let which = self.random.below(self.instances.len());
                return self.restart(which);
            }
            Command::SetJournal { up } => {
                self.commons.journal.kept.set_down(!up);
                self.commons.journal.hangs.store(!up && self.random.once_in(2), Ordering::Relaxed);
                self.model.apply(command);
                return Ok(());
            }
            _ => {}
        }
        // Dead tokens are tried on the shadow, which no time is to pass for.
        let now = self.model.now;
        if matches!(command, Command::TryDeadTokens) {
            self.model.now = None;
            self.real.world.clock.set(None);
        }
        let outcome: Result<Answer, GateError> = self.real.obey(command, &self.model);
        let expected = self.model.apply(command).outcome;
        if matches!(command, Command::TryDeadTokens) {
            self.model.now = now;
        }
        let code = outcome.as_ref().map_err(GateError::code);
        if code != expected.as_ref().map_err(|code| *code) {
            return Err(format!("{command:?}: came to {code:?}, should to {expected:?}"));
        }
        Ok(())
    }
}
