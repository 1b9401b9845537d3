//! A host on a database that somebody else can write.

use std::sync::Arc;

use pinlatch::account::{BeginFor, DeviceLabel, IssuedInvitation, PinEntries, SignIn, StrongAuthentication};
use pinlatch::gate::{Gate, GateError};
use pinlatch::host::{Blocking, BlockingStore, Host, HostParts, Inline, Key, SystemRandomness};
use pinlatch::id::PersonId;
use pinlatch::people::AuthenticationMethod::BankCredentials;
use pinlatch::pin::{PepperRing, PersonalWords};
use pinlatch::refusal::RefusalCode;
use pinlatch::secret::{DeviceToken, SessionToken};
use pinlatch_stores::sealed::SealingKeys;
use pinlatch_testkit::{MemoryStore, PIN, QuickHasher, UNMODIFIED, World, pin};

use crate::{Store, sealed};

pub(crate) struct TestHost {
    /// Clock, directory and journal; its own store is not used.
    pub(crate) world: World,
    pub(crate) database: Arc<MemoryStore>,
}

impl TestHost {
    pub(crate) fn new() -> Self {
        Self { world: World::new(), database: Arc::new(MemoryStore::new()) }
    }

    /// The bytes in the database.
    pub(crate) fn bytes(&self, key: &Key) -> Vec<u8> {
        self.database.bytes(key).unwrap()
    }

    pub(crate) fn store(&self, keys: SealingKeys) -> Store {
        sealed(&self.database, keys)
    }

    pub(crate) fn gate(&self, keys: SealingKeys) -> Gate<impl Host + use<>> {
        self.gate_on(self.store(keys))
    }

    pub(crate) fn gate_on<S: BlockingStore + 'static>(&self, store: S) -> Gate<impl Host + use<S>> {
        let host = HostParts {
            store: Blocking(store),
            clock: Arc::clone(&self.world.clock),
            directory: Blocking(Arc::clone(&self.world.directory)),
            journal: Blocking(Arc::clone(&self.world.journal)),
            offload: Inline,
            randomness: SystemRandomness,
        };
        let gate = Gate::builder(host).peppers(PepperRing::without_pepper()).hasher(QuickHasher::new());
        gate.build().unwrap()
    }

    /// Signs in, with an invitation if there is one, and makes a PIN.
    pub(crate) fn opened(
        &self,
        gate: &Gate<impl Host>,
        anna: PersonId,
        invitation: Option<&IssuedInvitation>,
    ) -> Result<(DeviceToken, SessionToken), RefusalCode> {
        let (gate, code) = (gate.blocking(), |error: GateError| error.code());
        let invitation = invitation.map(|invitation| &invitation.token);
        let whom = invitation.map_or(BeginFor::Nobody, BeginFor::Invitation);
        let start = gate.begin_authentication(whom, &UNMODIFIED).map_err(code)?.start;
        let evidence = StrongAuthentication::verified_by_host(start, anna, BankCredentials);
        let label = DeviceLabel::new("phone").unwrap();
        let sign_in = SignIn { evidence, label, known: None, invitation };
        let token = gate.authenticate(sign_in, &UNMODIFIED).map_err(code)?.token;
        let entries = PinEntries { pin: pin(PIN)?, confirmation: pin(PIN)? };
        let session = gate.create_pin(&token, &entries, &PersonalWords::none(), &UNMODIFIED).map_err(code)?;
        Ok((token, session))
    }
}
