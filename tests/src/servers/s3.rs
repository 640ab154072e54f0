//! An S3-compatible store over a folder, in this process: `s3s` speaks the protocol, signatures
//! and all, `s3s-fs` keeps the objects.

use std::net::SocketAddr;

use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::server::conn::auto::Builder;
use libtest_mimic::Failed;
use s3s::auth::SimpleAuth;
use s3s::service::{S3Service, S3ServiceBuilder};
use s3s_fs::FileSystem;
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio::runtime::Runtime;

/// The store. It ends with its value.
#[derive(Debug)]
pub struct S3 {
    address: SocketAddr,
    _runtime: Runtime,
    folder: TempDir,
}

impl S3 {
    /// Starts an empty one at a free port.
    ///
    /// # Errors
    /// Where this machine has no port or no folder for it.
    pub fn start() -> Result<Self, Failed> {
        let folder = tempfile::tempdir()?;
        let store = FileSystem::new(folder.path()).map_err(|error| format!("{error:?}"))?;
        let mut service = S3ServiceBuilder::new(store);
        service.set_auth(SimpleAuth::from_single(KEY_ID, SECRET));
        let service = service.build();
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()?;
        let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0"))?;
        let address = listener.local_addr()?;
        drop(runtime.spawn(serve(listener, service)));
        Ok(Self {
            address,
            _runtime: runtime,
            folder,
        })
    }

    /// A new bucket, as a URL with a prefix in it.
    ///
    /// # Errors
    /// Where it cannot be made.
    pub fn bucket(&self, name: &str) -> Result<String, Failed> {
        std::fs::create_dir(self.folder.path().join(name))?;
        Ok(format!("s3://{name}/some/prefix"))
    }

    /// The folder in which it keeps its objects.
    #[must_use]
    pub fn folder(&self) -> &std::path::Path {
        self.folder.path()
    }

    /// What tells a server of ours where it is and who asks.
    #[must_use]
    pub fn environment(&self) -> Vec<(String, String)> {
        let endpoint = format!("http://{}", self.address);
        let pairs = [
            ("AWS_ENDPOINT", endpoint.as_str()),
            ("AWS_ALLOW_HTTP", "true"),
            ("AWS_REGION", "us-east-1"),
            ("AWS_ACCESS_KEY_ID", KEY_ID),
            ("AWS_SECRET_ACCESS_KEY", SECRET),
        ];
        let owned = |(name, value): (&str, &str)| (name.to_owned(), value.to_owned());
        pairs.map(owned).to_vec()
    }
}

async fn serve(listener: TcpListener, service: S3Service) {
    while let Ok((stream, _)) = listener.accept().await {
        let service = service.clone();
        let serving = async move {
            let server = Builder::new(TokioExecutor::new());
            // An error is the other side's going away.
            drop(server.serve_connection(TokioIo::new(stream), service).await);
        };
        drop(tokio::spawn(serving));
    }
}

const KEY_ID: &str = "tests";
const SECRET: &str = "a secret of tests alone";
