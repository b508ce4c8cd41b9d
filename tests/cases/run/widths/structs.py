"""@struct classes have C layout."""

from runtime.lang import Array, array_field, size_of, struct, u8, u16, u32, u64, zeroed


@struct
class Header:
    magic: u32
    version: u16
    flags: u8
    length: u64


@struct(packed=True)
class Packed:
    tag: u8
    value: u32
    name: Array[u8] = array_field(3)


h = Header(0x1234, 2, 1, 99)
h.length += 1
print(int(h.magic), int(h.version), int(h.flags), int(h.length), size_of(Header), size_of(Packed))
p = zeroed(Packed)
p.value = 0xFFFFFFFF
p.name[1] = u8(66)
print(int(p.tag), int(p.value), bytes(p.name))
