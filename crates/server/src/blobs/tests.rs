//! Blobs in a folder: whole or not there.

use futures_util::TryStreamExt as _;
use futures_util::stream::iter;

use super::*;

async fn blobs() -> (tempfile::TempDir, Blobs) {
    let folder = tempfile::tempdir().unwrap();
    let at = BlobsUrl::Folder(folder.path().to_path_buf());
    let blobs = Blobs::open(&at).await.unwrap();
    (folder, blobs)
}

fn pieces(bytes: &[u8]) -> impl Stream<Item = Result<Bytes, BlobError>> + Send + use<> {
    let pieces: Vec<_> = bytes
        .chunks(3)
        .map(|it| Ok(Bytes::copy_from_slice(it)))
        .collect();
    iter(pieces)
}

fn sha256(bytes: &[u8]) -> String {
    hex::encode(Sha256::digest(bytes))
}

fn files(folder: &tempfile::TempDir) -> usize {
    let in_folder = |path: &Path| {
        std::fs::read_dir(path)
            .unwrap()
            .map(|it| it.unwrap().path())
    };
    let staged = in_folder(&folder.path().join("staged"));
    let blobs = in_folder(&folder.path().join("blobs"))
        .flat_map(|path| in_folder(&path).collect::<Vec<_>>());
    staged.chain(blobs).count()
}

async fn read(blobs: &Blobs, name: &str, range: Range<u64>) -> Vec<u8> {
    let pieces = blobs.range(name, range).await.unwrap();
    let pieces: Vec<Bytes> = pieces.try_collect().await.unwrap();
    pieces.concat()
}

#[tokio::test]
async fn what_was_put_is_read_back_whole_and_in_parts() {
    let (folder, blobs) = blobs().await;
    let name = sha256(b"0123456789");
    assert!(
        blobs
            .put_stream(pieces(b"0123456789"), &name, 10)
            .await
            .unwrap()
    );
    assert!(
        !blobs
            .put_stream(pieces(b"0123456789"), &name, 10)
            .await
            .unwrap()
    );
    assert_eq!(blobs.head(&name).await.unwrap(), Some(10));
    assert_eq!(read(&blobs, &name, 0..10).await, b"0123456789");
    assert_eq!(read(&blobs, &name, 3..5).await, b"34");
    assert_eq!(read(&blobs, &name, 4..4).await, b"");
    let copy = folder.path().join("copy");
    assert_eq!(blobs.to_file(&name, &copy).await.unwrap(), 10);
    assert_eq!(std::fs::read(copy).unwrap(), b"0123456789");
    assert_eq!(files(&folder), 1);
}

#[tokio::test]
async fn other_bytes_than_announced_leave_nothing() {
    let (folder, blobs) = blobs().await;
    let name = sha256(b"0123456789");
    let put = async |bytes: &[u8]| {
        blobs
            .put_stream(pieces(bytes), &name, 10)
            .await
            .unwrap_err()
    };
    assert!(matches!(put(b"0123456780").await, BlobError::Hash { .. }));
    assert!(matches!(
        put(b"012345678").await,
        BlobError::Size { found_bytes: 9, .. }
    ));
    assert!(matches!(put(b"0123456789ab").await, BlobError::Size { .. }));
    assert_eq!(
        (blobs.head(&name).await.unwrap(), files(&folder)),
        (None, 0)
    );
}

#[tokio::test]
async fn a_stream_that_breaks_off_leaves_nothing() {
    let (folder, blobs) = blobs().await;
    let broken = iter([Ok(Bytes::from_static(b"012")), Err("reset by peer")]);
    let found = blobs.put_stream(broken, &sha256(b"0123"), 4).await;
    assert!(matches!(
        found,
        Err(BlobError::CutShort { found_bytes: 3, .. })
    ));
    assert_eq!(files(&folder), 0);
}

#[tokio::test]
async fn what_a_killed_server_left_half_is_gone_after_the_next_start() {
    let (folder, blobs) = blobs().await;
    let name = sha256(b"0123");
    blobs.put_stream(pieces(b"0123"), &name, 4).await.unwrap();
    std::fs::write(folder.path().join("staged/half"), b"01").unwrap();
    let at = BlobsUrl::Folder(folder.path().to_path_buf());
    let again = Blobs::open(&at).await.unwrap();
    assert_eq!(
        (again.head(&name).await.unwrap(), files(&folder)),
        (Some(4), 1)
    );
}

#[tokio::test]
async fn a_name_that_is_no_hash_reaches_no_file() {
    let (_folder, blobs) = blobs().await;
    for name in [
        "../staged",
        "",
        &"A".repeat(64),
        &"0".repeat(63),
        &"é".repeat(32),
    ] {
        assert!(
            matches!(blobs.head(name).await, Err(BlobError::Name { .. })),
            "{name}"
        );
    }
}

#[tokio::test]
async fn a_file_is_kept_under_the_hash_that_it_has() {
    let (folder, blobs) = blobs().await;
    let path = folder.path().join("file");
    std::fs::write(&path, b"0123").unwrap();
    assert!(blobs.put_file(&path, &sha256(b"0123")).await.unwrap());
    let other = blobs.put_file(&path, &sha256(b"0124")).await;
    assert!(matches!(other, Err(BlobError::Hash { .. })));
}

#[test]
fn places_are_folders_and_buckets() {
    let read = |text| BlobsUrl::read(text, Some("http://127.0.0.1:1"));
    let folder = BlobsUrl::Folder("/a/b".into());
    assert_eq!(read("/a/b").unwrap(), folder);
    assert_eq!(read("file:///a/b").unwrap(), folder);
    let s3 = BlobsUrl::S3 {
        bucket: "bucket".to_owned(),
        prefix: "a/b".to_owned(),
        endpoint: Some("http://127.0.0.1:1".to_owned()),
    };
    assert_eq!(read("s3://bucket/a/b/").unwrap(), s3);
    for wrong in ["", "s3://", "s3:///a", "ftp://a"] {
        assert!(matches!(read(wrong), Err(BlobError::Url { .. })), "{wrong}");
    }
}
