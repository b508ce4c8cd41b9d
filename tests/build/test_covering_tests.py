"""Which tests are asked about a module: the mirrored one, those that import it, and those of what stands on it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.machine.covering_tests import Coverage

FILES = {
    "kernel/fs/fat/table.py": "from runtime.lang import u8\n",
    "kernel/fs/fat/volume.py": "from kernel.fs.fat.table import Table\n",
    "kernel/fs/fat/file.py": "from kernel.fs.fat import volume\n",
    "kernel/arch/port.py": "",
    "kernel/shell.py": "import kernel.fs.fat.file\nimport kernel.arch.port\n",
    "runtime/lang.py": "u8 = int\n",
    "tests/kernel/fs/fat/test_table.py": "",
    "tests/kernel/fs/test_fat.py": "from kernel.fs.fat.file import File\n",
    "tests/kernel/test_direct.py": "from kernel.fs.fat import table\n",
    "tests/runtime/test_far.py": "from kernel.fs.fat.file import File\n",
    "compiler/passes/order.py": "",
    "tests/compiler/test_cases_together.py": "",
    "tests/compiler/test_pipeline.py": "",
}


@pytest.fixture
def coverage(tmp_path: Path) -> Coverage:
    for name, text in FILES.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return Coverage(tmp_path)


def test_nearest_tests_come_first_and_other_packages_are_not_asked(coverage: Coverage) -> None:
    assert coverage.groups_of(Path("kernel/fs/fat/table.py")) == (
        ("tests/kernel/fs/fat/test_table.py", "tests/kernel/test_direct.py"),
        ("tests/kernel/fs/test_fat.py",),
    )


def test_a_module_that_no_test_imports_is_judged_by_what_stands_on_it(coverage: Coverage) -> None:
    assert coverage.groups_of(Path("kernel/fs/fat/volume.py")) == (("tests/kernel/fs/test_fat.py",),)


def test_a_module_that_only_a_machine_can_judge_has_no_tests(coverage: Coverage) -> None:
    assert coverage.groups_of(Path("kernel/arch/port.py")) == ()


def test_the_runtime_and_the_compiler_are_judged_by_the_cases_too(coverage: Coverage) -> None:
    cases = "tests/compiler/test_cases_together.py"
    assert coverage.groups_of(Path("runtime/lang.py")) == ((cases,),)
    assert coverage.groups_of(Path("compiler/passes/order.py")) == ((cases, "tests/compiler/test_pipeline.py"),)
