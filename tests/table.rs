//! Every cell of the transition table, against a real account behind a real gate; and the table's
//! page in the documentation.

use std::fs;
use std::path::Path;

use pinlatch::account::{DeviceIntegrity, Standing};
use pinlatch::id::{DeviceId, Generation, PersonId};
use pinlatch::refusal::RefusalCode;
use pinlatch::session::{
    AnySession, Cell, Command, LockCause, LogOutCause, Modality, Session, SessionState, Step, TABLE, cell,
    markdown, mermaid,
};
use pinlatch_testkit::{ACME, ANOTHER_PIN, PIN, Phone, WRONG_PIN, World};

type Outcome = Result<(), RefusalCode>;

/// A phone that keeps a device token and a session token, live or dead, in a device session of that
/// state.
fn phone_in(world: &World, state: SessionState) -> Result<Phone<'_>, RefusalCode> {
    let mut phone = world.open_phone(world.employee())?;
    phone.enable(Modality::Face)?;
    match state {
        SessionState::LoggedOut => phone.log_out()?,
        SessionState::PinPending => {
            phone.log_out()?;
            let dead = phone.session.take();
            phone.sign_in()?;
            phone.session = dead;
        }
        SessionState::Authenticated => {}
        SessionState::Locked => phone.lock()?,
        SessionState::PinExhausted => {
            phone.lock()?;
            assert_eq!(phone.mistype(5), Err(RefusalCode::PinExhausted));
        }
        SessionState::RevokedAll => phone.log_out_everywhere()?,
    }
    assert_eq!(state_of(world, &phone), state);
    Ok(phone)
}

/// The state of the phone's device session. One that is not in the account's table is logged out,
/// or, while the account is barred, revoked.
fn state_of(world: &World, phone: &Phone<'_>) -> SessionState {
    let account = world.account(phone.owner).expect("a readable account");
    let device = phone.id.and_then(|id| account.device(id).map(|device| device.session().state()));
    device.unwrap_or(match account.standing() {
        Standing::Good => SessionState::LoggedOut,
        Standing::RevokedAll => SessionState::RevokedAll,
    })
}

fn run(world: &World, phone: &mut Phone<'_>, command: Command) -> Outcome {
    let gate = world.gate.blocking();
    match command {
        Command::Authenticate => phone.sign_in(),
        Command::CreatePin => phone.create_pin(ANOTHER_PIN),
        Command::Use => phone.check().map(drop),
        Command::Lock => phone.lock(),
        Command::UnlockWithRightPin => phone.unlock(PIN),
        Command::UnlockWithWrongPin | Command::UnlockWithFifthWrongPin => phone.unlock(WRONG_PIN),
        Command::UnlockWithBiometric => phone.unlock_by(Modality::Face),
        Command::Acknowledge => phone.acknowledge(),
        Command::LogOut => phone.log_out(),
        Command::LogOutEverywhere => phone.log_out_everywhere(),
        Command::RevokedElsewhere => {
            let administrator = world.administrator(ACME);
            gate.revoke_all(&administrator.session(), administrator.company, phone.owner)
                .map_err(|error| error.code())
        }
        Command::DeviceModified => {
            let token = phone.token.as_ref().expect("a device token");
            gate.report_integrity(token, &DeviceIntegrity::Modified.into()).map_err(|error| error.code())
        }
    }
}

/// What the phone hears. A wrong PIN is a transition and a refusal in one. Two commands show a
/// session token, and only an open app has a live one: the gate refuses a dead one before it looks
/// at any state. What the table says there is what [`AnySession`] answers.
fn heard(command: Command, from: SessionState, cell: Cell) -> Outcome {
    let by_session_token = matches!(command, Command::Use | Command::LogOutEverywhere);
    match (cell, command) {
        _ if by_session_token && from != SessionState::Authenticated => Err(RefusalCode::SessionRequired),
        (Cell::To(_), Command::UnlockWithWrongPin) => Err(RefusalCode::IncorrectPin),
        (Cell::To(_), Command::UnlockWithFifthWrongPin) => Err(RefusalCode::PinExhausted),
        (Cell::To(_) | Cell::Unchanged, _) => Ok(()),
        (Cell::Refused(code) | Cell::Absent(code) | Cell::Invited(_, code), _) => Err(code),
    }
}

/// How many events this person's journal has: of devices, of the account, refusals.
fn journal(world: &World, person: PersonId) -> (usize, usize, usize) {
    let events = world.journal.events(person);
    let devices = events.iter().filter(|event| event.device.is_some()).count();
    (devices, events.len() - devices, world.journal.refusals(person).len())
}

fn each_cell(mut check: impl FnMut(Command, SessionState, Cell)) {
    let mut cells = 0;
    for (command, row) in TABLE {
        for (from, expected) in SessionState::ALL.into_iter().zip(row) {
            assert_eq!(cell(command, from), expected, "{command:?} in {from}");
            check(command, from, expected);
            cells += 1;
        }
    }
    assert_eq!(cells, 78);
}

#[test]
fn each_cell_of_the_table_is_what_the_gate_does() {
    each_cell(|command, from, cell| {
        let world = World::new();
        let mut phone = phone_in(&world, from).expect("a phone in that state");
        let has_a_pin = matches!(from, SessionState::Authenticated | SessionState::Locked);
        if command == Command::UnlockWithFifthWrongPin && has_a_pin {
            assert_eq!(phone.mistype(4), Err(RefusalCode::IncorrectPin));
        }
        let before = journal(&world, phone.owner);
        let expected = heard(command, from, cell);
        assert_eq!(run(&world, &mut phone, command), expected, "{command:?} in {from}");

        let to = if let Cell::To(to) = cell { to } else { from };
        assert_eq!(state_of(&world, &phone), to, "{command:?} in {from}");
        let after = journal(&world, phone.owner);
        let new = (after.0 - before.0, after.1 - before.1, after.2 - before.2);
        let recorded = match (cell, command) {
            // A device that is logged out is not in the account: the account's own event stands for it.
            (Cell::To(_), Command::RevokedElsewhere) if from == SessionState::LoggedOut => (0, 1, 0),
            (Cell::To(_), Command::RevokedElsewhere | Command::LogOutEverywhere) => (1, 1, 0),
            // The old session ends before the new one begins (E08).
            (Cell::To(_), Command::Authenticate) if from != SessionState::LoggedOut => (2, 0, 0),
            (Cell::To(_), _) => (1, 0, 0),
            _ if expected.is_err() => (0, 0, 1),
            _ => (0, 0, 0),
        };
        assert_eq!(new, recorded, "events of {command:?} in {from}");
    });
}

#[test]
fn an_invitation_leads_where_the_table_says() {
    let invited = |cell: Cell| matches!(cell, Cell::Invited(..));
    let mut cells = Vec::new();
    each_cell(|command, from, cell| cells.extend(invited(cell).then_some((command, from, cell))));
    let expected = Cell::Invited(SessionState::PinPending, RefusalCode::ReinvitationRequired);
    assert_eq!(cells, [(Command::Authenticate, SessionState::RevokedAll, expected)]);

    let world = World::new();
    let mut phone = phone_in(&world, SessionState::RevokedAll).expect("a revoked phone");
    let invitation = world.invited(phone.owner).expect("an invitation");
    phone.sign_in_with_invitation(&invitation).expect("an accepted invitation");
    assert_eq!(state_of(&world, &phone), SessionState::PinPending);
}

#[test]
fn each_cell_of_the_table_is_what_a_session_admits() {
    each_cell(|command, from, cell| {
        let world = World::new();
        let phone = phone_in(&world, from).expect("a phone in that state");
        let account = world.account(phone.owner).expect("an account");
        let vacant = AnySession::from(Session::new(DeviceId::from_u128(1), account.generation()));
        let device = phone.id.and_then(|id| account.device(id));
        let session = device.map_or(&vacant, |device| device.session());
        assert_eq!(session.state(), from);
        let answer = session.admits(command).map_err(|refusal| refusal.code());
        let expected = match cell {
            Cell::To(_) | Cell::Unchanged | Cell::Invited(..) => Ok(()),
            Cell::Refused(code) | Cell::Absent(code) => Err(code),
        };
        assert_eq!(answer, expected, "{command:?} in {from}");
        if command == Command::Use {
            assert_eq!(session.usable().map_err(|refusal| refusal.code()), expected, "use in {from}");
            assert_eq!(session.is_locked(), from == SessionState::Locked);
        }
    });
}

type Act = fn(AnySession) -> Step;

/// The commands that need no proof, on a session that is held in hand.
const WITHOUT_PROOF: [(Command, Act); 7] = [
    (Command::Lock, |session| session.lock(LockCause::Asked)),
    (Command::UnlockWithFifthWrongPin, AnySession::exhaust),
    (Command::Acknowledge, AnySession::acknowledge),
    (Command::LogOut, |session| session.log_out(LogOutCause::Asked)),
    (Command::LogOutEverywhere, AnySession::log_out_everywhere),
    (Command::RevokedElsewhere, AnySession::revoke),
    (Command::DeviceModified, AnySession::device_modified),
];

#[test]
fn a_session_in_hand_does_what_the_table_says() {
    let generation = Generation::from_number(7);
    let logged_out = || AnySession::from(Session::new(DeviceId::from_u128(1), generation));
    let revoked = || logged_out().revoke().session;
    for (command, act) in WITHOUT_PROOF {
        for session in [logged_out(), revoked()] {
            let from = session.state();
            let Step { session, outcome } = act(session);
            let said = outcome.map(|change| change.is_some()).map_err(|refusal| refusal.code());
            let (to, expected) = match cell(command, from) {
                Cell::To(to) => (to, Ok(true)),
                Cell::Unchanged => (from, Ok(false)),
                Cell::Refused(code) | Cell::Absent(code) | Cell::Invited(_, code) => (from, Err(code)),
            };
            assert_eq!((session.state(), said), (to, expected), "{command:?} in {from}");
            assert_eq!(session.generation(), generation);
            assert!(session.enrolment().is_none());
        }
    }
}

#[test]
fn the_page_is_the_table() {
    let page = format!(
        "\n<!-- Generated from `TABLE`: PINLATCH_BLESS=1 cargo test --test table -->\n\n# The table\n\n{}\n\
         A dash (–) does not exist on the typed session; where the state is only known at run time it is\n\
         refused with the code behind it. \"Unchanged\" is success without a transition.\n\n\
         # The diagram\n\n```mermaid\n{}```\n",
        markdown(),
        mermaid()
    );
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/session/table.md");
    if std::env::var_os("PINLATCH_BLESS").is_some() {
        fs::write(&path, &page).expect("the page can be written");
    }
    let committed = fs::read_to_string(&path).expect("src/session/table.md");
    assert_eq!(committed, page, "PINLATCH_BLESS=1 cargo test --test table writes it anew");
    assert!(page.contains("| lock | – (`AuthenticationRequired`) | refused `PinRequired` | → `Locked` |"));
    assert!(page.contains("    Locked --> PinExhausted: wrong PIN 5\n"));
}
