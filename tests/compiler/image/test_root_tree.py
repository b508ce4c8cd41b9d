"""What a guest path may look like, and what the tree makes of it."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compiler.image.errors import ImageError, ImageErrorCode
from compiler.image.root_tree import DirectoryNode, FileNode, build_tree, read_host_files, split_addition


def test_files_hang_below_their_directories() -> None:
    root = build_tree({"/bin/hello": b"1", "/BIN/cat": b"2", "/tmp/": b""})
    names = {child.name: child for child in root.ordered()}
    assert set(names) == {"bin", "tmp"}
    assert isinstance(names["bin"], DirectoryNode)
    assert [(c.name, c.data) for c in names["bin"].ordered() if isinstance(c, FileNode)] == [
        ("cat", b"2"),
        ("hello", b"1"),
    ]


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("hello", "absolute"),
        ("", "absolute"),
        ("/", "root itself"),
        ("//a", "empty name"),
        ("/a//b", "empty name"),
        ("/a/../b", "'..'"),
        ("/./b", "'.'"),
        ("/a?b", r"'\?'"),
        ("/a\\b", "character"),
        ("/a\nb", "character"),
        ("/a\ud800b", "character"),
        ("/ a", "space"),
        ("/a ", "space"),
        ("/a.", "dot"),
        ("/" + "n" * 256, "more than 255"),
        ("/" + "𝄞" * 128, "more than 255"),
        ("/d" * 65, "more than 64"),
    ],
)
def test_bad_paths_are_refused(path: str, reason: str) -> None:
    with pytest.raises(ImageError, match=reason) as caught:
        build_tree({path: b""})
    assert caught.value.code is ImageErrorCode.BAD_NAME


@pytest.mark.parametrize("path", ["/" + "n" * 255, "/" + "𝄞" * 127, "/d" * 64, "/.hidden", "/a b", "/ß", "/SS"])
def test_paths_at_the_edge_are_taken(path: str) -> None:
    build_tree({path: b""})


def test_names_that_differ_in_case_are_refused() -> None:
    with pytest.raises(ImageError, match="'Hello' from 'hello'"):
        build_tree({"/bin/Hello": b"", "/bin/hello": b""})


def test_a_file_is_no_directory() -> None:
    with pytest.raises(ImageError, match="which is a file"):
        build_tree({"/a": b"", "/a/b": b""})
    with pytest.raises(ImageError, match="there twice"):
        build_tree({"/a/b": b"", "/A": b""})


def test_a_directory_has_no_contents() -> None:
    with pytest.raises(ImageError, match="no contents"):
        build_tree({"/a/": b"1"})


@given(st.dictionaries(st.text(max_size=20), st.binary(max_size=3), max_size=4))
def test_any_paths_give_a_tree_or_an_image_error(files: dict[str, bytes]) -> None:
    try:
        build_tree(files)
    except ImageError:
        pass


def test_host_files_are_read(tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(b"data")
    assert read_host_files([(tmp_path / "x", "/y")]) == {"/y": b"data"}
    with pytest.raises(ImageError, match="given twice"):
        read_host_files([(tmp_path / "x", "/y"), (tmp_path / "x", "/y")])
    with pytest.raises(ImageError, match="No such file") as caught:
        read_host_files([(tmp_path / "z", "/y")])
    assert caught.value.code is ImageErrorCode.HOST_FILE


def test_an_addition_is_divided_at_the_last_colon_slash() -> None:
    assert split_addition("a/b:/bin/c") == (Path("a/b"), "/bin/c")
    assert split_addition("odd:/name:/bin/c") == (Path("odd:/name"), "/bin/c")
    for text in ("a", ":/b", "a:b", "a:/"):
        with pytest.raises(ImageError):
            split_addition(text)
