"""Linux error numbers (include/uapi/asm-generic/errno-base.h and errno.h), as `OSError.errno` carries them."""

from __future__ import annotations

from typing import Final

EPERM: Final = 1  # Operation not permitted
ENOENT: Final = 2  # No such file or directory
ESRCH: Final = 3  # No such process
EINTR: Final = 4  # Interrupted system call
EIO: Final = 5  # Input/output error
ENXIO: Final = 6  # No such device or address
E2BIG: Final = 7  # Argument list too long
ENOEXEC: Final = 8  # Exec format error
EBADF: Final = 9  # Bad file descriptor
ECHILD: Final = 10  # No child processes
EAGAIN: Final = 11  # Resource temporarily unavailable
ENOMEM: Final = 12  # Cannot allocate memory
EACCES: Final = 13  # Permission denied
EFAULT: Final = 14  # Bad address
EBUSY: Final = 16  # Device or resource busy
EEXIST: Final = 17  # File exists
EXDEV: Final = 18  # Invalid cross-device link
ENODEV: Final = 19  # No such device
ENOTDIR: Final = 20  # Not a directory
EISDIR: Final = 21  # Is a directory
EINVAL: Final = 22  # Invalid argument
ENFILE: Final = 23  # Too many open files in system
EMFILE: Final = 24  # Too many open files
ENOTTY: Final = 25  # Inappropriate ioctl for device
ETXTBSY: Final = 26  # Text file busy
EFBIG: Final = 27  # File too large
ENOSPC: Final = 28  # No space left on device
ESPIPE: Final = 29  # Illegal seek
EROFS: Final = 30  # Read-only file system
EMLINK: Final = 31  # Too many links
EPIPE: Final = 32  # Broken pipe
EDOM: Final = 33  # Numerical argument out of domain
ERANGE: Final = 34  # Numerical result out of range
EDEADLK: Final = 35  # Resource deadlock avoided
ENAMETOOLONG: Final = 36  # File name too long
ENOSYS: Final = 38  # Function not implemented
ENOTEMPTY: Final = 39  # Directory not empty
ELOOP: Final = 40  # Too many levels of symbolic links
EOVERFLOW: Final = 75  # Value too large for defined data type
ENOTSOCK: Final = 88  # Socket operation on non-socket
EOPNOTSUPP: Final = 95  # Operation not supported
ETIMEDOUT: Final = 110  # Connection timed out
ECONNREFUSED: Final = 111  # Connection refused
