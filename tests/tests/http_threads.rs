//! The HTTP client leaves no thread behind. Alone in its process, so that threads can be counted.

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use std::time::Duration;

    use patchproof_device::{
        Begun, Cancel, HttpOptions, HttpTransport, Sink, SinkError, Transport as _, Wanted,
    };
    use patchproof_tests::lying_server::LyingServer;

    struct Nowhere;

    impl Sink for Nowhere {
        fn begin(&mut self, _: Begun) -> Result<(), SinkError> {
            Ok(())
        }

        fn bytes(&mut self, _: &[u8]) -> Result<(), SinkError> {
            Ok(())
        }
    }

    fn threads() -> usize {
        std::fs::read_dir("/proc/self/task").expect("Linux").count()
    }

    fn client() -> HttpTransport {
        let mut options = HttpOptions::default();
        options.idle = Duration::from_millis(100);
        HttpTransport::new(options)
    }

    /// In one test: two would count each other's threads.
    #[test]
    fn neither_an_unknown_name_nor_success_nor_a_time_out_leaves_a_thread() {
        let before = threads();
        let unknown = Wanted::all("https://name.invalid/", 10);
        drop(client().download(&unknown, &mut Nowhere, &Cancel::new()));
        assert_eq!(threads(), before, "asking for a name");

        let server = LyingServer::start(|request, talk| {
            if request.line.contains("stall") {
                talk.stall();
            }
            talk.say("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello")
        });
        for path in ["/", "/stall", "/"] {
            let url = server.url(path);
            drop(client().download(&Wanted::all(&url, 10), &mut Nowhere, &Cancel::new()));
        }
        drop(server);
        // The system lists the server's threads for a moment after they have ended.
        for _ in 0..500 {
            if threads() == before {
                return;
            }
            std::thread::sleep(Duration::from_millis(10));
        }
        assert_eq!(threads(), before, "downloading");
    }
}
