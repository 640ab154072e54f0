//! Downloads and documents.

use super::*;

#[tokio::test]
async fn a_download_goes_on_where_it_ended_and_is_kept_for_ever() {
    let server = Served::new().await;
    server.publish(1).await;
    let (file, path) = file_of(1);
    let (status, headers, body) = get(&server, &path, &[]).await;
    assert_eq!((status, &body), (200, &file));
    assert_eq!(
        headers["cache-control"],
        "public, max-age=31536000, immutable"
    );
    let etag = headers["etag"].to_str().unwrap().to_owned();
    let rest = [("range", "bytes=3-"), ("if-range", etag.as_str())];
    let (status, headers, body) = get(&server, &path, &rest).await;
    assert_eq!((status, &body[..]), (206, &file[3..]));
    assert_eq!(
        headers["content-range"],
        format!("bytes 3-{}/{}", file.len() - 1, file.len())
    );
    let (status, headers, _) = get(&server, &path, &[("range", "bytes=99-")]).await;
    assert_eq!(status, 416);
    assert_eq!(headers["content-range"], format!("bytes */{}", file.len()));
    assert_eq!(
        get(&server, &path, &[("if-none-match", &etag)]).await.0,
        304
    );
    let head = Request::head(&path).body(Body::empty()).unwrap();
    let head = server.asked(head).await;
    assert_eq!(head.headers()["content-length"], file.len().to_string());
    assert_eq!(whole(head).await, (200, Vec::new()));
}

#[tokio::test]
async fn only_what_a_patch_names_can_be_downloaded() {
    let server = Served::new().await;
    let file = b"the released app".to_vec();
    let sha256 = Digest::of(&file).to_string();
    let size_bytes = u64::try_from(file.len()).unwrap();
    let stream = futures_util::stream::iter([Ok::<_, std::io::Error>(file.into())]);
    server
        .app
        .blobs
        .put_stream(stream, &sha256, size_bytes)
        .await
        .unwrap();
    for name in [
        sha256,
        "0a".repeat(32),
        "0A".repeat(32),
        "..%2fadmin.token".to_owned(),
    ] {
        assert_eq!(server.get(&download_path(&name)).await.0, 404, "{name}");
    }
}

#[tokio::test]
async fn a_root_lies_under_its_one_path() {
    let server = Served::new().await;
    let (status, headers, body) = get(&server, &root_path(APP, 1), &[]).await;
    assert_eq!((status, body), (200, root_envelope(1).into_bytes()));
    assert_eq!(headers["content-type"], "application/json");
    for path in [
        root_path(APP, 2),
        root_path("another", 1),
        root_path(APP, 1).replace("1.json", "01.json"),
    ] {
        assert_eq!(server.get(&path).await.0, 404, "{path}");
    }
}
