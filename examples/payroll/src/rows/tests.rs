//! The rows on both engines, with clocks of our own: what a socket cannot wait for.

use std::time::Duration;

use tokio_postgres::NoTls;

use super::{Engine, Kind, Rows, now, postgres, sqlite};

/// What each engine is asked, by its own methods.
macro_rules! behaves {
    ($rows:expr) => {{
        let rows = $rows;
        let text = |text: &str| Some(text.to_owned());
        // Until its time, and not at it.
        rows.put("flow", "k", "v".to_owned(), Some(1_000)).await.unwrap();
        assert_eq!(rows.get("flow", "k", 999).await.unwrap(), text("v"));
        assert_eq!(rows.get("flow", "k", 1_000).await.unwrap(), None);
        assert_eq!(rows.all("flow", "", 1_000).await.unwrap(), []);
        assert_eq!(rows.take("flow", "k", 1_000).await.unwrap(), None);
        // Taken though its time was over: it is there for nobody any more.
        assert_eq!(rows.get("flow", "k", 0).await.unwrap(), None);
        // In place of another, for another time; of another kind it is another row.
        rows.put("flow", "k", "v".to_owned(), Some(1_000)).await.unwrap();
        rows.put("flow", "k", "w".to_owned(), None).await.unwrap();
        rows.put("code", "k", "x".to_owned(), Some(5)).await.unwrap();
        assert_eq!(rows.get("flow", "k", i64::MAX).await.unwrap(), text("w"));
        assert_eq!(rows.take("flow", "k", 0).await.unwrap(), text("w"));
        assert_eq!(rows.take("flow", "k", 0).await.unwrap(), None);
        assert_eq!(rows.get("code", "k", 0).await.unwrap(), text("x"));
        // Added once; replaced only if there.
        assert!(rows.add("letter", "n", "first".to_owned()).await.unwrap());
        assert!(!rows.add("letter", "n", "second".to_owned()).await.unwrap());
        assert_eq!(rows.get("letter", "n", 0).await.unwrap(), text("first"));
        assert!(rows.replace("letter", "n", "third".to_owned(), 50).await.unwrap());
        assert!(!rows.replace("letter", "m", "third".to_owned(), 50).await.unwrap());
        assert_eq!(rows.get("letter", "n", 49).await.unwrap(), text("third"));
        assert_eq!(rows.get("letter", "m", 0).await.unwrap(), None);
        // By the beginning of a key, which is no pattern, in the order of its bytes.
        for key in ["a/2", "a/10", "a/ä", "a%", "a_", "A/1", "b/1"] {
            rows.put("hours", key, key.to_owned(), None).await.unwrap();
        }
        let keys = async |prefix: &str| {
            let all = rows.all("hours", prefix, 0).await.unwrap();
            all.into_iter().map(|(key, _)| key).collect::<Vec<_>>().join(" ")
        };
        assert_eq!(keys("a/").await, "a/10 a/2 a/ä");
        assert_eq!(keys("a%").await, "a%");
        assert_eq!(keys("a_").await, "a_");
        assert_eq!(keys("").await, "A/1 a% a/10 a/2 a/ä a_ b/1");
        // Swept is what is over, and nothing else.
        rows.put("flow", "over", "v".to_owned(), Some(100)).await.unwrap();
        rows.put("flow", "then", "v".to_owned(), Some(101)).await.unwrap();
        rows.sweep(100).await.unwrap();
        assert_eq!(rows.get("flow", "over", 0).await.unwrap(), None);
        assert_eq!(rows.get("flow", "then", 0).await.unwrap(), text("v"));
        assert_eq!(rows.all("hours", "", 0).await.unwrap().len(), 7);
    }};
}

/// Of many who take one row at one instant one gets it; of many who add one, one does.
async fn one_of_many(rows: [Rows; 2]) {
    for round in 0..8 {
        let key = format!("{round}");
        rows[0].put_for(Kind::Flow, &key, &"v", Duration::from_secs(60)).await.unwrap();
        let tasks = (0..8).map(|at| {
            let (rows, key) = (rows[at % 2].clone(), key.clone());
            tokio::spawn(async move {
                let taken: Option<String> = rows.take(Kind::Flow, &key).await.unwrap();
                let added = rows.add(Kind::Subject, &key, &at).await.unwrap();
                (usize::from(taken.is_some()), usize::from(added))
            })
        });
        let mut won = (0, 0);
        for task in tasks.collect::<Vec<_>>() {
            let (taken, added) = task.await.unwrap();
            won = (won.0 + taken, won.1 + added);
        }
        assert_eq!(won, (1, 1));
    }
}

#[tokio::test]
async fn on_sqlite() {
    let folder = tempfile::tempdir().unwrap();
    behaves!(sqlite::Rows::open(folder.path().join("payroll.sqlite")).await.unwrap());
    let [one, other] = [
        Rows::open("sqlite:x", folder.path()).await.unwrap(),
        Rows::open("sqlite:x", folder.path()).await.unwrap(),
    ];
    one_of_many([one, other]).await;
}

#[tokio::test]
async fn a_span_ends() {
    let folder = tempfile::tempdir().unwrap();
    let rows = Rows::open("sqlite:x", folder.path()).await.unwrap();
    rows.put_for(Kind::Code, "k", &"v", Duration::from_secs(60)).await.unwrap();
    let Engine::Sqlite(engine) = &*rows.0 else { panic!("{rows:?}") };
    let in_a_minute = now() + 60_000;
    assert_eq!(engine.get("code", "k", in_a_minute - 5_000).await.unwrap().as_deref(), Some("\"v\""));
    assert_eq!(engine.get("code", "k", in_a_minute).await.unwrap(), None);
}

#[tokio::test]
async fn on_postgres() {
    let Ok(admin) = std::env::var("PINLATCH_POSTGRES_URL") else {
        assert!(std::env::var_os("PINLATCH_NO_SKIPS").is_none(), "PINLATCH_POSTGRES_URL is not set");
        println!("SKIPPED: PINLATCH_POSTGRES_URL is not set, so nothing is shown of the rows there");
        return;
    };
    let name = format!("payroll_rows_{}", std::process::id());
    let (client, connection) = tokio_postgres::connect(&admin, NoTls).await.unwrap();
    tokio::spawn(connection);
    client.batch_execute(&format!("DROP DATABASE IF EXISTS {name}")).await.unwrap();
    client.batch_execute(&format!("CREATE DATABASE {name}")).await.unwrap();
    let mut address = url::Url::parse(&admin).unwrap();
    address.set_path(&name);
    // Hosts that start at one instant make one table.
    let opened = (0..6).map(|_| {
        let address = address.to_string();
        tokio::spawn(async move { postgres::Rows::open(&address).await.unwrap() })
    });
    let mut engines = Vec::new();
    for engine in opened.collect::<Vec<_>>() {
        engines.push(engine.await.unwrap());
    }
    behaves!(engines.remove(0));
    drop(engines);
    let folder = std::path::Path::new("/");
    let rows = [
        Rows::open(address.as_str(), folder).await.unwrap(),
        Rows::open(address.as_str(), folder).await.unwrap(),
    ];
    one_of_many(rows).await;
    client.batch_execute(&format!("DROP DATABASE {name} WITH (FORCE)")).await.unwrap();
}
