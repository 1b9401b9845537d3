//! A database on PostgreSQL for one test.

use tokio_postgres::NoTls;

/// A database of its own, which goes with this.
pub(crate) struct Database {
    admin: String,
    name: String,
    pub(crate) address: String,
}

impl Database {
    /// One on the server that `PINLATCH_POSTGRES_URL` names. Without it the test is skipped, loudly; under
    /// `PINLATCH_NO_SKIPS` that is a failure.
    pub(crate) async fn made(name: &str) -> Option<Self> {
        let Ok(admin) = std::env::var("PINLATCH_POSTGRES_URL") else {
            assert!(std::env::var_os("PINLATCH_NO_SKIPS").is_none(), "PINLATCH_POSTGRES_URL is not set");
            println!("SKIPPED: PINLATCH_POSTGRES_URL is not set, so nothing is shown of two hosts");
            return None;
        };
        let name = format!("payroll_{name}_{}", std::process::id());
        let mut address = url::Url::parse(&admin).unwrap();
        address.set_path(&name);
        told(&admin, &[format!("DROP DATABASE IF EXISTS {name}"), format!("CREATE DATABASE {name}")]).await;
        Some(Self { admin, name, address: address.into() })
    }

    pub(crate) async fn drop(self) {
        told(&self.admin, &[format!("DROP DATABASE {} WITH (FORCE)", self.name)]).await;
    }
}

async fn told(admin: &str, statements: &[String]) {
    let (client, connection) = tokio_postgres::connect(admin, NoTls).await.unwrap();
    let connection = tokio::spawn(connection);
    for statement in statements {
        client.batch_execute(statement).await.unwrap();
    }
    drop(client);
    connection.await.unwrap().unwrap();
}
