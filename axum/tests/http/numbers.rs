//! A recorder that keeps counters and gauges as whole numbers, by name and labels.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex};

use metrics::{
    Counter, CounterFn, Gauge, GaugeFn, Histogram, Key, KeyName, Metadata, Recorder, SharedString, Unit,
};

#[derive(Default)]
pub(crate) struct Numbers(Mutex<BTreeMap<String, Arc<Number>>>);

#[derive(Default)]
struct Number(AtomicI64);

#[expect(clippy::cast_possible_truncation, reason = "gauges of whole numbers")]
fn whole(value: f64) -> i64 {
    value as i64
}

impl CounterFn for Number {
    fn increment(&self, value: u64) {
        self.0.fetch_add(value.cast_signed(), Ordering::Relaxed);
    }

    fn absolute(&self, value: u64) {
        self.0.store(value.cast_signed(), Ordering::Relaxed);
    }
}

impl GaugeFn for Number {
    fn increment(&self, value: f64) {
        self.0.fetch_add(whole(value), Ordering::Relaxed);
    }

    fn decrement(&self, value: f64) {
        self.0.fetch_sub(whole(value), Ordering::Relaxed);
    }

    fn set(&self, value: f64) {
        self.0.store(whole(value), Ordering::Relaxed);
    }
}

impl Numbers {
    pub(crate) fn all(&self) -> BTreeMap<String, i64> {
        let numbers = self.0.lock().unwrap();
        numbers.iter().map(|(name, number)| (name.clone(), number.0.load(Ordering::Relaxed))).collect()
    }

    fn of(&self, key: &Key) -> Arc<Number> {
        let labels = key.labels().map(|label| format!(" {}={}", label.key(), label.value()));
        let name = key.name().to_owned() + &labels.collect::<String>();
        Arc::clone(self.0.lock().unwrap().entry(name).or_default())
    }
}

impl Recorder for Numbers {
    fn describe_counter(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}
    fn describe_gauge(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}
    fn describe_histogram(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}

    fn register_counter(&self, key: &Key, _: &Metadata<'_>) -> Counter {
        Counter::from_arc(self.of(key))
    }

    fn register_gauge(&self, key: &Key, _: &Metadata<'_>) -> Gauge {
        Gauge::from_arc(self.of(key))
    }

    fn register_histogram(&self, _: &Key, _: &Metadata<'_>) -> Histogram {
        Histogram::noop()
    }
}
