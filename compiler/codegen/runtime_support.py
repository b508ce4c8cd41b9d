"""What every unit may use of the runtime: its entries (exported functions, System V, never raising) and the count
helpers.

The helpers are private to each unit so that LLVM can inline them: the fast path is a test and an addition, everything
else (immortal objects have a negative count and may lie in read-only memory; null is nobody) leaves at once.
"""

from __future__ import annotations


def _traceback(what: str) -> str:
    """(exception, function record, line)."""
    return f"declare hidden void @pyc_traceback_{what}(ptr noundef, ptr noundef, i64 noundef) nounwind cold"


ENTRIES = {
    "pyc_allocate": "declare hidden noalias ptr @pyc_allocate(i64 noundef) nounwind",
    "pyc_free": "declare hidden void @pyc_free(ptr noundef) nounwind",
    "pyc_release_last": "declare hidden void @pyc_release_last(ptr noundef) nounwind cold",
    "pyc_traceback_start": _traceback("start"),
    "pyc_traceback_add": _traceback("add"),
    "pyc_panic": "declare hidden void @pyc_panic(ptr noundef) nounwind noreturn cold",
}
"""Functions that the runtime defines. `pyc_allocate` gives null when there is no memory, `pyc_release_last` drops an
object whose count has become 0."""

_RARE = '!prof !{!"branch_weights", i32 1, i32 200}'
_USUAL = '!prof !{!"branch_weights", i32 200, i32 1}'


def _look(change: str) -> str:
    """Read the count; atomically where it changes atomically."""
    atomic, order = ("atomic ", " monotonic") if "atomicrmw" in change else ("", "")
    return f"%count = load {atomic}i64, ptr %object{order}, align 8"


def _retain(name: str, change: str) -> str:
    return f"""define internal void @{name}(ptr %object) {{HOT}} {{
  %null = icmp eq ptr %object, null
  br i1 %null, label %done, label %look
look:
  {_look(change)}
  %mortal = icmp sgt i64 %count, 0
  br i1 %mortal, label %more, label %done, {_USUAL}
more:
{change}
  br label %done
done:
  ret void
}}"""


def _release(name: str, change: str, place: str) -> str:
    return f"""define internal void @{name}(ptr %object) {{{place}}} {{
  %null = icmp eq ptr %object, null
  br i1 %null, label %done, label %look
look:
  {_look(change)}
  %mortal = icmp sgt i64 %count, 0
  br i1 %mortal, label %less, label %done, {_USUAL}
less:
{change}
  br i1 %last, label %drop, label %done, {_RARE}
drop:
  call void @pyc_release_last(ptr %object)
  br label %done
done:
  ret void
}}"""


_ADD = "  %new = add nuw nsw i64 %count, 1\n  store i64 %new, ptr %object, align 8"
_ADD_SHARED = "  %old = atomicrmw add ptr %object, i64 1 monotonic"
_SUBTRACT = "  %new = sub nuw nsw i64 %count, 1\n  store i64 %new, ptr %object, align 8\n  %last = icmp eq i64 %new, 0"
_SUBTRACT_SHARED = "  %old = atomicrmw sub ptr %object, i64 1 acq_rel\n  %last = icmp eq i64 %old, 1"

HELPERS = {
    "pyc.retain": _retain("pyc.retain", _ADD),
    "pyc.retain_shared": _retain("pyc.retain_shared", _ADD_SHARED),
    "pyc.release": _release("pyc.release", _SUBTRACT, "HOT"),
    "pyc.release_shared": _release("pyc.release_shared", _SUBTRACT_SHARED, "HOT"),
    "pyc.release_cold": _release("pyc.release_cold", _SUBTRACT, "COLD"),
    "pyc.release_shared_cold": _release("pyc.release_shared_cold", _SUBTRACT_SHARED, "COLD"),
}
"""{HOT} and {COLD} stand for the unit's attributes of inlined and of outlined helpers."""
