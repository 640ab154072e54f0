//! From a path or bytes to a release: what it is, and which parts it has.

use std::fs::{self, File};
use std::path::Path;

use crate::apks;
use crate::builds::{self, Build};
use crate::error::OpenError;
use crate::fault::ZipFault;
use crate::folder::{self, FolderFile, io};
use crate::identity;
use crate::layout::{self, Layout, Roles, Shape};
use crate::part::{Content, Part};
use crate::release::Release;
use crate::role_desktop;
use crate::window::Window;
use crate::zip::{self, ZipFile};

/// Opens a file or a folder.
pub(crate) fn path(path: &Path) -> Result<Release, OpenError> {
    let name = path.display().to_string();
    let found = fs::metadata(path).map_err(|error| io(&name, &error))?;
    let taken = if found.is_dir() {
        let name = name.strip_suffix('/').unwrap_or(&name);
        of_folder(path, name)?
    } else if found.is_file() {
        of_file(&window(path, &name)?, &name)?
    } else {
        let reason = "it is neither a file nor a folder".to_owned();
        return Err(OpenError::Io { path: name, reason });
    };
    Ok(taken.release(name))
}

/// Opens bytes as if they were a file called `name`.
pub(crate) fn bytes(name: &str, bytes: Vec<u8>) -> Result<Release, OpenError> {
    let taken = of_file(&Window::of_memory(bytes), name)?;
    Ok(taken.release(name.to_owned()))
}

/// A release taken apart, its manifests not yet read.
struct Taken {
    shape: Shape,
    roles: Roles,
    parts: Vec<Part>,
}

impl Taken {
    fn release(mut self, name: String) -> Release {
        self.parts.sort_by(|a, b| a.path.cmp(&b.path));
        let app = identity::of(self.shape, self.roles, &self.parts);
        Release {
            name,
            shape: self.shape,
            parts: self.parts,
            app,
        }
    }
}

fn window(path: &Path, name: &str) -> Result<Window, OpenError> {
    let opened = File::open(path).and_then(Window::of_file);
    opened.map_err(|error| io(name, &error))
}

fn of_file(window: &Window, name: &str) -> Result<Taken, OpenError> {
    let head = window.head(HEAD_LEN).map_err(|error| io(name, &error))?;
    if LIBRARY_MAGICS.iter().any(|magic| head.starts_with(magic)) {
        return Ok(library(window, name));
    }
    if head.starts_with(b"PK") {
        return archive(window, name);
    }
    match archive(window, name) {
        Err(OpenError::Refused {
            why: ZipFault::NoEnd,
            ..
        }) => Err(OpenError::NotARelease {
            path: name.to_owned(),
            found: if head.is_empty() {
                "nothing".to_owned()
            } else {
                hex::encode(&head)
            },
        }),
        other => other,
    }
}

fn library(window: &Window, name: &str) -> Taken {
    let path = name.rsplit(['/', '\\']).next().unwrap_or(name).to_owned();
    let part = Part {
        role: role_desktop::of_bare_library(&path),
        path,
        location: name.to_owned(),
        abi: None,
        size_bytes: window.size_bytes(),
        crc32: None,
        stored_size_bytes: window.size_bytes(),
        content: Content::Stored(window.clone()),
    };
    Taken {
        shape: Shape::Library,
        roles: Roles::Loose,
        parts: vec![part],
    }
}

fn archive(window: &Window, name: &str) -> Result<Taken, OpenError> {
    let files = zip::files(window, name)?;
    let paths: Vec<&str> = files.iter().map(|file| &*file.name).collect();
    let found = layout::of_paths(name, &paths)?;
    let apks: Vec<&str> = paths
        .iter()
        .copied()
        .filter(|path| path.ends_with(".apk"))
        .collect();
    let is_set = match &found {
        Some(layout) => layout.shape == Shape::ApkSet,
        None => !apks.is_empty(),
    };
    if is_set {
        return Ok(Taken {
            shape: Shape::ApkSet,
            roles: Roles::Apk,
            parts: apks::in_set(name, &files, &apks)?,
        });
    }
    let layout = found.unwrap_or(Layout {
        shape: Shape::Zip,
        roles: Roles::Loose,
        above: String::new(),
    });
    let part = |file: ZipFile| file.part(name, &layout);
    Ok(Taken {
        shape: packed(layout.shape),
        roles: layout.roles,
        parts: files.into_iter().map(part).collect(),
    })
}

/// The folder of a desktop app, packed by whoever passes it on, is a zip archive.
fn packed(shape: Shape) -> Shape {
    match shape {
        Shape::LinuxBundle | Shape::WindowsFolder | Shape::MacosApp => Shape::Zip,
        other => other,
    }
}

fn of_folder(folder: &Path, name: &str) -> Result<Taken, OpenError> {
    let files = folder::files(folder, name)?;
    let paths: Vec<&str> = files.iter().map(|file| &*file.path).collect();
    let found = layout::of_paths(name, &paths)?;
    let build = match found {
        Some(layout) if layout.shape != Shape::ApkSet => {
            return Ok(app_folder(name, &files, &layout));
        }
        Some(_) => builds::in_set(name, &files).map(Some)?,
        None => builds::only(name, &files)?,
    };
    match build {
        Some(Build::Archive(file)) => {
            let location = format!("{name}/{}", file.path);
            let taken = of_file(&window(&file.on_disk, &location)?, &location)?;
            Ok(Taken {
                shape: Shape::GradleOutput,
                ..taken
            })
        }
        Some(Build::Apks { apks, shape }) => Ok(Taken {
            shape,
            roles: Roles::Apk,
            parts: apks::in_folder(name, &apks)?,
        }),
        Some(Build::Libraries(above)) => {
            let layout = loose(Shape::GradleOutput, above);
            Ok(app_folder(name, &files, &layout))
        }
        None => {
            let layout = loose(Shape::Folder, String::new());
            Ok(app_folder(name, &files, &layout))
        }
    }
}

fn loose(shape: Shape, above: String) -> Layout {
    Layout {
        shape,
        roles: Roles::Loose,
        above,
    }
}

fn app_folder(name: &str, files: &[FolderFile], layout: &Layout) -> Taken {
    let part = |file: &FolderFile| {
        let path = file.path.strip_prefix(&*layout.above)?;
        let (role, abi) = layout.roles.of(path);
        Some(Part {
            path: path.to_owned(),
            location: format!("{name}/{}", file.path),
            role,
            abi,
            size_bytes: file.size_bytes,
            crc32: None,
            stored_size_bytes: file.size_bytes,
            content: Content::File(file.on_disk.clone()),
        })
    };
    Taken {
        shape: unpacked(layout.shape),
        roles: layout.roles,
        parts: files.iter().filter_map(part).collect(),
    }
}

/// An Android archive that somebody took apart is a folder.
fn unpacked(shape: Shape) -> Shape {
    match shape {
        Shape::Apk | Shape::Aab | Shape::Aar => Shape::Folder,
        other => other,
    }
}

/// How much of a file is shown when nothing is known of it, in bytes.
const HEAD_LEN: usize = 16;
/// ELF, and Mach-O in both byte orders and widths, and for several machines.
const LIBRARY_MAGICS: [&[u8]; 6] = [
    b"\x7fELF",
    b"\xcf\xfa\xed\xfe",
    b"\xce\xfa\xed\xfe",
    b"\xfe\xed\xfa\xcf",
    b"\xfe\xed\xfa\xce",
    b"\xca\xfe\xba\xbe",
];
