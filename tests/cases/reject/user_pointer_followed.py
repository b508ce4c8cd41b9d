"""User memory is copied, never followed."""

from runtime.lang import UserPtr, u8, u64


def peek(buffer: UserPtr[u8]) -> int:
    return int(buffer[0])  # error: E0322 "buffer[0]"


print(peek(UserPtr[u8](u64(0))))
