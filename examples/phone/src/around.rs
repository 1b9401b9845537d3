//! What happens around a phone.

use pinlatch::account::DeviceLabel;
use pinlatch::id::PersonId;
use pinlatch::session::Modality;

use crate::browser;
use crate::home::Home;
use crate::phone::Phone;
use crate::prompt::{Answer, Line, choose, text};
use crate::town::{self, RESIDENTS};
use crate::trail;

#[derive(Clone, Copy, Debug)]
enum Turn {
    TakeAnother,
    BuyOne,
    HandOver,
    Root,
    AddToSet(Modality),
    Browser,
    Trail,
}

impl Home<'_> {
    /// The menu of what is not on the phone's screen.
    pub(crate) fn look_up(&mut self) -> Answer<()> {
        let root = if self.phone().rooted { "Put the maker's system back on it" } else { "Root this phone" };
        let line = Line::new;
        let turn = choose(
            "(What happens?)",
            vec![
                line("Take another phone", Turn::TakeAnother),
                line("Buy a new phone", Turn::BuyOne),
                line("Give this phone to somebody else", Turn::HandOver),
                line(root, Turn::Root),
                line(
                    "Add a fingerprint to those that this phone knows",
                    Turn::AddToSet(Modality::Fingerprint),
                ),
                line("Add a face to those that this phone knows", Turn::AddToSet(Modality::Face)),
                line("Open the browser: Users and roles", Turn::Browser),
                line("Read the audit trail", Turn::Trail),
            ],
        )?;
        match turn {
            Turn::TakeAnother => self.take_another()?,
            Turn::BuyOne => self.buy_one()?,
            Turn::HandOver => {
                let holder = whose("(To whom?)")?;
                self.phone().given_to(holder);
            }
            Turn::Root => self.phone().rooted = !self.phone().rooted,
            Turn::AddToSet(modality) => self.phone().change_set(modality),
            Turn::Browser => browser::open(self.office, &mut self.phones)?,
            Turn::Trail => trail::read(self.office)?,
        }
        Ok(())
    }

    fn take_another(&mut self) -> Answer<()> {
        let phones = self.phones.on_table().iter().enumerate();
        let lines = phones.map(|(number, phone)| {
            Line::new(format!("{}, held by {}", phone.label, town::name(phone.holder)), number)
        });
        let number = choose("(Which one?)", lines.collect())?;
        self.phones.take(number);
        Ok(())
    }

    fn buy_one(&mut self) -> Answer<()> {
        let holder = whose("(For whom?)")?;
        let first_name = town::resident(holder).map_or("Somebody", |resident| resident.first_name);
        let label = text("(What is it called?)", &format!("{first_name}'s tablet"))?;
        if let Err(error) = DeviceLabel::new(&label) {
            self.say(error.to_string(), None);
            return Ok(());
        }
        self.phones.lay(Phone::named(label, holder));
        self.phones.take(self.phones.on_table().len().saturating_sub(1));
        Ok(())
    }
}

/// Asks for somebody in town.
pub(crate) fn whose(question: &str) -> Answer<PersonId> {
    let line =
        |resident: &town::Resident| Line::new(format!("{}, {}", resident.name, resident.about), resident.id);
    choose(question, RESIDENTS.iter().map(line).collect())
}
