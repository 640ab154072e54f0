//! Callbacks that read, and callbacks that lie.

use super::*;

/// A file of 100 bytes, each its own place in it.
struct Made {
    at: usize,
    closed: *mut u32,
}

thread_local! {
    static CLOSED: std::cell::Cell<u32> = const { std::cell::Cell::new(0) };
}

unsafe extern "C" fn open() -> *mut c_void {
    let made = Made {
        at: 0,
        closed: CLOSED.with(std::cell::Cell::as_ptr),
    };
    Box::into_raw(Box::new(made)).cast()
}

unsafe extern "C" fn none() -> *mut c_void {
    std::ptr::null_mut()
}

unsafe extern "C" fn read(handle: *mut c_void, to: *mut u8, count: usize) -> usize {
    // SAFETY: the handle is what `open` gave.
    let made = unsafe { &mut *handle.cast::<Made>() };
    let count = count.min(7).min(100 - made.at);
    for index in 0..count {
        let byte = u8::try_from(made.at + index).unwrap();
        // SAFETY: there is room for `count` bytes.
        unsafe { to.wrapping_add(index).write(byte) };
    }
    made.at += count;
    count
}

unsafe extern "C" fn read_too_much(_: *mut c_void, _: *mut u8, count: usize) -> usize {
    count + 1
}

unsafe extern "C" fn seek(handle: *mut c_void, offset: i64, whence: i32) -> i64 {
    // SAFETY: the handle is what `open` gave.
    let made = unsafe { &mut *handle.cast::<Made>() };
    let from = if whence == FROM_END { 100 } else { 0 };
    made.at = usize::try_from(from + offset).unwrap();
    from + offset
}

unsafe extern "C" fn seek_fails(_: *mut c_void, _: i64, whence: i32) -> i64 {
    if whence == FROM_END { 100 } else { -1 }
}

unsafe extern "C" fn seek_elsewhere(_: *mut c_void, _: i64, _: i32) -> i64 {
    100
}

unsafe extern "C" fn close(handle: *mut c_void) {
    // SAFETY: the handle is what `open` gave, and this is its end.
    let made = unsafe { Box::from_raw(handle.cast::<Made>()) };
    // SAFETY: the cell of this thread outlives the test.
    unsafe { *made.closed += 1 };
}

const GOOD: FileCallbacks = FileCallbacks {
    open: Some(open),
    read: Some(read),
    seek: Some(seek),
    close: Some(close),
};

fn read_ten(callbacks: FileCallbacks) -> io::Result<Vec<u8>> {
    // SAFETY: these are the functions above, for this thread alone.
    let file = unsafe { OpenFile::open(callbacks) }?;
    let mut bytes = vec![0; 10];
    file.read_exact_at(&mut bytes, 20)?;
    assert_eq!(file.length()?, 100);
    Ok(bytes)
}

#[test]
fn it_is_read_by_position_and_closed_once() {
    let before = CLOSED.get();
    let bytes: Vec<u8> = (20..30).collect();
    assert_eq!(read_ten(GOOD).unwrap(), bytes);
    assert_eq!(CLOSED.get(), before + 1);
}

#[test]
fn a_missing_function_opens_nothing() {
    let callbacks = FileCallbacks {
        close: None,
        ..GOOD
    };
    assert!(read_ten(callbacks).is_err());
}

#[test]
fn null_is_no_handle_and_is_not_closed() {
    let before = CLOSED.get();
    let callbacks = FileCallbacks {
        open: Some(none),
        ..GOOD
    };
    assert!(read_ten(callbacks).is_err());
    assert_eq!(CLOSED.get(), before);
}

#[test]
fn more_bytes_than_were_asked_for_are_not_believed() {
    let callbacks = FileCallbacks {
        read: Some(read_too_much),
        ..GOOD
    };
    assert!(read_ten(callbacks).is_err());
}

#[test]
fn a_seek_that_fails_or_goes_elsewhere_is_told() {
    for lie in [seek_fails, seek_elsewhere] {
        let callbacks = FileCallbacks {
            seek: Some(lie),
            ..GOOD
        };
        assert!(read_ten(callbacks).is_err());
    }
}
