//! Bad weather for engines without a wire: between the gate and the store, what a
//! [`Wire`](pinlatch_testkit::rig::Wire) does below a driver.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use pinlatch::account::Event;
use pinlatch::host::{Expect, Key, Loaded, Store, Swap};
use pinlatch_testkit::rig::Weather;

/// A load is tried once more, as the adapters do it.
const LOADS: usize = 2;

/// A store in the rain.
#[derive(Clone, Debug)]
pub struct Stormy<S> {
    inner: S,
    sky: Option<Arc<Mutex<Sky>>>,
}

#[derive(Debug)]
struct Sky {
    weather: Weather,
    draws: fastrand::Rng,
}

/// What one request meets.
enum Chance {
    Passes,
    LosesReply,
    IsLost,
    IsLate(Duration),
}

/// The error of a [`Stormy`] store.
#[derive(Debug, thiserror::Error)]
pub enum StormyError<E: std::error::Error + 'static> {
    /// The reply of a load, or a request, was lost on purpose: nothing was written.
    #[error("lost in the storm: nothing was written")]
    Lost,
    /// The store's own.
    #[error("the store in the storm failed")]
    Store(#[source] E),
}

impl<S> Stormy<S> {
    /// This store in this weather; none is fair weather.
    pub fn new(inner: S, weather: Option<Weather>) -> Self {
        let sky = |weather: Weather| Sky { weather, draws: fastrand::Rng::with_seed(weather.seed) };
        Self { inner, sky: weather.map(|weather| Arc::new(Mutex::new(sky(weather)))) }
    }

    fn chance(&self) -> Chance {
        let Some(sky) = &self.sky else { return Chance::Passes };
        let mut sky = sky.lock().expect("no draw panics");
        let Weather { lost_replies, lost_requests, late, at_most, .. } = sky.weather;
        let drawn = sky.draws.u8(0..100);
        if drawn < lost_replies {
            Chance::LosesReply
        } else if drawn < lost_replies + lost_requests {
            Chance::IsLost
        } else if drawn < lost_replies + lost_requests + late {
            Chance::IsLate(at_most.mul_f64(sky.draws.f64()))
        } else {
            Chance::Passes
        }
    }
}

impl<S: Store + Clone + 'static> Store for Stormy<S> {
    type Error = StormyError<S::Error>;

    async fn load(&self, key: &Key) -> Result<Option<Loaded>, Self::Error> {
        for _ in 0..LOADS {
            match self.chance() {
                Chance::LosesReply | Chance::IsLost => continue,
                Chance::IsLate(by) => tokio::time::sleep(by).await,
                Chance::Passes => {}
            }
            return self.inner.load(key).await.map_err(StormyError::Store);
        }
        Err(StormyError::Lost)
    }

    async fn compare_and_swap(
        &self,
        key: &Key,
        expect: Expect,
        bytes: Vec<u8>,
        events: &[Event],
    ) -> Result<Swap, Self::Error> {
        match self.chance() {
            Chance::Passes => {
                let swapped = self.inner.compare_and_swap(key, expect, bytes, events).await;
                swapped.map_err(StormyError::Store)
            }
            Chance::LosesReply => {
                let _lost = self.inner.compare_and_swap(key, expect, bytes, events).await;
                Ok(Swap::Unknown)
            }
            Chance::IsLost => Ok(Swap::Unknown),
            Chance::IsLate(by) => {
                let (inner, key, events) = (self.inner.clone(), *key, events.to_vec());
                let late = async move {
                    tokio::time::sleep(by).await;
                    let _nobody_hears = inner.compare_and_swap(&key, expect, bytes, &events).await;
                };
                drop(tokio::spawn(late));
                Ok(Swap::Unknown)
            }
        }
    }

    fn takes_events(&self) -> bool {
        self.inner.takes_events()
    }
}
