//! A TCP proxy that knows no protocol.

use std::fmt;
use std::io::{self, Read, Write};
use std::net::{Ipv4Addr, Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread;
use std::time::Duration;

use parking_lot::Mutex;

use super::weather::{Chance, Sky, Weather};

/// How long a server has to be silent before its lost answer counts as complete. What the request did is done
/// by then, and a server that watches its connections has not been told to give up on it.
const SILENCE: Duration = Duration::from_millis(100);

/// What is read at once: more than a record and its protocol, so that a request is seldom in two pieces.
const PIECE_BYTES: usize = 1 << 18;

/// A TCP proxy on a free port of the loopback interface. A *request* is what a client sends in one piece; the
/// next one on any connection meets what was asked for last. Dropped, it closes all of its connections.
pub struct Wire {
    address: SocketAddr,
    shared: Arc<Shared>,
}

struct Shared {
    server: SocketAddr,
    turns: AtomicU64,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    is_down: bool,
    is_over: bool,
    next: Option<Meeting>,
    sky: Option<Sky>,
    ignored: Option<fn(&[u8]) -> bool>,
    links: Vec<Arc<Link>>,
}

/// What the next request meets.
enum Meeting {
    Interrupted(Box<dyn FnOnce() + Send>),
    Cut,
    By(Chance),
}

/// One connection, both halves.
struct Link {
    client: TcpStream,
    server: TcpStream,
    /// Whether what the server says from now on is dropped, and the connection with it.
    is_muted: AtomicBool,
    /// Whether the server spoke last: then the client's next word begins a turn.
    server_spoke: AtomicBool,
}

impl Wire {
    /// A proxy before this server.
    ///
    /// # Errors
    /// No port was to be had.
    pub fn before(server: SocketAddr) -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        let address = listener.local_addr()?;
        let shared = Arc::new(Shared { server, turns: AtomicU64::new(0), state: Mutex::default() });
        let accepting = Arc::clone(&shared);
        thread::spawn(move || accepting.accept(&listener));
        Ok(Self { address, shared })
    }

    /// Where clients connect to.
    #[must_use]
    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    /// How often a client waited for an answer so far, on all connections: a request after an answer is a turn,
    /// one more request before the answer (a pipeline) is none.
    #[must_use]
    pub fn turns(&self) -> u64 {
        self.shared.turns.load(Ordering::Relaxed)
    }

    /// The next request arrives, its reply does not: the connection breaks.
    pub fn lose_next_reply(&self) {
        self.meet(Meeting::By(Chance::LosesReply));
    }

    /// The next request does not arrive: the connection breaks.
    pub fn lose_next_request(&self) {
        self.meet(Meeting::By(Chance::IsLost));
    }

    /// Half of the next request arrives: then the connection breaks.
    pub fn cut_next_request(&self) {
        self.meet(Meeting::Cut);
    }

    /// Something happens between the sending of the next request and its arrival, on a thread of its own, outside of any async runtime.
    pub fn interrupt_next(&self, happens: impl FnOnce() + Send + 'static) {
        self.meet(Meeting::Interrupted(Box::new(happens)));
    }

    /// What a client sends of its own accord, such as the answer to a heartbeat: a piece of which this says `true`
    /// passes, meets nothing, and is no turn.
    pub fn ignore(&self, is_ignored: fn(&[u8]) -> bool) {
        self.shared.state.lock().ignored = Some(is_ignored);
    }

    /// Takes back what the next request was to meet, and says whether it was still to come.
    #[must_use]
    pub fn forget_next(&self) -> bool {
        self.shared.state.lock().next.take().is_some()
    }

    /// From now on each request that begins a turn meets chance; `None` ends it.
    pub fn weather(&self, weather: Option<Weather>) {
        self.shared.state.lock().sky = weather.map(Sky::new);
    }

    /// Breaks all connections and lets none through until it [comes back](Self::come_back).
    pub fn go_down(&self) {
        let mut state = self.shared.state.lock();
        state.is_down = true;
        state.links.drain(..).for_each(|link| link.close());
    }

    /// Breaks all connections; new ones pass.
    pub fn break_connections(&self) {
        self.shared.state.lock().links.drain(..).for_each(|link| link.close());
    }

    /// Lets connections through again.
    pub fn come_back(&self) {
        self.shared.state.lock().is_down = false;
    }

    fn meet(&self, meeting: Meeting) {
        self.shared.state.lock().next = Some(meeting);
    }
}

impl Drop for Wire {
    fn drop(&mut self) {
        self.shared.state.lock().is_over = true;
        self.go_down();
        // Wakes the thread that accepts, so that it sees the end.
        let _woken = TcpStream::connect(self.address);
    }
}

impl fmt::Debug for Wire {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Wire({} before {})", self.address, self.shared.server)
    }
}

impl Shared {
    fn accept(self: Arc<Self>, listener: &TcpListener) {
        for client in listener.incoming() {
            if self.state.lock().is_over {
                return;
            }
            if let Ok(client) = client {
                // Dropped where there is no server: the client finds its connection closed.
                let _connected = self.connect(client);
            }
        }
    }

    fn connect(self: &Arc<Self>, client: TcpStream) -> io::Result<()> {
        if self.state.lock().is_down {
            return Ok(());
        }
        let server = TcpStream::connect(self.server)?;
        client.set_nodelay(true)?;
        server.set_nodelay(true)?;
        let link = Arc::new(Link {
            client,
            server,
            is_muted: AtomicBool::new(false),
            server_spoke: AtomicBool::new(true),
        });
        let mut state = self.state.lock();
        if state.is_down {
            return Ok(());
        }
        state.links.retain(|link| Arc::strong_count(link) > 1);
        state.links.push(Arc::clone(&link));
        drop(state);
        let (shared, there) = (Arc::clone(self), Arc::clone(&link));
        thread::spawn(move || {
            // Closed also where what was to happen panics.
            let there = Closing(there);
            let _end = shared.requests(&there.0);
        });
        thread::spawn(move || {
            let _end = link.answers();
            link.close();
        });
        Ok(())
    }

    /// Carries what the client says to the server, until something ends it.
    fn requests(&self, link: &Link) -> io::Result<()> {
        let mut piece = vec![0; PIECE_BYTES];
        loop {
            let read = (&link.client).read(&mut piece)?;
            let request = &piece[..read];
            if request.is_empty() {
                return Ok(());
            }
            let ignored = self.state.lock().ignored;
            if ignored.is_some_and(|is_ignored| is_ignored(request)) {
                (&link.server).write_all(request)?;
                continue;
            }
            let begins_turn = link.server_spoke.swap(false, Ordering::Relaxed);
            if begins_turn {
                self.turns.fetch_add(1, Ordering::Relaxed);
            }
            match self.met(begins_turn) {
                Meeting::By(Chance::Passes) => {}
                Meeting::By(Chance::LosesReply) => link.is_muted.store(true, Ordering::Relaxed),
                Meeting::By(Chance::IsLost) => return Ok(()),
                Meeting::By(Chance::IsLate(by)) => thread::sleep(by),
                Meeting::Cut => return (&link.server).write_all(&request[..read / 2]),
                Meeting::Interrupted(happens) => happens(),
            }
            (&link.server).write_all(request)?;
        }
    }

    fn met(&self, begins_turn: bool) -> Meeting {
        let mut state = self.state.lock();
        let by_chance = |sky: &mut Sky| Meeting::By(sky.next());
        let next = state.next.take();
        next.or_else(|| state.sky.as_mut().filter(|_| begins_turn).map(by_chance))
            .unwrap_or(Meeting::By(Chance::Passes))
    }
}

/// Closes its connection at the end, whatever that is.
struct Closing(Arc<Link>);

impl Drop for Closing {
    fn drop(&mut self) {
        self.0.close();
    }
}

impl Link {
    /// Carries what the server says to the client, or drops it where that is what the request met.
    fn answers(&self) -> io::Result<()> {
        let mut piece = vec![0; PIECE_BYTES];
        loop {
            let read = (&self.server).read(&mut piece)?;
            if read == 0 {
                return Ok(());
            }
            self.server_spoke.store(true, Ordering::Relaxed);
            if self.is_muted.load(Ordering::Relaxed) {
                return self.drop_the_rest(&mut piece);
            }
            (&self.client).write_all(&piece[..read])?;
        }
    }

    fn drop_the_rest(&self, piece: &mut [u8]) -> io::Result<()> {
        self.server.set_read_timeout(Some(SILENCE))?;
        while (&self.server).read(piece)? > 0 {}
        Ok(())
    }

    fn close(&self) {
        let _closed = self.client.shutdown(Shutdown::Both);
        let _closed = self.server.shutdown(Shutdown::Both);
    }
}
